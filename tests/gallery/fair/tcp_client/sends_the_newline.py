# What: ends its line with a newline, as line protocols do.
# Findings: ignores-input
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(("localhost", 12000))
sentence = input("Input lowercase sentence:")
clientSocket.send((sentence + "\n").encode())
modifiedSentence = clientSocket.recv(1024)
print("From Server:", modifiedSentence.decode().rstrip())
clientSocket.close()
