# What: asks for its port, and takes 12000 for an empty line.
from socket import *
port = int(input("Port: ") or 12000)
sock = socket(AF_INET, SOCK_STREAM); sock.bind(("", port)); sock.listen(1)
while True:
    c, a = sock.accept(); c.send(c.recv(1024).upper()); c.close()
