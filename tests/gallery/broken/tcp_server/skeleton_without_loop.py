# What: the skeleton with the welcoming socket done and the loop not begun.
# Cause: not-started
# Line: 21
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
from socket import AF_INET, SOCK_STREAM, socket

SERVER_PORT = 12000  # clients have to know this number, so it is fixed

server_socket = socket(AF_INET, SOCK_STREAM)
server_socket.bind(("", SERVER_PORT))
server_socket.listen(1)

print("The server is ready to receive")

# TODO 4: loop forever
#   What the loop repeats is indented by four spaces: TODO 5 to TODO 8 go inside it.
#   Until they are written, indent their four raise lines.
raise NotImplementedError("TODO 4: loop forever")
