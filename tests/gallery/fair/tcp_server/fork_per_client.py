# What: a child process for each connection, reaped by the system.
import os
import signal
import socket

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(8)

while True:
    conn, peer = server.accept()
    pid = os.fork()
    if pid == 0:
        server.close()
        conn.sendall(conn.recv(1024).decode().upper().encode())
        conn.close()
        os._exit(0)
    conn.close()
