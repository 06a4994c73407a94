# What: takes a fixed port that the system could have chosen too.
# Cause: client-binds-port
# Line: 8
# Fails: uses_an_ephemeral_port
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 50123))
text = input("Message? ")
s.sendto(text.encode(), ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
s.close()
