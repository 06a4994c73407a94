# What: the skeleton with only its last TODO left.
# Cause: not-started
# Line: 21
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import AF_INET, SOCK_DGRAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port that the server is bound to

client_socket = socket(AF_INET, SOCK_DGRAM)

message = input("Input lowercase sentence: ")

client_socket.sendto(message.encode(), (SERVER_NAME, SERVER_PORT))

modified_message, server_address = client_socket.recvfrom(2048)

# TODO 6: show the answer as text, then close the socket
#   What arrived is bytes: turn it back into text before you print it.
raise NotImplementedError("TODO 6: show the answer as text, then close the socket")
