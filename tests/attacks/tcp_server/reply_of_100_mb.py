# What: Answers with 100 MB.
# Earns: starts, binds_port_12000
# Cause: *
from socket import AF_INET, SOCK_STREAM, socket

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen()
while True:
    connection, _ = server.accept()
    message = connection.recv(1024).upper()
    connection.sendall(message + b"x" * (100 << 20))
    connection.close()
