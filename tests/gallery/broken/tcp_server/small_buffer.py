# What: a buffer of 512 bytes, which cuts longer sentences.
# Cause: buffer-too-small
# Line: 12
# Fails: answers_short_and_long
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence = connectionSocket.recv(512).decode()
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()
