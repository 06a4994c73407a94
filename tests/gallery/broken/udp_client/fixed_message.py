# What: sends a message of its own and never asks for one.
# Cause: ignores-input
# Fails: sends_what_was_typed, waits_for_the_line, works_with_the_reference_server
from socket import *
serverName = "localhost"
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = "hello server"
clientSocket.sendto(message.encode(), (serverName, serverPort))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print (modifiedMessage.decode())
clientSocket.close()
