# What: sends the line twice, to be on the safe side.
# Cause: sent-more-than-once
# Line: 11
# Fails: sends_once
from socket import *

server = ("localhost", 12000)
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:").encode()
clientSocket.sendto(message, server)
clientSocket.sendto(message, server)
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
clientSocket.close()
