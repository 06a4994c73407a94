# What: shows HELLO, whatever the server answered.
# Cause: reply-not-printed
# Line: 12
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *

s = socket(AF_INET, SOCK_DGRAM)
text = input("Say something: ")
s.sendto(text.encode(), ("localhost", 12000))
reply, server = s.recvfrom(2048)
print("HELLO")
s.close()
