# What: sends with one socket and waits for the answer at another.
# Cause: reply-not-printed
# Line: 11
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

outgoing = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
incoming = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
outgoing.sendto(input("¿Frase? ").encode(), ("localhost", 12000))
answer, where = incoming.recvfrom(2048)
print(answer.decode())
