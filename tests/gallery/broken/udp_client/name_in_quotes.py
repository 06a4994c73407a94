# What: the variable's name in quotes: the word message is sent, whatever was typed.
# Cause: ignores-input
# Line: 9
# Fails: sends_what_was_typed, works_with_the_reference_server
from socket import *

clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.sendto("message".encode(), ("localhost", 12000))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
clientSocket.close()
