"""The peer: a course's autograder for Gradescope, made with ``gradescope-utils`` as its examples make one.

``python gradescope_peer.py SUBMISSION RESULTS CHECKS poll|sleep``. Each check starts the student's server on the real
port, waits until it is ready, exchanges one message and kills it. It waits in one of two ways: a pause of a second, as
most of them do; or, tuned by hand, by trying every millisecond, which makes the attempt that succeeds the exchange.
"""

from __future__ import annotations

import socket
import struct
import subprocess
import sys
import time
import unittest
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from gradescope_utils.autograder_utils.decorators import number, visibility, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner

ADDRESS = ("127.0.0.1", 12000)
PATIENCE = 5.0
Exchange = Callable[[bytes], bytes]


def over_udp(message: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(PATIENCE)
        client.connect(ADDRESS)
        client.send(message)  # where nobody is bound yet, the next call is refused
        return client.recv(2048)


def over_tcp(message: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as client:
        client.settimeout(PATIENCE)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # leaves no TIME_WAIT
        client.connect(ADDRESS)
        client.send(message)
        return client.recv(1024)


@contextmanager
def running(program: Path) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


def exchanged_by_polling(exchange: Exchange, message: bytes) -> bytes:
    """Try every millisecond."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return exchange(message)
        except ConnectionRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(0.001)


def exchanged_after_a_pause(exchange: Exchange, message: bytes) -> bytes:
    """Hope that a second is enough."""
    time.sleep(1)
    return exchange(message)


WAYS = {"poll": exchanged_by_polling, "sleep": exchanged_after_a_pause}


class Servers(unittest.TestCase):
    """Holds the checks, each a method."""


def add_check(place: int, submission: Path, way: str) -> None:
    """Add a check of one of the two servers; they take turns."""
    name, exchange = (("udp_server", over_udp), ("tcp_server", over_tcp))[place % 2]
    (program,) = submission.rglob(f"{name}.py")

    def check(self: unittest.TestCase) -> None:
        """The server answers in upper case."""
        message = f"message {place} of the peer"
        with running(program):
            answer = WAYS[way](exchange, message.encode())
        self.assertEqual(answer.decode(), message.upper())  # noqa: PT009  unittest is what this peer is made with

    for decorate in (weight(1), number(str(place + 1)), visibility("visible")):
        check = decorate(check)
    setattr(Servers, f"test_{place:02}_{name}", check)


def main(submission: str, results: str, checks: str, way: str) -> None:
    """Run the checks, and write ``results.json`` as Gradescope reads it."""
    for place in range(int(checks)):
        add_check(place, Path(submission), way)
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Servers)
    with Path(results).open("w", encoding="utf-8") as file:
        JSONTestRunner(visibility="visible", stream=file).run(suite)


if __name__ == "__main__":
    main(*sys.argv[1:])
