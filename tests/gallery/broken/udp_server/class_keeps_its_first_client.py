# What: a class that sets its client once, with setdefault.
# Cause: wrong-destination
# Line: 17
# Fails: answers_several_clients, answers_the_sender, survives_an_empty_datagram, answers_once
import socket


class UpperServer:
    def __init__(self, port=12000):
        self.state = {}
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("", port))

    def handle(self):
        text, who = self.sock.recvfrom(4096)
        target = self.state.setdefault("client", who)
        self.sock.sendto(text.upper(), target)

    def run(self):
        while True:
            self.handle()


UpperServer().run()
