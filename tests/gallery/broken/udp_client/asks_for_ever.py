# What: asks for one line after the other and sends none of them.
# Cause: nothing-sent
# Line: 12
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
lines = []
while True:
    line = input("Next line: ")
    lines.append(line)
