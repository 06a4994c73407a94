# What: select on a connection that it has closed.
# Cause: crash
# Line: 13
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
import select
import socket

s = socket.socket()
s.bind(("", 12000))
s.listen()
watched = [s]
while True:
    for ready in select.select(watched, [], [])[0]:
        if ready is s:
            conn, addr = s.accept()
            watched.append(conn)
        else:
            ready.send(ready.recv(1024).upper())
            ready.close()
