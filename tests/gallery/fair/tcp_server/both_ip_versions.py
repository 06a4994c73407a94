# What: one IPv6 socket that takes IPv4 as well.
import socket

server = socket.create_server(("", 12000), family=socket.AF_INET6, dualstack_ipv6=True)
while True:
    conn, addr = server.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
