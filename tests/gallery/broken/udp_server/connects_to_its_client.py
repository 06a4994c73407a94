# What: connects its socket to the first client.
# Cause: stuck-on-first-client
# Line: 11
# Fails: answers_several_clients, answers_once
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
while True:
    data, addr = s.recvfrom(2048)
    s.connect(addr)
    s.send(data.upper())
