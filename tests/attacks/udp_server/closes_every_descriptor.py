# What: Closes everything that it has, then serves.
# Earns: everything
import os
from socket import AF_INET, SOCK_DGRAM, socket

os.closerange(0, 512)
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 12000))
while True:
    message, client = server.recvfrom(2048)
    server.sendto(message.decode().upper().encode(), client)
