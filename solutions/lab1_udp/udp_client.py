"""UDP client: sends one typed line to the server and shows the answer.

Start udp_server.py first, in another terminal.
"""

from socket import AF_INET, SOCK_DGRAM, socket

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port that the server is bound to

# A client does not bind: the system lends it a free (ephemeral) port with the first datagram,
# and the server finds that port in the datagram it receives.
client_socket = socket(AF_INET, SOCK_DGRAM)

message = input("Input lowercase sentence: ")

# A socket carries bytes, so the text is encoded. Nothing connects the two ends: every datagram
# has to be told where it goes.
client_socket.sendto(message.encode(), (SERVER_NAME, SERVER_PORT))

# 2048 is the room for the answer: of a longer datagram the rest would be thrown away.
modified_message, server_address = client_socket.recvfrom(2048)

# The answer is bytes too: without decode() the screen would show b'...'.
print(modified_message.decode())
client_socket.close()
