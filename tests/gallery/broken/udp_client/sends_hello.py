# What: sends hello, whatever was typed.
# Cause: ignores-input
# Line: 9
# Fails: sends_what_was_typed, works_with_the_reference_server
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
text = input("Say something: ")
s.sendto(b"hello", ("localhost", 12000))
reply, server = s.recvfrom(2048)
print(reply.decode())
s.close()
