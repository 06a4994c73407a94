# What: sends as with UDP, with sendto and an address, and never connects.
# Cause: missing-connect
# Line: 11
# Fails: connects
# Skips: connects_to_port_12000, sends_what_was_typed, sends_other_characters, waits_for_the_line,
#   uses_an_ephemeral_port, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
message = input("message? ")
s.sendto(message.encode(), ("localhost", 12000))
data, addr = s.recvfrom(1024)
print(data.decode())
s.close()
