# What: prints the method instead of what it returns.
# Cause: reply-not-printed
# Line: 11
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
s.sendto(input("Satz: ").encode(), ("localhost", 12000))
reply, peer = s.recvfrom(2048)
print(reply.decode)
s.close()
