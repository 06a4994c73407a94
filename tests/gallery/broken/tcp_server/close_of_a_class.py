# What: a class whose method for the end of a connection names close without calling it.
# Cause: close-not-called
# Line: 15
# Fails: closes_the_connection
import socket


class Connection:
    def __init__(self, sock):
        self.sock = sock

    def serve(self):
        text = self.sock.recv(1024).decode()
        self.sock.sendall(text.upper().encode())
        self.sock.close


welcoming = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
welcoming.bind(("", 12000))
welcoming.listen(3)
everybody = []
while True:
    sock, address = welcoming.accept()
    client = Connection(sock)
    everybody.append(client)
    client.serve()
