"""Check the answers of notebook 3: each check prints one line, never raises, and comes back within seconds."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from typing import Any

from trial import Trial, tell

DEADLINE = 2.0
"""Seconds that an answer has to come back."""


def check_order(order: object) -> None:
    """Say whether these are the methods of a TCP server, in the order of its calls."""
    tell(lambda: _wrong_order(order), "that is the order, and the slide's: only recv and send may take turns longer.")


def check_ask(ask: object) -> None:
    """Say whether ``ask(sock, text, address, seconds)`` returns a UDP server's answer as text, or ``None``."""
    tell(lambda: _wrong_asking(ask), "the answer came back as text, and where none came ask did not wait for ever.")


def check_receive(receive_all: object) -> None:
    """Say whether ``receive_all(connection)`` returns everything that is sent until the peer closes."""
    tell(lambda: _wrong_receiving(receive_all), "it receives piece by piece, and b'' tells it that this was all.")


# The order of a server's calls

_REASONS = (
    ("socket", "bind", "there has to be a socket before it can be bound"),
    ("bind", "listen", "a socket listens at its address, so it needs one first"),
    ("listen", "accept", "nobody can be accepted before the socket listens"),
    ("accept", "recv", "data arrives on the socket that accept returns"),
    ("recv", "send", "the server answers, so it receives first"),
    ("send", "close", "nothing can be sent through a closed socket"),
)
_NEEDED = ("socket", "bind", "listen", "accept", "recv", "send", "close")
_OTHERS = {
    "connect": "connect is the client's: a server waits for its clients",
    "sendto": "sendto is for datagrams: a connection knows its other end",
    "recvfrom": "recvfrom is for datagrams: a connection knows its other end",
}


def _wrong_order(order: object) -> str:
    if not isinstance(order, (list, tuple)) or not all(isinstance(name, str) for name in order):
        return "order should be a list of names, each in quotes."
    names = [name.strip().removesuffix("()") for name in order]
    for name in names:
        if name not in _NEEDED:
            return f"{_OTHERS.get(name, f'{name!r} is not a method of the slide')}."
    for name in names:
        if names.count(name) > 1:
            return f"{name} stands there {names.count(name)} times; once is enough for one client."
    for first, second, why in _REASONS:
        if first in names and second in names and names.index(first) > names.index(second):
            return f"{second} stands before {first}, but {why}."
    missing = len(_NEEDED) - len(names)
    if missing:
        return f"{missing} of {len(_NEEDED)} {'is' if missing == 1 else 'are'} missing; what stands there is in order."
    return ""


# A UDP server that answers, and one that does not

_QUESTION = "un café"
_BRIEF = 0.2


def _wrong_asking(ask: object) -> str:
    if not callable(ask):
        return "ask should be a function."
    return _wrong_answer(*_asked(ask, DEADLINE / 2, answering=True)) or _wrong_silence(*_asked(ask, _BRIEF))


def _asked(ask: Callable[..., object], seconds: float, *, answering: bool = False) -> tuple[Trial, list[bytes]]:
    """Have the question asked; give what came of it, and what the server received."""
    received: list[bytes] = []
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client,
    ):
        server.bind(("localhost", 0))
        server.settimeout(0.02)
        client.bind(("localhost", 0))
        client.settimeout(2 * DEADLINE)  # an answer that sets none is found out, and ends
        address = server.getsockname()
        trial = Trial(lambda: ask(client, _QUESTION, address, seconds))
        end = time.monotonic() + DEADLINE
        while not trial.is_over(0.02) and time.monotonic() < end:
            _serve(server, received, answering=answering)
        _serve(server, received, answering=False)  # what was sent by one that did not wait
        trial.give_up()
        server.sendto(b"", client.getsockname())  # it may still be waiting
        trial.is_over(0.02)
    return trial, received


def _serve(server: socket.socket, received: list[bytes], *, answering: bool) -> None:
    try:
        message, address = server.recvfrom(2048)
        received.append(message)
        if answering:
            server.sendto(message.decode(errors="replace").upper().encode(), address)
    except OSError:  # nothing came in a while
        return


