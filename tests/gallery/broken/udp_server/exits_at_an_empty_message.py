# What: a bare except ends the server at the first letter of an empty message.
# Cause: quits-on-empty-message
# Line: 17
# Fails: survives_an_empty_datagram
import socket
import sys

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12000))
while True:
    try:
        data, peer = server.recvfrom(2048)
        text = data.decode()
        print("First letter:", text[0])
        server.sendto(text.upper().encode(), peer)
    except:
        sys.exit()
