# What: remembers its first client and answers nobody else.
# Cause: wrong-destination
# Line: 17
# Fails: answers_several_clients, answers_the_sender, answers_once
from socket import *

serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', 12000))
client = None
while True:
    message, address = serverSocket.recvfrom(2048)
    if not message:
        continue
    if client is None:
        client = address
        print("client is", client)
    serverSocket.sendto(message.decode().upper().encode(), client)
