# What: asks for the host and the port before the message.
from socket import *

serverName = input("Server name or IP address: ")
serverPort = int(input("Port number: "))
message = input("Input lowercase sentence: ")

clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.sendto(message.encode(), (serverName, serverPort))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
clientSocket.close()
