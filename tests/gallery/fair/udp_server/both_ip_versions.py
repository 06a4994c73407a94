# What: one IPv6 socket that takes IPv4 as well.
import socket

server = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
server.bind(("::", 12000))
print("ready for both IP versions")

while True:
    message, address = server.recvfrom(2048)
    server.sendto(message.decode().upper().encode(), address)
