"""UDP server: answers every datagram with its text in upper case, for ever.

Stop it with Ctrl+C.
"""

from socket import AF_INET, SOCK_DGRAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

# TODO 1: create a UDP socket
#   Call it server_socket.
raise NotImplementedError("TODO 1: create a UDP socket")

# TODO 2: bind the socket to the server's port
#   bind() takes one address: the pair of host and port. The host '' means every interface.
raise NotImplementedError("TODO 2: bind the socket to the server's port")

print("The server is ready to receive")

# TODO 3: loop forever
#   What the loop repeats is indented by four spaces: TODO 4 and TODO 5 go inside it.
#   Until they are written, indent their two raise lines.
raise NotImplementedError("TODO 3: loop forever")

# TODO 4: inside the loop: receive a datagram of up to 2048 bytes
#   recvfrom() returns two things: the bytes, and the address of the client that sent them.
raise NotImplementedError("TODO 4: inside the loop: receive a datagram of up to 2048 bytes")

# TODO 5: inside the loop: send the text in upper case back to this client
#   From bytes to text, to upper case, and to bytes again; then sendto() the client's address.
raise NotImplementedError("TODO 5: inside the loop: send the text in upper case back to this client")
