# What: a bare except that goes on for ever once the input has ended.
# Cause: hang
# Fails: ends
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
while True:
    try:
        message = input("> ")
        s.sendto(message.encode(), ("localhost", 12000))
        print(s.recvfrom(2048)[0].decode())
    except:
        continue
