# What: imports the module, sets SO_REUSEADDR, uses sendall.
import socket

HOST = ""
PORT = 12000

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((HOST, PORT))
s.listen()
print("listening on port", PORT)

while True:
    conn, addr = s.accept()
    print("connection from", addr)
    data = conn.recv(4096)
    conn.sendall(data.decode().upper().encode())
    conn.close()
