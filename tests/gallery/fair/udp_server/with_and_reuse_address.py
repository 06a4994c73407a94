# What: a with statement, and SO_REUSEADDR set before bind.
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("", 12000))
    print("ready")
    while True:
        data, client = server.recvfrom(2048)
        server.sendto(data.decode().upper().encode(), client)
