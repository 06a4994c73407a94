# What: swapcase() looks right with lower-case words, and turns capitals into small letters.
# Cause: wrong-reply
# Fails: keeps_other_characters
from socket import *
serverPort = 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', serverPort))
print('ready')
while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    serverSocket.sendto(message.decode().swapcase().encode(), clientAddress)
