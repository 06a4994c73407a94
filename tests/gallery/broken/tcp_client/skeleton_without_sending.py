# What: the skeleton, filled in as far as connect.
# Cause: not-started
# Line: 20
# Fails: sends_what_was_typed
# Skips: sends_other_characters, waits_for_the_line, shows_the_answer, shows_text, shows_a_long_answer, ends,
#   works_with_the_reference_server
from socket import AF_INET, SOCK_STREAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port of the server's welcoming socket

client_socket = socket(AF_INET, SOCK_STREAM)

client_socket.connect((SERVER_NAME, SERVER_PORT))

sentence = input("Input lowercase sentence: ")

# TODO 3: send the sentence to the server
#   send() takes bytes, not text. There is no need to attach the server's name and port.
raise NotImplementedError("TODO 3: send the sentence to the server")

# TODO 4: receive the answer, with room for 1024 bytes
#   recv() returns one thing, the bytes: the address is known.
raise NotImplementedError("TODO 4: receive the answer, with room for 1024 bytes")
