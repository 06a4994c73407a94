# What: adds the answer's bytes to a text.
# Cause: missing-decode
# Line: 11
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.sendto(input("message: ").encode(), ("localhost", 12000))
reply, address = sock.recvfrom(2048)
print("The server answered: " + reply)
sock.close()
