# What: sends the length of the line before the line.
# Cause: ignores-input
# Line: 9
# Fails: sends_what_was_typed, sends_once=sent-more-than-once, works_with_the_reference_server
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
line = input("line: ").encode()
s.sendto(str(len(line)).encode(), ("localhost", 12000))
s.sendto(line, ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
s.close()
