# What: the skeleton with its last TODO still in place.
# Cause: not-started
# Line: 27
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
"""UDP server: answers every datagram with its text in upper case, for ever.

Stop it with Ctrl+C.
"""

from socket import AF_INET, SOCK_DGRAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

server_socket = socket(AF_INET, SOCK_DGRAM)

server_socket.bind(("", SERVER_PORT))

print("The server is ready to receive")

while True:
    message, client_address = server_socket.recvfrom(2048)

    # TODO 5: inside the loop: send the text in upper case back to this client
    #   From bytes to text, to upper case, and to bytes again; then sendto() the client's address.
    raise NotImplementedError("TODO 5: inside the loop: send the text in upper case back to this client")
