# What: the skeleton, filled in as far as the keyboard.
# Cause: not-started
# Line: 23
# Fails: sends_a_datagram
# Skips: sends_to_port_12000, sends_what_was_typed, sends_once, waits_for_the_line, uses_an_ephemeral_port,
#   shows_the_answer, shows_text, shows_a_long_answer, ends, works_with_the_reference_server
"""UDP client: sends one typed line to the server and shows the answer.

Start udp_server.py first, in another terminal.
"""

from socket import AF_INET, SOCK_DGRAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port that the server is bound to

client_socket = socket(AF_INET, SOCK_DGRAM)

message = input("Input lowercase sentence: ")

# TODO 4: send the line to the server
#   sendto() takes bytes, not text, and then one address: the pair of name and port.
raise NotImplementedError("TODO 4: send the line to the server")

# TODO 5: receive the answer, with room for 2048 bytes
#   recvfrom() returns two things: the bytes, and the address they came from.
raise NotImplementedError("TODO 5: receive the answer, with room for 2048 bytes")
