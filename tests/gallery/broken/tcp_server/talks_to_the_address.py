# What: receives from the address that accept returned, not from the connection.
# Cause: crash
# Line: 14
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
while True:
    connection, client_address = server.accept()
    data = client_address.recv(1024)
    connection.send(data.decode().upper().encode())
    connection.close()
