# What: says nothing at all, and reads with the largest buffer there is.
from socket import *
p = 12000
s = socket(AF_INET, SOCK_DGRAM)
s.bind(('', p))
while True:
    m, a = s.recvfrom(65535)
    s.sendto(m.decode().upper().encode(), a)
