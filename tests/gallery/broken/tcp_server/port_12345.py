# What: another port than the one asked for.
# Cause: wrong-port
# Line: 8
# Fails: binds_port_12000
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("0.0.0.0", 12345))
server.listen(1)
print("waiting for clients on 12000")
while True:
    conn, addr = server.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
