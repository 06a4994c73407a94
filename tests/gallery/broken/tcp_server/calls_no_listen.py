# What: names listen without calling it.
# Cause: missing-listen
# Line: 11
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
from socket import *
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen
print('The server is ready to receive')
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence = connectionSocket.recv(1024).decode()
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()
