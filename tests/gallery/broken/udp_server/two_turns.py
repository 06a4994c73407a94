# What: a for loop where a while belongs.
# Cause: one-client-only
# Line: 9
# Fails: answers_again, answers_several_clients, answers_once
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 12000))
for turn in range(2):
    data, addr = s.recvfrom(2048)
    s.sendto(data.upper(), addr)
