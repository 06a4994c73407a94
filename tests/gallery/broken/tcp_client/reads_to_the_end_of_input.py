# What: reads the keyboard to the end of the input, which a person does not give.
# Cause: ignores-input
# Line: 11
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket
import sys

s = socket.create_connection(("localhost", 12000))
text = sys.stdin.read()
s.sendall(text.encode())
print(s.recv(2048).decode())
s.close()
