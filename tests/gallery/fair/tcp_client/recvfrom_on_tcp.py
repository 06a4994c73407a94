# What: recvfrom on a connection, as a habit from the UDP lab.
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 12000))
clientSocket.send(input("Input lowercase sentence:").encode())
modifiedSentence, serverAddress = clientSocket.recvfrom(2048)
print("From Server:", modifiedSentence.decode())
clientSocket.close()
