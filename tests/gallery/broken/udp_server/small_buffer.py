# What: a buffer of 256 bytes, which cuts longer messages.
# Cause: buffer-too-small
# Fails: answers_short_and_long
import socket

BUFSIZE = 256
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 12000))
while True:
    data, addr = sock.recvfrom(BUFSIZE)
    sock.sendto(data.decode().upper().encode(), addr)
