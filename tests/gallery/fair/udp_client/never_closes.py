# What: ends without closing its socket.
# Findings: close-not-called
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.sendto(input().encode(), ('localhost', 12000))
print(s.recvfrom(2048)[0].decode())
