# What: a receive that has room for no bytes.
# Cause: buffer-too-small
# Line: 15
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

BUFFER = 0
server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
while True:
    connection, client_address = server.accept()
    data = connection.recv(BUFFER)
    connection.send(data.decode().upper().encode())
    connection.close()
