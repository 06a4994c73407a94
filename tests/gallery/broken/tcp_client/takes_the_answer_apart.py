# What: expects a colon in the answer.
# Cause: crash
# Line: 12
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("localhost", 12000))
sock.sendall(input("Sentence: ").encode())
answer = sock.recv(1024).decode()
print(answer.split(":")[1])
sock.close()
