# What: a class, with handlers for the signals that end it.
import signal
import socket
import sys


class UppercaseServer:
    def __init__(self, port=12000):
        self.port = port
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def stop(self, signum, frame):
        print("bye")
        self.sock.close()
        sys.exit(0)

    def run(self):
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self.sock.bind(("", self.port))
        print("The server is ready to receive")
        while True:
            data, addr = self.sock.recvfrom(2048)
            self.sock.sendto(data.decode().upper().encode(), addr)


UppercaseServer().run()
