# What: Sends its answer a byte a second.
# Earns: starts, binds_port_12000
# Cause: *
import time
from socket import AF_INET, SOCK_STREAM, socket

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen()
while True:
    connection, _ = server.accept()
    for byte in connection.recv(1024).decode().upper().encode()[:25]:
        connection.send(bytes([byte]))
        time.sleep(1)
    connection.close()
