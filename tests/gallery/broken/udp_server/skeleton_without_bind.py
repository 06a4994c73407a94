# What: the skeleton with the socket made and nothing else.
# Cause: not-started
# Line: 20
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
"""UDP server: answers every datagram with its text in upper case, for ever.

Stop it with Ctrl+C.
"""

from socket import AF_INET, SOCK_DGRAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

server_socket = socket(AF_INET, SOCK_DGRAM)

# TODO 2: bind the socket to the server's port
#   bind() takes one address: the pair of host and port. The host '' means every interface.
raise NotImplementedError("TODO 2: bind the socket to the server's port")

print("The server is ready to receive")

# TODO 3: loop forever
#   What the loop repeats is indented by four spaces: TODO 4 and TODO 5 go inside it.
#   Until they are written, indent their two raise lines.
raise NotImplementedError("TODO 3: loop forever")
