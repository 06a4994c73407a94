# What: takes the address first and the message second.
# Cause: swapped-unpack
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *
serverName = "localhost"
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.sendto(message.encode(), (serverName, serverPort))
serverAddress, modifiedMessage = clientSocket.recvfrom(2048)
print (modifiedMessage.decode())
clientSocket.close()
