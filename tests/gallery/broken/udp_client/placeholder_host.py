# What: the slide's placeholder is still there instead of a host name.
# Cause: wrong-host
# Fails: sends_to_port_12000
from socket import *
serverName = "hostname" #replace with actual name
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_DGRAM)
message = input("Input lowercase sentence:")
clientSocket.sendto(message.encode(),
                    (serverName, serverPort))
modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
print (modifiedMessage.decode())
clientSocket.close()
