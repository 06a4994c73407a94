# What: imports a module that does not exist.
# Cause: crash
# Line: 7
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
import sockets

s = sockets.socket(sockets.AF_INET, sockets.SOCK_DGRAM)
s.sendto(input().encode(), ("localhost", 12000))
print(s.recvfrom(2048)[0].decode())
