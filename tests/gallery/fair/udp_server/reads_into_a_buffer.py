# What: recvfrom_into, with one buffer for all messages.
import socket

buffer = bytearray(2048)
view = memoryview(buffer)

sock = socket.socket(type=socket.SOCK_DGRAM)
sock.bind(("", 12000))
print("waiting...")

while True:
    size, sender = sock.recvfrom_into(buffer)
    sock.sendto(bytes(view[:size]).upper(), sender)
