# What: Answers a datagram with datagrams without end: for 20 seconds.
# Earns: starts, binds_port_12000
# Cause: *
import time
from socket import AF_INET, SOCK_DGRAM, socket

server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 12000))
message, client = server.recvfrom(2048)
end = time.monotonic() + 20
while time.monotonic() < end:
    try:
        server.sendto(b"no", client)
    except OSError:
        pass
