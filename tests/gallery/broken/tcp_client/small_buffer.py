# What: room for 256 bytes of the answer.
# Cause: buffer-too-small
# Fails: shows_a_long_answer
import socket

BUFFER = 256

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 12000))
s.sendall(input("Sentence: ").encode())
print("From Server:", s.recv(BUFFER).decode())
s.close()
