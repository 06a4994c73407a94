# What: room for 256 bytes of the answer.
# Cause: buffer-too-small
# Line: 9
# Fails: shows_a_long_answer
from socket import *
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.sendto(message.encode(), ("localhost", 12000))
modifiedMessage, serverAddress = clientSocket.recvfrom(256)
print(modifiedMessage.decode())
clientSocket.close()
