# What: socket.create_server, and with for both sockets.
import socket

with socket.create_server(("", 12000)) as welcoming:
    while True:
        connection, address = welcoming.accept()
        with connection:
            connection.sendall(connection.recv(1024).upper())
