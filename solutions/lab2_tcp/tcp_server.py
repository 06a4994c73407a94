"""TCP server: answers one message of every client in upper case, for ever.

Stop it with Ctrl+C.
"""

from socket import AF_INET, SOCK_STREAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

# The welcoming socket: clients knock here. It never carries a message itself.
server_socket = socket(AF_INET, SOCK_STREAM)

# The empty host means every interface of this machine: localhost and its address in the network.
server_socket.bind(("", SERVER_PORT))

# From now on the system shakes hands for us, also while we serve somebody else. The 1 is the
# backlog: how many finished handshakes may wait for accept().
server_socket.listen(1)

print("The server is ready to receive")

# A server does not know how many clients will come, or when: it never ends by itself.
while True:
    # accept() waits for a client, and makes a new socket for the conversation with this one.
    connection_socket, client_address = server_socket.accept()

    sentence = connection_socket.recv(1024).decode()

    capitalized_sentence = sentence.upper()
    connection_socket.send(capitalized_sentence.encode())

    # This client has its answer. The welcoming socket stays open for the next one.
    connection_socket.close()
