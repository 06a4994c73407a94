# What: socket.create_connection in a with statement.
import socket

with socket.create_connection(("localhost", 12000)) as sock:
    sock.sendall(bytes(input("? "), "ascii"))
    print(str(sock.recv(1024), "ascii"))
