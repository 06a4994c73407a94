# What: Sends garbage to every port of the arena, the name server's and the grader's own sockets among them.
# Earns: starts, binds_port_12000
# Cause: *
import os
from socket import AF_INET, SOCK_DGRAM, SO_BROADCAST, SOL_SOCKET, socket

server = socket(AF_INET, SOCK_DGRAM)
server.setsockopt(SOL_SOCKET, SO_BROADCAST, 1)
server.bind(("", 12000))
server.setblocking(True)
while True:
    server.recvfrom(2048)
    for port in (53, *range(1, 65536)):
        try:
            server.sendto(os.urandom(16), ("127.0.0.1", port))
        except OSError:
            pass
