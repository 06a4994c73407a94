# What: Shows the answer, and then shuts the connection down without saying which way.
# Cause: crash
# Line: 13
# Fails: ends
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 12000))
s.send(input("text? ").encode())
answer = s.recv(1024).decode()
print("The server says:", answer)

s.shutdown()
s.close()
