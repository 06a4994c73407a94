"""What the notebooks share: a port that is free, and waiting that always ends."""

from __future__ import annotations

import socket

SLIDES_PORT = 12000
PATIENCE = 5.0
"""Seconds after which a call that waits gives up, so that no cell ever hangs."""


def never_hang() -> None:
    """Give every socket that is made from now on a timeout."""
    socket.setdefaulttimeout(PATIENCE)


def choose_port() -> int:
    """Give the slides' port, or say that it is taken, and give another that is free."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
    ):
        try:
            for probe in (udp, tcp):
                probe.bind(("", SLIDES_PORT))
            return SLIDES_PORT
        except OSError:
            pass
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as any_port:
        any_port.bind(("", 0))
        port: int = any_port.getsockname()[1]
    print(f"Port {SLIDES_PORT} is in use on this machine; this notebook goes on with port {port}.")
    return port
