# What: shuts both directions down before it has its answer.
# Cause: reply-not-printed
# Line: 10
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

s = socket.create_connection(("localhost", 12000))
s.sendall(input("line: ").encode())
s.shutdown(socket.SHUT_RDWR)
print("From Server:", s.recv(1024).decode())
s.close()
