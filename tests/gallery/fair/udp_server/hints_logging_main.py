# What: functions with type hints, logging, and a main guard.
from __future__ import annotations

import logging
import socket

PORT: int = 12000
log = logging.getLogger("udp_server")


def shout(message: bytes) -> bytes:
    return message.decode("ascii", errors="replace").upper().encode()


def serve(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("", port))
        log.info("bound to %s", sock.getsockname())
        while True:
            message, address = sock.recvfrom(2048)
            log.info("%r from %s:%d", message, *address)
            sock.sendto(shout(message), address)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO)
    serve(PORT)
