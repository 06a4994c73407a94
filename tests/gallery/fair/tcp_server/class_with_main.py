# What: a class, methods, type hints and a main guard.
from __future__ import annotations

import socket


class UpperServer:
    def __init__(self, port: int) -> None:
        self.welcoming = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.welcoming.bind(("", port))
        self.welcoming.listen()

    def serve_one(self) -> None:
        connection, _ = self.welcoming.accept()
        try:
            sentence: str = connection.recv(2048).decode()
            connection.sendall(sentence.upper().encode())
        finally:
            connection.close()

    def serve(self) -> None:
        try:
            while True:
                self.serve_one()
        except KeyboardInterrupt:
            print("Goodbye")
        finally:
            self.welcoming.close()


if __name__ == "__main__":
    UpperServer(12000).serve()
