# What: Answers with urgent data, and resets the connection.
# Earns: starts, binds_port_12000
# Cause: *
import struct
from socket import AF_INET, MSG_OOB, SO_LINGER, SOCK_STREAM, SOL_SOCKET, socket

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen()
while True:
    connection, _ = server.accept()
    connection.send(b"!", MSG_OOB)
    connection.recv(10)
    connection.send(b"garbage\0\x1b[2J", MSG_OOB)
    connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
