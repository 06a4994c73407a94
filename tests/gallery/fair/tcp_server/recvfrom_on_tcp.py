# What: recvfrom on a connection, as a habit from the UDP lab.
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen(1)
while True:
    connectionSocket, addr = serverSocket.accept()
    sentence, _ = connectionSocket.recvfrom(2048)
    connectionSocket.send(sentence.decode().upper().encode())
    connectionSocket.close()
