# What: the skeleton, filled in as far as receiving.
# Cause: not-started
# Line: 26
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import AF_INET, SOCK_STREAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

server_socket = socket(AF_INET, SOCK_STREAM)

server_socket.bind(("", SERVER_PORT))

server_socket.listen(1)

print("The server is ready to receive")

while True:
    connection_socket, client_address = server_socket.accept()

    sentence = connection_socket.recv(1024).decode()

    # TODO 7: inside the loop: send the sentence back in upper case
    #   Into the same connection: no address is needed.
    raise NotImplementedError("TODO 7: inside the loop: send the sentence back in upper case")

    # TODO 8: inside the loop: close the connection to this client
    #   Not the welcoming socket: the next client needs it.
    raise NotImplementedError("TODO 8: inside the loop: close the connection to this client")
