# What: accept wakes up every second so that Ctrl-C works on Windows.
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
server.settimeout(1)
while True:
    try:
        conn, addr = server.accept()
    except socket.timeout:
        continue
    conn.settimeout(None)
    conn.send(conn.recv(1024).decode().upper().encode())
    conn.close()
