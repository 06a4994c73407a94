# What: the two arguments of sendto in the wrong order.
# Cause: crash
# Line: 15
# Fails: answers_one_message
# Skips: answers_again, answers_several_clients, answers_the_sender, keeps_other_characters,
#   answers_short_and_long, survives_an_empty_datagram, answers_once
from socket import *

server_socket = socket(AF_INET, SOCK_DGRAM)
server_socket.bind(("", 12000))
print("The server is ready to receive")
while True:
    message, client_address = server_socket.recvfrom(2048)
    reply = message.decode().upper()
    server_socket.sendto(client_address, reply.encode())
