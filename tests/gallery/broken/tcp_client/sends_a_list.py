# What: sends the words one by one.
# Cause: ignores-input
# Line: 11
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

sock = socket.create_connection(("localhost", 12000))
for word in input("line: ").split():
    sock.sendall(word.encode())
print("From Server:", sock.recv(1024).decode())
sock.close()
