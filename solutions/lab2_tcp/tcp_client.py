"""TCP client: connects to the server, sends one typed line and shows the answer.

Start tcp_server.py first, in another terminal: without it there is nothing to connect to.
"""

from socket import AF_INET, SOCK_STREAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port of the server's welcoming socket

client_socket = socket(AF_INET, SOCK_STREAM)

# Comes back when the two systems have shaken hands, before the server's program has done anything.
client_socket.connect((SERVER_NAME, SERVER_PORT))

sentence = input("Input lowercase sentence: ")

# No address this time: the connection knows where its other end is.
client_socket.send(sentence.encode())

# A stream has no messages, only bytes in order: this takes what has arrived, at most 1024 of them.
# One call is enough here because the answer is short and sent in one go.
modified_sentence = client_socket.recv(1024)

print("From Server:", modified_sentence.decode())
client_socket.close()
