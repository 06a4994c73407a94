# What: asks for host and port, and "Send to server" for the message.
from socket import *
host = input("Server name [localhost]: ") or "localhost"
port = int(input("Port [12000]: ") or 12000)
sock = socket(AF_INET, SOCK_STREAM); sock.connect((host, port))
sock.send(input("Send to server> ").encode())
print(sock.recv(1024).decode()); sock.close()
