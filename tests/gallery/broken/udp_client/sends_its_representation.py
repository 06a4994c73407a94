# What: sends the line as Python writes it, with quotes.
# Cause: extra-text
# Line: 8
# Fails: sends_what_was_typed
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(repr(input("文を入力してください: ")).encode(), ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
s.close()
