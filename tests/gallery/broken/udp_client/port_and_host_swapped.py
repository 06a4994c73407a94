# What: gives the port first.
# Cause: port-not-int
# Line: 11
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

SERVER = (12000, "localhost")
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(input("line: ").encode(), SERVER)
print(s.recvfrom(2048)[0].decode())
