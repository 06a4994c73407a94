# What: asks for the sentence first and connects only then, in functions with type hints.
from __future__ import annotations

import socket

ADDRESS: tuple[str, int] = ("localhost", 12000)


def exchange(sentence: str) -> str:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.connect(ADDRESS)
        sock.sendall(sentence.encode())
        return sock.recv(2048).decode()
    finally:
        sock.close()


def main() -> None:
    print(exchange(input("Type a sentence: ")))


if __name__ == "__main__":
    main()
