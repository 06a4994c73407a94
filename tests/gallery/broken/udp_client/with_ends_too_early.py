# What: receives after the end of with.
# Cause: crash
# Line: 10
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.sendto(input("line: ").encode(), ("localhost", 12000))
reply, _ = s.recvfrom(2048)
print(reply.decode())
