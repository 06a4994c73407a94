# What: a class that is a context manager, with a timeout on the socket.
import socket


class Client:
    def __init__(self, host="localhost", port=12000):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.settimeout(30)
        self.sock.connect((host, port))

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.sock.close()

    def shout(self, text):
        self.sock.sendall(text.encode())
        return self.sock.recv(1024).decode()


with Client() as client:
    print("->", client.shout(input("text: ")))
