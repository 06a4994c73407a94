# What: select on the welcoming socket only, and on the latest connection.
# Cause: no-reply
# Line: 18
# Fails: answers_waiting_clients
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
            watched = [s, conn]
        else:
            ready.send(ready.recv(1024).upper())
            ready.close()
            watched = [s]
