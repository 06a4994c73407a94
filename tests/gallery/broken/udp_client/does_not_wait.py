# What: a socket that does not block, read at once after sending.
# Cause: crash
# Line: 12
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.setblocking(False)
line = input("line: ")
sock.sendto(line.encode(), ("127.0.0.1", 12000))
reply, server = sock.recvfrom(2048)
print(reply.decode())
sock.close()
