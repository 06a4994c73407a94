# What: binds a port of its own choice.
# Cause: client-binds-port
# Line: 8
# Fails: uses_an_ephemeral_port
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("0.0.0.0", 5005))
line = input("message: ")
sock.sendto(line.encode(), ("127.0.0.1", 12000))
reply, server = sock.recvfrom(2048)
print(reply.decode())
sock.close()
