# What: waits for the answer in select, and asks until an empty line.
import select
from socket import *
sock = socket(AF_INET, SOCK_DGRAM)
while True:
    line = input("> ")
    if not line: break
    sock.sendto(line.encode(), ("localhost", 12000))
    select.select([sock], [], []); print(sock.recv(2048).decode())
sock.close()
