# What: loops as long as the message is not empty.
# Cause: quits-on-empty-message
# Line: 10
# Fails: survives_an_empty_datagram
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.bind(("", 12000))
mensaje, cliente = s.recvfrom(2048)
while mensaje:
    s.sendto(mensaje.decode().upper().encode(), cliente)
    mensaje, cliente = s.recvfrom(2048)
