# What: an empty sentence ends the whole server.
# Cause: quits-on-empty-message
# Fails: survives_a_silent_client
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen(1)
print("The server is ready to receive")
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence = connectionSocket.recv(1024).decode()
    if sentence == "":
        break
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()
serverSocket.close()
