# What: writes the host as an address of the web.
# Cause: wrong-host
# Line: 12
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

url = "http://localhost"
with socket.socket() as sock:
    sock.connect((url, 12000))
    sock.sendall(input("line: ").encode())
    print("From Server:", sock.recv(1024).decode())
