# What: gives create_connection two arguments.
# Cause: address-not-tuple
# Line: 10
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

s = socket.create_connection("localhost", 12000)
s.sendall(input("line: ").encode())
print("From Server:", s.recv(1024).decode())
s.close()
