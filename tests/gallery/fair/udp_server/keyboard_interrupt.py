# What: try and except around the loop, the socket closed in the end.
from socket import *

serverSocket = socket(AF_INET, SOCK_DGRAM)
try:
    serverSocket.bind(('', 12000))
    print("The server is ready to receive")
    while True:
        try:
            message, clientAddress = serverSocket.recvfrom(2048)
            modifiedMessage = message.decode().upper()
            serverSocket.sendto(modifiedMessage.encode(), clientAddress)
        except Exception as e:
            print("error:", e)
except KeyboardInterrupt:
    print("stopped by user")
finally:
    serverSocket.close()
