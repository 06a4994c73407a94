# What: sets the encoding of its screen.
import sys
from socket import *
sys.stdout.reconfigure(encoding="utf-8")
sock = socket(AF_INET, SOCK_STREAM)
sock.connect(("localhost", 12000))
sock.send(input("> ").encode())
print(sock.recv(1024).decode())
sock.close()
