# What: a thread for each connection.
from socket import *
from threading import Thread


def serve(connectionSocket, addr):
    sentence = connectionSocket.recv(1024).decode()
    print(addr, "said", sentence)
    connectionSocket.send(sentence.upper().encode())
    connectionSocket.close()


serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12000))
serverSocket.listen(5)
while True:
    connectionSocket, addr = serverSocket.accept()
    Thread(target=serve, args=(connectionSocket, addr)).start()
