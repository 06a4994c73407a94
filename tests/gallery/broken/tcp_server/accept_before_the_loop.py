# What: accepts once, before the loop, and then reads from the connection it has closed.
# Cause: stuck-on-first-client
# Line: 11
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
from socket import *
serverPort = 12000
serverSocket = socket(AF_INET,SOCK_STREAM)
serverSocket.bind(('',serverPort))
serverSocket.listen(1)
print ("The server is ready to receive")
connectionSocket, addr = serverSocket.accept()
while True:
    sentence = connectionSocket.recv(1024).decode()
    capitalizedSentence = sentence.upper()
    connectionSocket.send(capitalizedSentence.encode())
    connectionSocket.close()
