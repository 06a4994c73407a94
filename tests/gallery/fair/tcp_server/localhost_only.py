# What: binds 127.0.0.1 instead of every interface.
# Findings: wrong-host
import socket

TCP_IP = "127.0.0.1"
TCP_PORT = 12000
BUFFER_SIZE = 1024

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind((TCP_IP, TCP_PORT))
s.listen(1)
while 1:
    conn, addr = s.accept()
    data = conn.recv(BUFFER_SIZE)
    conn.send(data.decode().upper().encode())
    conn.close()
