# What: listens for IPv6 first, computes for a while, and then for IPv4, as asyncio opens one after the other.
import select
import socket

six = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
six.bind(("::", 12000))
six.listen()
sum(number * number for number in range(400_000))
four = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
four.bind(("", 12000))
four.listen()
while True:
    for ready in select.select([six, four], [], [])[0]:
        connection, _ = ready.accept()
        with connection:
            connection.sendall(connection.recv(1024).upper())
