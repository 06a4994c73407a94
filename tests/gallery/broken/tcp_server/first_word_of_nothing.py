# What: prints the first word, which a client that leaves without a word does not send.
# Cause: crash
# Line: 13
# Fails: survives_a_silent_client
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence = connectionSocket.recv(1024).decode()
    print("first word:", sentence.split()[0])
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()
