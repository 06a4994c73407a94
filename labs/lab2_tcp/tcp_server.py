"""TCP server: answers one message of every client in upper case, for ever.

Stop it with Ctrl+C.
"""

from socket import AF_INET, SOCK_STREAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

# TODO 1: create the TCP welcoming socket
#   Call it server_socket.
raise NotImplementedError("TODO 1: create the TCP welcoming socket")

# TODO 2: bind the welcoming socket to the server's port
#   As in lab 1: one address, and '' for every interface.
raise NotImplementedError("TODO 2: bind the welcoming socket to the server's port")

# TODO 3: begin to listen for clients
#   The slide's backlog is 1.
raise NotImplementedError("TODO 3: begin to listen for clients")

print("The server is ready to receive")

# TODO 4: loop forever
#   What the loop repeats is indented by four spaces: TODO 5 to TODO 8 go inside it.
#   Until they are written, indent their four raise lines.
raise NotImplementedError("TODO 4: loop forever")

# TODO 5: inside the loop: wait for a client and accept it
#   accept() returns two things: a new socket for this client only, and the client's address.
raise NotImplementedError("TODO 5: inside the loop: wait for a client and accept it")

# TODO 6: inside the loop: receive the sentence, up to 1024 bytes
#   On which of the two sockets does this client's text arrive?
raise NotImplementedError("TODO 6: inside the loop: receive the sentence, up to 1024 bytes")

# TODO 7: inside the loop: send the sentence back in upper case
#   Into the same connection: no address is needed.
raise NotImplementedError("TODO 7: inside the loop: send the sentence back in upper case")

# TODO 8: inside the loop: close the connection to this client
#   Not the welcoming socket: the next client needs it.
raise NotImplementedError("TODO 8: inside the loop: close the connection to this client")
