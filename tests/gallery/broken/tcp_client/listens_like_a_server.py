# What: binds and listens like a server.
# Cause: client-binds-port
# Line: 11
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("", 12000))
s.listen(1)
conn, addr = s.accept()
conn.send(input("line: ").encode())
print("From Server:", conn.recv(1024).decode())
