# What: reads until the server closes the connection.
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', 12000))
sentence = input('Input lowercase sentence: ')
clientSocket.sendall(sentence.encode())

pieces = []
while True:
    piece = clientSocket.recv(1024)
    if not piece:
        break
    pieces.append(piece)
print('From Server:', b''.join(pieces).decode())
clientSocket.close()
