# What: one datagram for each letter.
# Cause: sent-more-than-once
# Fails: sends_what_was_typed, sends_once, works_with_the_reference_server
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for letter in input("Sentence: "):
    s.sendto(letter.encode(), ("localhost", 12000))
reply, address = s.recvfrom(2048)
print(reply.decode())
s.close()
