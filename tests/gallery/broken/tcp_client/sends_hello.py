# What: sends hello, whatever was typed.
# Cause: ignores-input
# Line: 12
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.connect(("localhost", 12000))
text = input("Say something: ")
s.sendall(b"hello")
print("From Server:", s.recv(1024).decode())
s.close()
