# What: the port may be given on the command line, 12000 otherwise.
import sys
from socket import *

if len(sys.argv) > 1:
    serverPort = int(sys.argv[1])
else:
    serverPort = 12000

serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(("", serverPort))
print("The server is ready to receive on port", serverPort)
while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    serverSocket.sendto(message.decode().upper().encode(), clientAddress)
