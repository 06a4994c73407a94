# What: sends the typed text without encoding it.
# Cause: missing-encode
# Line: 12
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 12000))
message = input("Enter message: ")
s.sendall(message)
print(s.recv(1024).decode())
s.close()
