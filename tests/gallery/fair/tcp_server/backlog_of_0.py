# What: has a backlog of 0.
from socket import *
sock = socket(AF_INET, SOCK_STREAM); sock.bind(("", 12000)); sock.listen(0)
while True:
    c, a = sock.accept(); c.send(c.recv(1024).upper()); c.close()
