# What: reads the keyboard to the end of the input, which a person does not give.
# Cause: ignores-input
# Line: 9
# Fails: sends_what_was_typed
import socket
import sys

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
text = sys.stdin.read()
s.sendto(text.encode(), ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
s.close()
