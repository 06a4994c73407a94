# What: the child closes the connection, the parent keeps its own copy open.
# Cause: connection-not-closed
# Line: 15
# Fails: closes_the_connection
import os
import signal
import socket

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
welcoming = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
welcoming.bind(("", 12000))
welcoming.listen(5)
served = []
while True:
    conn, addr = welcoming.accept()
    served.append(conn)
    if os.fork() == 0:
        conn.sendall(conn.recv(1024).upper())
        conn.close()
        os._exit(0)
