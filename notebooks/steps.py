"""What the notebooks share: a free port, waiting that always ends, programs beside the notebook, the states of TCP."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Any

import psutil

SLIDES_PORT = 12000
PATIENCE = 5.0
"""Seconds after which a call that waits gives up, so that no cell ever hangs."""

_CHOICES = range(SLIDES_PORT, SLIDES_PORT + 200, 2)
_claims: dict[int, socket.socket] = {}
"""For each port that is ours a socket bound to the next one, which says so to other notebooks."""


def never_hang() -> None:
    """Give every socket that is made from now on a timeout."""
    socket.setdefaulttimeout(PATIENCE)


def choose_port() -> int:
    """Give the slides' port and say so, or say that it is taken and give another that is free.

    No other notebook is given the same one while this kernel runs, even if it asks before the port is bound.
    """
    port = next(port for port in _CHOICES if _claim(port) and _is_free(port))
    if port == SLIDES_PORT:
        print(f"Port {port} is free on this machine, and this notebook uses it.")
    else:
        print(f"Port {SLIDES_PORT} is in use on this machine; this notebook goes on with port {port}.")
    return port


def _claim(port: int) -> bool:
    if port not in _claims:
        claim = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            claim.bind(("127.0.0.1", port + 1))
        except OSError:
            claim.close()
            return False
        _claims[port] = claim
    return True


def _is_free(port: int) -> bool:
    """Say whether both a UDP and a TCP server could have it."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
    ):
        try:
            for probe in (udp, tcp):
                probe.bind(("", port))
        except OSError:
            return False
    return True


class Program:
    """A program that runs beside the notebook, with a keyboard that can be typed at and a screen that can be read.

        with Program(SOURCE) as client:
            client.wait_for("sentence:")
            client.enter("hello")
            client.ends()
            print(client.screen)

    It is given as text. However it behaves, it is ended at the end of the block.
    """

    def __init__(self, source: str, *arguments: object) -> None:
        """Take the program's text, and what stands after its name when it is started in a terminal."""
        # Its sockets give up after a minute, so that nothing stays behind if this kernel is killed. In the line of the
        # source that is empty, so that errors name the right lines.
        limit = "import socket; socket.setdefaulttimeout(60); del socket"
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-c", limit + source, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHON_COLORS": "0"},
        )
        self._text = ""
        self._over = False
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def screen(self) -> str:
        """All that it has printed so far, and what was typed, as a terminal shows it."""
        return self._text

    def wait_for(self, pattern: str) -> re.Match[str]:
        """Wait until the screen shows this (a regular expression), and give the match."""
        with self._changed:
            self._changed.wait_for(lambda: re.search(pattern, self._text) or self._over, _STARTING)
        match = re.search(pattern, self._text)
        if match is None:
            raise TimeoutError(f"the program should show {pattern!r}, and shows {self._text!r}")
        return match

    def enter(self, line: str) -> None:
        """Type a line, and press Enter."""
        if self._process.stdin is None:
            raise ValueError("the program has no keyboard")
        self._show(f"{line}\n")
        with contextlib.suppress(BrokenPipeError):  # it has ended: nobody reads
            self._process.stdin.write(f"{line}\n")
            self._process.stdin.flush()

    def ends(self, within: float = PATIENCE) -> bool:
        """Say whether it ends within so many seconds."""
        try:
            self._process.wait(within)
        except subprocess.TimeoutExpired:
            return False
        self._reader.join(PATIENCE)
        return True

    def __enter__(self) -> Program:  # noqa: PYI034  typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was typed last may still be unwritten
                    stream.close()

    def _read(self) -> None:
        if self._process.stdout is not None:
            while text := self._process.stdout.read(1):  # a prompt has no end of line to wait for
                self._show(text)
        self._show("", over=True)

    def _show(self, text: str, *, over: bool = False) -> None:
        with self._changed:
            self._text += text
            self._over = self._over or over
            self._changed.notify_all()


_STARTING = 20.0
"""Seconds that a program has to show what it is waited for; a busy machine takes its time to start one."""


class StateTable:
    """The states of the sockets of one TCP connection, and how they change: a row for each call.

    The states come from the system, which also knows what it keeps after a socket was closed. Some systems tell a
    program only about sockets that it has open itself: there a closed one shows as gone.
    """

    def __init__(self, welcoming: socket.socket, client: socket.socket) -> None:
        """Take the server's welcoming socket and the client's. The connection socket is found by their ports."""
        self._sockets = (welcoming, client)
        self._ports = [0, 0]
        self._rows: list[tuple[str, ...]] = [("after", "welcoming", "connection", "client")]

    def after(self, call: str) -> None:
        """Add a row with the states of the three, once the call's effect has gone from one end to the other.

        If the two ends do not fit together even after some seconds, the row shows what they are.
        """
        end = time.monotonic() + _SETTLING
        while (states := self._states())[1:] not in _SETTLED and time.monotonic() < end:
            time.sleep(0.01)
        self._rows.append((call, *states))

    def _states(self) -> tuple[str, str, str]:
        for index, sock in enumerate(self._sockets):
            if sock.fileno() >= 0:
                with contextlib.suppress(OSError):  # Windows: it has no address yet
                    self._ports[index] = sock.getsockname()[1]
        server, client = self._ports
        found = {
            (entry.laddr.port, entry.raddr.port if entry.raddr else 0): entry.status for entry in _tcp_connections()
        }
        pairs = ((server, 0), (server, client or -1), (client or -1, server))
        welcoming, connection, clients = (found.get(pair, "-") for pair in pairs)
        return welcoming, connection, clients

    def __repr__(self) -> str:
        widths = [max(map(len, column)) for column in zip(*self._rows, strict=True)]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in self._rows
        ]
        return "\n".join(lines)


_SETTLING = 3.0
_SETTLED = {
    pair[::way]
    for pair in [("-", "-"), ("ESTABLISHED", "ESTABLISHED"), ("FIN_WAIT2", "CLOSE_WAIT"), ("TIME_WAIT", "-")]
    for way in (1, -1)
}
"""What the two ends of a connection may be, with nothing on its way between them."""


def _tcp_connections() -> list[Any]:
    try:
        return psutil.net_connections("tcp4")
    except psutil.AccessDenied:  # macOS, unless root asks
        return psutil.Process().net_connections("tcp4")
