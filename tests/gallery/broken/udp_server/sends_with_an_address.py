# What: send instead of sendto, and the address with it.
# Cause: no-destination
# Line: 15
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
from socket import *
serverPort = 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', serverPort))
print ("The server is ready to receive")
while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    modifiedMessage = message.decode().upper()
    serverSocket.send(modifiedMessage.encode(), clientAddress)
