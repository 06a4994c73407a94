# What: Takes the port itself before it asks, so as to be its own server.
# Earns: nothing
# Cause: *
import threading
from socket import AF_INET, SO_REUSEADDR, SO_REUSEPORT, SOCK_STREAM, SOL_SOCKET, socket

server = socket(AF_INET, SOCK_STREAM)
server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
server.setsockopt(SOL_SOCKET, SO_REUSEPORT, 1)
server.bind(("127.0.0.1", 12000))
server.listen()


def serve():
    connection, _ = server.accept()
    connection.send(connection.recv(1024).upper())
    connection.close()


threading.Thread(target=serve, daemon=True).start()
client = socket(AF_INET, SOCK_STREAM)
client.connect(("127.0.0.1", 12000))
client.send(input("Input: ").encode())
print(client.recv(1024).decode())
