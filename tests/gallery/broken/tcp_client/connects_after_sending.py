# What: connects only after it has tried to send.
# Cause: missing-connect
# Line: 11
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket

def ask(sock, line):
    sock.sendall(line.encode())
    return sock.recv(1024).decode()

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
line = input("Type: ")
answer = ask(sock, line)
sock.connect(("localhost", 12000))
print(answer)
sock.close()
