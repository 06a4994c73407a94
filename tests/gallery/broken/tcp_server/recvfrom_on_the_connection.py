# What: recvfrom instead of recv, and its pair kept whole.
# Cause: tuple-not-unpacked
# Line: 13
# Fails: answers_one_message
# Skips: answers_several_clients, answers_waiting_clients, keeps_other_characters, answers_short_and_long,
#   survives_a_silent_client, closes_the_connection, keeps_welcoming
from socket import *
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence = connectionSocket.recvfrom(1024).decode()
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()
