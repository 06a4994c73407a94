# What: a socket of the family AF_INET6.
# Cause: wrong-host
# Line: 10
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

sock = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
sock.connect(("localhost", 12000))
sock.sendall(input("> ").encode())
print(sock.recv(1024).decode())
sock.close()
