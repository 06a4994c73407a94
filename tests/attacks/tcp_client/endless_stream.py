# What: Sends without end: for 20 seconds.
# Earns: connects, connects_to_port_12000, uses_an_ephemeral_port
# Cause: *
import time
from socket import AF_INET, SOCK_STREAM, socket

client = socket(AF_INET, SOCK_STREAM)
client.connect(("127.0.0.1", 12000))
end = time.monotonic() + 20
while time.monotonic() < end:
    client.send(b"x" * 65536)
