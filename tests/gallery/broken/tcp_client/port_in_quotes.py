# What: the port is text.
# Cause: port-not-int
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

SERVER = ("localhost", "12000")

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(SERVER)
sock.sendall(input("Sentence: ").encode())
print("From Server:", sock.recv(1024).decode())
sock.close()
