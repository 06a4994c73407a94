"""TCP client: connects to the server, sends one typed line and shows the answer.

Start tcp_server.py first, in another terminal: without it there is nothing to connect to.
"""

from socket import AF_INET, SOCK_STREAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port of the server's welcoming socket

# TODO 1: create a TCP socket
#   As in lab 1, with the type for streams. Call it client_socket.
raise NotImplementedError("TODO 1: create a TCP socket")

# TODO 2: connect the socket to the server
#   connect() takes one address: the pair of name and port.
raise NotImplementedError("TODO 2: connect the socket to the server")

sentence = input("Input lowercase sentence: ")

# TODO 3: send the sentence to the server
#   send() takes bytes, not text. There is no need to attach the server's name and port.
raise NotImplementedError("TODO 3: send the sentence to the server")

# TODO 4: receive the answer, with room for 1024 bytes
#   recv() returns one thing, the bytes: the address is known.
raise NotImplementedError("TODO 4: receive the answer, with room for 1024 bytes")

# TODO 5: show the answer as text, then close the socket
#   The slide prints 'From Server:' before the text.
raise NotImplementedError("TODO 5: show the answer as text, then close the socket")
