"""Small conversations for the tests: the calls of a server and a client, as a record has them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree as ET

from hypothesis import settings

from grading.transcript import Call, Conversation, Note, Party, Record, converse

SERVER = "('127.0.0.1', 12000)"
CLIENT = "('127.0.0.1', 40001)"
OTHER = "('127.0.0.1', 40002)"
PORTS = {CLIENT: 40001, OTHER: 40002}
QUICK = settings(max_examples=40, deadline=None)
"""For what hypothesis draws: there is no deadline, as other programs may keep the machine busy."""


def parsed(svg: str) -> ET.Element:
    """Read a drawing as XML."""
    return ET.fromstring(svg)  # noqa: S314  it is our own


def call(
    name: str,
    fd: int,
    at: float,
    *args: str,
    gives: str | None = "None",
    until: float | None = None,
    line: int | None = None,
    error: str | None = None,
    made: int | None = None,
    port: int | None = None,
    process: int = 0,
) -> Call:
    """Make a call that came back at once; at ``until``; or never, if it gives ``None``."""
    result = None if error else gives
    came_back = None if error is None and gives is None else until or at
    local = None if port is None else ("127.0.0.1", port)
    return Call(name, fd, args, line, result, error, at, came_back, made, local, process)


def talk(
    served: Sequence[Call],
    asked: Sequence[Call],
    *,
    own: int = 0,
    left: Sequence[tuple[float, str]] = (),
    right: Sequence[tuple[float, str]] = (),
) -> Conversation:
    """Merge the calls of a server and a client, and notes of either."""
    server, client = (tuple(Note(*note) for note in notes) for notes in (left, right))
    return converse(
        Party("your server", Record(tuple(served)), server, own=own == 0),
        Party("the client", Record(tuple(asked)), client, own=own == 1),
    )


def bound(at: float = 1, line: int | None = 7) -> list[Call]:
    return [
        call("socket", 3, at, "'AF_INET'", "'SOCK_DGRAM'", line=line),
        call("bind", 3, at + 0.1, SERVER, line=line and line + 1, port=12000),
    ]


def received(data: bytes, source: str, at: float, until: float, line: int | None = 10) -> Call:
    return call("recvfrom", 3, at, "2048", gives=f"({data!r}, {source})", until=until, line=line, port=12000)


def answered(data: bytes, target: str, at: float, line: int | None = 12) -> Call:
    return call("sendto", 3, at, repr(data), target, gives=str(len(data)), line=line, port=12000)


def asks(data: bytes, source: str, at: float, fd: int = 20) -> Call:
    return call("sendto", fd, at, repr(data), SERVER, gives=str(len(data)), port=PORTS[source])


def gets(data: bytes, source: str, at: float, fd: int = 20) -> Call:
    return call("recv", fd, at, "65536", gives=repr(data), port=PORTS[source])


def welcoming(line: int | None = 6) -> list[Call]:
    return [
        call("socket", 3, 1, "'AF_INET'", "'SOCK_STREAM'", line=line),
        call("bind", 3, 1.1, SERVER, line=line and line + 1, port=12000),
        call("listen", 3, 1.2, "1", line=line and line + 2, port=12000),
    ]


def accepted(source: str, at: float, until: float, made: int = 4, line: int | None = 11) -> Call:
    return call("accept", 3, at, gives=f"(<socket>, {source})", until=until, made=made, line=line, port=12000)


def connected(source: str, at: float, fd: int = 20) -> Call:
    return call("connect", fd, at, SERVER, port=PORTS[source])


def sends(data: bytes, at: float, fd: int = 20, port: int = 40001, line: int | None = None) -> Call:
    return call("send", fd, at, repr(data), gives=str(len(data)), port=port, line=line)


def takes(data: bytes, at: float, until: float | None = None, fd: int = 4, line: int | None = None) -> Call:
    return call("recv", fd, at, "1024", gives=repr(data), until=until, port=12000, line=line)


UDP_RUN = talk(
    [
        *bound(1),
        received(b"hello", CLIENT, 2, 3.1),
        answered(b"HELLO", CLIENT, 3.2),
        call("recvfrom", 3, 3.3, "2048", gives=None, line=10),
    ],
    [asks(b"hello", CLIENT, 3), gets(b"HELLO", CLIENT, 3.4)],
    left=[(1.5, "prints 'ready'")],
)
TCP_RUN = talk(
    [
        *welcoming(None),
        accepted(CLIENT, 2.1, 2.1, line=None),
        takes(b"hello", 4.1),
        sends(b"HELLO", 5, 4, 12000),
        sends(b"late", 8, 4, 12000),
    ],
    [
        call("socket", 3, 1.5, "'AF_INET'", "'SOCK_STREAM'", line=4),
        replace(connected(CLIENT, 2, fd=3), line=5, until=2.2),
        replace(sends(b"hello", 4, 3), line=7),
        call("recv", 3, 4.5, "1024", gives="b'HELLO'", until=5.1, line=8, port=40001),
        call("close", 3, 6, line=10),
    ],
    own=1,
    right=[(3, "typed 'hello'"), (7, "ends (exit status 0)")],
)
