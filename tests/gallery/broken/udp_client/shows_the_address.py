# What: decodes the address, and not the answer.
# Cause: crash
# Line: 11
# Fails: shows_the_answer
# Skips: shows_text, shows_a_long_answer, ends, works_with_the_reference_server
from socket import *
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.sendto(message.encode(), ("localhost", 12000))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(serverAddress.decode())
clientSocket.close()
