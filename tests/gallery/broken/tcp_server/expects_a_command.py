# What: expects a command and its argument with a colon between them.
# Cause: crash
# Line: 14
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

server = socket(AF_INET, SOCK_STREAM)
server.bind(('', 12000))
server.listen(1)
while True:
    connection, client = server.accept()
    command, argument = connection.recv(1024).decode().split(":")
    if command == "upper":
        connection.send(argument.upper().encode())
    connection.close()
