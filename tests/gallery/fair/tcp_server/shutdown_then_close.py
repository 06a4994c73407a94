# What: says goodbye with shutdown before close.
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(("", 12000))
serverSocket.listen(1)
print("The server is ready to receive")
while True:
    connectionSocket, addr = serverSocket.accept()
    try:
        sentence = connectionSocket.recv(1024).decode()
        connectionSocket.send(sentence.upper().encode())
        connectionSocket.shutdown(SHUT_RDWR)
    except OSError as error:
        print("client went away:", error)
    connectionSocket.close()
