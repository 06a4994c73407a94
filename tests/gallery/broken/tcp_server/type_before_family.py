# What: the type of the socket in the place of its family.
# Cause: wrong-socket-type
# Line: 10
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_several_clients, answers_waiting_clients,
#   keeps_other_characters, answers_short_and_long, survives_a_silent_client, closes_the_connection,
#   keeps_welcoming
from socket import *
serverPort = 12000
serverSocket = socket(SOCK_STREAM, AF_INET)
serverSocket.bind(('', serverPort))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence = connectionSocket.recv(1024).decode()
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()
