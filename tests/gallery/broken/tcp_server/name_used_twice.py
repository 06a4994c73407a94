# What: one name for the welcoming socket and for the connection.
# Cause: welcoming-socket-closed
# Line: 11
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.bind(("", 12000))
s.listen(1)
while True:
    s, addr = s.accept()
    s.send(s.recv(1024).decode().upper().encode())
    s.close()
