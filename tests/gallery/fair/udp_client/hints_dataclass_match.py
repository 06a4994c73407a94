# What: functions, type hints, a dataclass, match, and a main guard.
from __future__ import annotations

import socket
from dataclasses import dataclass


@dataclass(frozen=True)
class Server:
    name: str = "localhost"
    port: int = 12000

    @property
    def address(self) -> tuple[str, int]:
        return self.name, self.port


def ask(server: Server, sentence: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(sentence.encode(), server.address)
        match sock.recvfrom(2048):
            case (reply, (host, port)):
                return f"{host}:{port}: {reply.decode()}"
    return ""


if __name__ == "__main__":
    if sentence := input("sentence> "):
        print(ask(Server(), sentence))
