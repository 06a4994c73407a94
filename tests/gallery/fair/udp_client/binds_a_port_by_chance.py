# What: binds a port drawn at random, below those that the system chooses from.
import random
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", random.randint(13000, 30000)))
text = input("Message? ")
s.sendto(text.encode(), ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
s.close()
