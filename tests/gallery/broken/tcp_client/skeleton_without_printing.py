# What: the skeleton with only its last TODO left.
# Cause: not-started
# Line: 21
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import AF_INET, SOCK_STREAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port of the server's welcoming socket

client_socket = socket(AF_INET, SOCK_STREAM)
client_socket.connect((SERVER_NAME, SERVER_PORT))

sentence = input("Input lowercase sentence: ")

client_socket.send(sentence.encode())
modified_sentence = client_socket.recv(1024)

# TODO 5: show the answer as text, then close the socket
#   The slide prints 'From Server:' before the text.
raise NotImplementedError("TODO 5: show the answer as text, then close the socket")
