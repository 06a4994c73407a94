# What: an address found on the Internet.
# Cause: wrong-host
# Line: 9
# Fails: sends_to_port_12000
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
text = input('text: ')
s.sendto(text.encode(), ('8.8.8.8', 12000))
answer, server = s.recvfrom(2048)
print(answer.decode())
s.close()
