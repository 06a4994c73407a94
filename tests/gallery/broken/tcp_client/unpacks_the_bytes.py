# What: unpacks what recv returns as if it were a pair.
# Cause: crash
# Line: 10
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

sock = socket.create_connection(("localhost", 12000))
sock.sendall(input("line: ").encode())
data, addr = sock.recv(1024)
print("From Server:", data.decode())
sock.close()
