# What: Sends datagrams without end: for 20 seconds.
# Earns: sends_a_datagram, sends_to_port_12000, uses_an_ephemeral_port
# Cause: *
import time
from socket import AF_INET, SOCK_DGRAM, socket

client = socket(AF_INET, SOCK_DGRAM)
end = time.monotonic() + 20
while time.monotonic() < end:
    try:
        client.sendto(b"x" * 1000, ("127.0.0.1", 12000))
    except OSError:
        pass
