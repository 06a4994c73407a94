"""UDP client: sends one typed line to the server and shows the answer.

Start udp_server.py first, in another terminal.
"""

# TODO 1: include Python's socket library
#   The names used below are AF_INET, SOCK_DGRAM and socket.
raise NotImplementedError("TODO 1: include Python's socket library")

SERVER_NAME = "localhost"  # this machine; replace it to reach a server on another one
SERVER_PORT = 12000  # the port that the server is bound to

# TODO 2: create a UDP socket
#   Two constants say which: the IPv4 family, and the type for datagrams. Call it client_socket.
raise NotImplementedError("TODO 2: create a UDP socket")

# TODO 3: get a line from the keyboard
#   input() shows a prompt and returns the line as text.
raise NotImplementedError("TODO 3: get a line from the keyboard")

# TODO 4: send the line to the server
#   sendto() takes bytes, not text, and then one address: the pair of name and port.
raise NotImplementedError("TODO 4: send the line to the server")

# TODO 5: receive the answer, with room for 2048 bytes
#   recvfrom() returns two things: the bytes, and the address they came from.
raise NotImplementedError("TODO 5: receive the answer, with room for 2048 bytes")

# TODO 6: show the answer as text, then close the socket
#   What arrived is bytes: turn it back into text before you print it.
raise NotImplementedError("TODO 6: show the answer as text, then close the socket")
