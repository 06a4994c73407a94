# What: cuts the last letter, where it expects a newline.
# Cause: ignores-input
# Line: 9
# Fails: sends_what_was_typed, works_with_the_reference_server
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line = input("Line: ")[:-1]
s.sendto(line.encode(), ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
s.close()
