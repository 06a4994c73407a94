# What: connect where a server binds.
# Cause: missing-bind
# Line: 10
# Fails: starts
# Skips: binds_port_12000, answers_one_message, answers_again, answers_several_clients, answers_the_sender,
#   keeps_other_characters, answers_short_and_long, survives_an_empty_datagram, answers_once
from socket import *
serverPort = 12000
serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.connect(('', serverPort))
print ("The server is ready to receive")
while True:
    message, clientAddress = serverSocket.recvfrom(2048)
    serverSocket.sendto(message.decode().upper().encode(), clientAddress)
