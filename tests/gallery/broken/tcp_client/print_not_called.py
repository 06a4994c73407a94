# What: formats the answer and never prints it.
# Cause: reply-not-printed
# Line: 10
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

sock = socket.create_connection(("localhost", 12000))
sock.sendall(input("line: ").encode())
"From Server: {}".format(sock.recv(1024).decode())
sock.close()
