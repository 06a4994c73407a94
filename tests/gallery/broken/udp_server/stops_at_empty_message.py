# What: takes an empty message for the end of a conversation.
# Cause: quits-on-empty-message
# Fails: survives_an_empty_datagram
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("0.0.0.0", 12000))
while True:
    data, address = server.recvfrom(1024)
    if not data:
        break
    server.sendto(data.decode().upper().encode(), address)
server.close()
