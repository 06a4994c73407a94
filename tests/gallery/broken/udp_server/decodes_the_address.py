# What: takes the address for the message, having unpacked them well.
# Cause: crash
# Line: 12
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
from socket import *
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', 12000))
while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    modifiedMessage = clientAddress.decode().upper()
    serverSocket.sendto(modifiedMessage.encode(), clientAddress)
