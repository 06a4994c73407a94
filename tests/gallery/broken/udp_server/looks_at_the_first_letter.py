# What: looks at the message's first letter, which an empty message does not have.
# Cause: crash
# Line: 12
# Fails: survives_an_empty_datagram
from socket import *

sock = socket(AF_INET, SOCK_DGRAM)
sock.bind(('', 12000))
while True:
    data, addr = sock.recvfrom(2048)
    text = data.decode()
    if text[0].isupper():
        print("starts with a capital")
    sock.sendto(text.upper().encode(), addr)
