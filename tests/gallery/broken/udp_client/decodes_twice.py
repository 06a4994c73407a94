# What: decodes the answer, and then decodes the text.
# Cause: encode-on-bytes
# Line: 11
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
    s.sendto(input("? ").encode(), ("localhost", 12000))
    answer = s.recv(2048).decode()
    print("Answer:", answer.decode())