def _wrong_answer(trial: Trial, received: list[bytes]) -> str:
    error, value = trial.error, trial.result
    return _first(
        (
            isinstance(error, TypeError) and "bytes-like" in str(error),
            "sendto takes bytes: encode the text before you send it.",
        ),
        (error is not None and not isinstance(error, TimeoutError), f"it raised {trial.raised}"),
        (not received, "the server has received nothing: send the text to the address first."),
        (
            received != [_QUESTION.encode()],
            f"the server received {received!r}, and should have received {_QUESTION!r} once, as bytes.",
        ),
        (not trial.returned, f"the server answered, and ask has not come back after {DEADLINE:g} seconds."),
        (value is None, "the server answered, and ask returns None: receive the answer and return it."),
        (isinstance(value, tuple), "it returns the pair that recvfrom gives: take it apart, and return the text."),
        (isinstance(value, (bytes, bytearray)), f"it returns bytes, {_short(value)}: decode them."),
        (value != _QUESTION.upper(), f"it returns {_short(value)}, where the server answered {_QUESTION.upper()!r}."),
    )


def _wrong_silence(trial: Trial, received: list[bytes]) -> str:
    """Say what is wrong with a run in which the server gave no answer."""
    error, value = trial.error, trial.result
    given = f"it was given {_BRIEF:g} seconds"
    return _first(
        (
            isinstance(error, TimeoutError),
            "with a server that does not answer it raised TimeoutError: catch that, and return None.",
        ),
        (error is not None, f"with a server that does not answer it raised {trial.raised}"),
        (not trial.returned, f"{given}, nobody answered, and it went on waiting: set the socket's timeout."),
        (value is not None, f"nobody answered, and it returns {_short(value)} where None was asked for."),
        (trial.took < _BRIEF / 2, f"{given} and gave up at once: an answer needs some time to arrive."),
        (
            received != [_QUESTION.encode()],
            f"the server that does not answer received {received!r}, and should have received the text once.",
        ),
    )


# A stream that comes in pieces

_PIECES = (b"one, ", b"two, ", bytes(range(256)) * 20, b"and the end")
_ENDS_AT_MOST = 100


class _EndlessError(Exception):
    """The end of the stream was received again and again."""


class _Pieces(socket.socket):
    """A connection whose peer sends its next piece when this end asks for more, and closes after the last."""

    peer: socket.socket
    left: list[bytes]
    ends = 0

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        self._next()
        received = super().recv(bufsize, flags)
        self._count_end(bool(received))
        return received

    def recv_into(self, *args: Any, **kwargs: Any) -> int:  # what makefile() calls
        self._next()
        received = super().recv_into(*args, **kwargs)
        self._count_end(bool(received))
        return received

    def _next(self) -> None:
        self.setblocking(False)
        try:
            empty = not super().recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            empty = True
        self.settimeout(DEADLINE / 2)
        if empty and self.left:
            self.peer.sendall(self.left.pop(0))
        elif empty:
            self.peer.close()

    def _count_end(self, received: bool) -> None:  # noqa: FBT001  one private flag
        self.ends += not received
        if self.ends > _ENDS_AT_MOST:
            raise _EndlessError


def _wrong_receiving(receive_all: object) -> str:
    if not callable(receive_all):
        return "receive_all should be a function."
    with _connected() as connection:
        trial = Trial(lambda: receive_all(connection))
        trial.is_over(DEADLINE)
        trial.give_up()
        connection.peer.close()  # one that still waits is woken
        return _wrong_stream(trial, b"".join(_PIECES), len(connection.left))


def _wrong_stream(trial: Trial, expected: bytes, left: int) -> str:
    value = trial.result
    got = bytes(value) if isinstance(value, (bytes, bytearray)) else None
    return _first(
        (
            isinstance(trial.error, _EndlessError),
            f"it goes on after the end: recv has returned b'' {_ENDS_AT_MOST} times.",
        ),
        (trial.error is not None, f"it raised {trial.raised}"),
        (not trial.returned, f"it has not come back after {DEADLINE:g} seconds."),
        (got is None, f"it returns {_short(value)}, which is not bytes."),
        (got == expected, ""),
        (
            got == b"" and not left,
            "everything was received, and b'' is returned: keep each piece before you ask for more.",
        ),
        (
            expected.startswith(got or b"-"),
            f"it returns the first {len(got or b'')} bytes of {len(expected)}, and the peer had more to send.",
        ),
        (True, f"it returns {len(got or b'')} bytes that are not what was sent, {_short(value)}."),
    )


def _connected() -> _Pieces:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as welcoming:
        welcoming.bind(("localhost", 0))
        welcoming.listen(1)
        connection = _Pieces(socket.AF_INET, socket.SOCK_STREAM)
        connection.settimeout(DEADLINE)
        connection.connect(welcoming.getsockname())
        connection.peer, _ = welcoming.accept()
        connection.left = list(_PIECES)
    return connection


def _first(*cases: tuple[bool, str]) -> str:
    """Give the text of the first case that holds, or none."""
    return next((text for holds, text in cases if holds), "")


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
