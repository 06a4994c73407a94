# What: reads until it has as many bytes as it sent.
from socket import *
sock = socket(AF_INET, SOCK_STREAM)
sock.connect(("localhost", 12000))
message = input("> ").encode(); sock.sendall(message); data = b""
while len(data) < len(message):
    data += sock.recv(16)
print(data.decode())
sock.close()
