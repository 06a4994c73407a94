# What: connects its UDP socket, then uses send and recv.
from socket import *

clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.connect(("localhost", 12000))
message = input("Input lowercase sentence:")
clientSocket.send(message.encode())
print(clientSocket.recv(2048).decode())
clientSocket.close()
