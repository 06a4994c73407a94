# What: prints the answer together with its address.
# Cause: tuple-not-unpacked
# Fails: shows_text
from socket import *
s = socket(AF_INET, SOCK_DGRAM)
s.sendto(input('Enter: ').encode(), ('localhost', 12000))
reply = s.recvfrom(2048)
print(reply)
s.close()
