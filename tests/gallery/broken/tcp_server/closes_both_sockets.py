# What: closes the connection, and the welcoming socket too.
# Cause: welcoming-socket-closed
# Line: 14
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("", 12000))
s.listen(1)
while True:
    conn, addr = s.accept()
    conn.sendall(conn.recv(1024).decode().upper().encode())
    conn.close()
    s.close()
