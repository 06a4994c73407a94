# What: sends a message of its own and never asks for one.
# Cause: ignores-input
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("localhost", 12000))
sock.sendall("hello world".encode())
print("From Server:", sock.recv(1024).decode())
sock.close()
