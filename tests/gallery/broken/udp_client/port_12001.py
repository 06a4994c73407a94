# What: the port is one too high.
# Cause: wrong-port
# Line: 9
# Fails: sends_to_port_12000
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
msg = input("Enter a message: ")
s.sendto(msg.encode(), ("127.0.0.1", 12001))
reply, addr = s.recvfrom(1024)
print(reply.decode())
s.close()
