# What: asks again until somebody types quit, or the input ends.
from socket import *

serverName = 'localhost'
serverPort = 12000
clientSocket = socket(AF_INET, SOCK_DGRAM)

while True:
    try:
        message = input("Sentence (quit to stop): ")
    except EOFError:
        break
    if message == "quit":
        break
    clientSocket.sendto(message.encode(), (serverName, serverPort))
    modifiedMessage, serverAddress = clientSocket.recvfrom(2048)
    print("Answer:", modifiedMessage.decode())

clientSocket.close()
