# What: binds again in every turn, which the second turn does not survive.
# Cause: crash
# Line: 10
# Fails: answers_again, answers_several_clients, answers_the_sender, answers_short_and_long,
#   survives_an_empty_datagram, answers_once
from socket import *
serverPort = 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
while True:
    serverSocket.bind(('', serverPort))
    message, clientAddress = serverSocket.recvfrom(2048)
    modifiedMessage = message.decode().upper()
    serverSocket.sendto(modifiedMessage.encode(), clientAddress)
