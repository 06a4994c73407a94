# What: does not answer an empty message, and goes on.
from socket import *

server_port = 12000
server_socket = socket(AF_INET, SOCK_DGRAM)
server_socket.bind(('', server_port))
print('Ready')
while True:
    message, client_address = server_socket.recvfrom(2048)
    if not message:
        print('empty message, ignored')
        continue
    server_socket.sendto(message.decode().upper().encode(), client_address)
