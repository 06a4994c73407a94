# What: Answers without end: for 20 seconds.
# Earns: starts, binds_port_12000
# Cause: *
import time
from socket import AF_INET, SOCK_STREAM, socket

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen()
piece = b"x" * (1 << 20)
end = time.monotonic() + 20
while time.monotonic() < end:
    connection, _ = server.accept()
    message = connection.recv(1024).upper()
    try:
        while time.monotonic() < end:
            connection.send(piece)
    except OSError:
        continue
