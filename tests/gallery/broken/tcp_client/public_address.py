# What: an address of somebody else's server.
# Cause: wrong-host
# Line: 7
# Fails: connects_to_port_12000
import socket

with socket.create_connection(("8.8.8.8", 12000)) as sock:
    sock.sendall(input("Sentence: ").encode())
    print("Answer:", sock.recv(1024).decode())
