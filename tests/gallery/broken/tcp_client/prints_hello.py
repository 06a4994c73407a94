# What: shows HELLO, whatever the server answered.
# Cause: reply-not-printed
# Line: 13
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.connect(("localhost", 12000))
text = input("Say something: ")
s.send(text.encode())
reply = s.recv(1024)
print("From Server: HELLO")
s.close()
