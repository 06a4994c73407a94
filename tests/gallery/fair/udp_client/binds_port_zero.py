# What: binds port 0, which leaves the choice to the system.
from socket import *

clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.bind(('', 0))
print("my port is", clientSocket.getsockname()[1])
message = input("Input lowercase sentence:")
clientSocket.sendto(message.encode(), ('localhost', 12000))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print(modifiedMessage.decode())
clientSocket.close()
