# What: sends each answer to every client it has ever heard of, as in a chat.
# Cause: wrong-destination
# Fails: answers_once
from socket import *

serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', 12000))
clients = []
while True:
    message, address = serverSocket.recvfrom(2048)
    if address not in clients:
        clients.insert(0, address)
    for client in clients:
        serverSocket.sendto(message.decode().upper().encode(), client)
