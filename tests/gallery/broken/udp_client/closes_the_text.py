# What: Shows the answer, and then closes the text instead of the socket.
# Cause: crash
# Line: 12
# Fails: ends
from socket import *

clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.sendto(message.encode(), ("localhost", 12000))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
message.close()
