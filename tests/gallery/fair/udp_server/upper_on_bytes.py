# What: never decodes: bytes have upper() too.
from socket import socket, AF_INET, SOCK_DGRAM

sock = socket(AF_INET, SOCK_DGRAM)
sock.bind(("", 12000))
while 1:
    msg, who = sock.recvfrom(4096)
    sock.sendto(msg.upper(), who)
