# What: one client at a time, each served until it closes its end.
from socket import *

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen(1)
print("The server is ready to receive")
while True:
    connection, client = server.accept()
    print("connected:", client)
    while True:
        data = connection.recv(1024)
        if not data:
            break
        connection.sendall(data.decode().upper().encode())
    print("disconnected:", client)
    connection.close()
