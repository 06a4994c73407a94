"""UDP server: answers every datagram with its text in upper case, for ever.

Stop it with Ctrl+C.
"""

from socket import AF_INET, SOCK_DGRAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

server_socket = socket(AF_INET, SOCK_DGRAM)

# The empty host means every interface of this machine: localhost and its address in the network.
server_socket.bind(("", SERVER_PORT))

print("The server is ready to receive")

# A server does not know how many clients will come, or when: it never ends by itself.
while True:
    # One socket serves all clients. The address says which of them this datagram is from.
    message, client_address = server_socket.recvfrom(2048)

    # Bytes arrive and bytes leave; upper() works on the text between them.
    modified_message = message.decode().upper()
    server_socket.sendto(modified_message.encode(), client_address)
