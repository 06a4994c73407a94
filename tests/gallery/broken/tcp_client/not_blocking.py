# What: makes its socket non-blocking before it connects.
# Cause: crash
# Line: 11
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

s = socket.socket()
s.setblocking(False)
s.connect(("localhost", 12000))
s.sendall(input("line: ").encode())
print("From Server:", s.recv(1024).decode())
