# What: one attribute for the welcoming socket and for the connection.
# Cause: welcoming-socket-closed
# Line: 16
# Fails: answers_several_clients, answers_waiting_clients, survives_a_silent_client, keeps_welcoming
import socket


class Server:
    def __init__(self):
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.bind(("", 12000))
        self.sock.listen(1)

    def serve(self):
        while True:
            self.sock, peer = self.sock.accept()
            text = self.sock.recv(1024).decode()
            self.sock.sendall(text.upper().encode())


Server().serve()
