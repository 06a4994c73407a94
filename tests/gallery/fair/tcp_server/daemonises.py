# What: binds first, then goes into the background, and serves from there.
import os
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(5)
print("going into the background", flush=True)

if os.fork():
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)

while True:
    conn, _ = server.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
