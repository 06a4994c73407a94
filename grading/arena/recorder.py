"""Keep a program's socket calls, with the student's line of each, for explaining what it did.

Runs inside the student's process, so nothing here decides a verdict. Standard library only: inside the
sandbox nothing else of this project exists.

The record is JSON lines in a shared memory mapping: the first eight bytes say how long it is. A mapping
outlives the process that wrote it, however that ended, and takes no file descriptor that a program
could close or hand to one of its own sockets.
"""

import functools
import json
import mmap
import os
import signal
import socket
import sys
import time
from types import FrameType
from typing import Any

HEADER = 8
"""Bytes of the length at the start of a record, little-endian."""

RECORDED = (
    *("bind", "listen", "accept", "connect", "connect_ex", "shutdown", "close", "detach"),
    *("send", "sendall", "sendto", "sendmsg", "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"),
)
"""Methods of ``socket.socket`` that are written down, beside its making."""

SHOWN = 200
"""Characters of an argument or result that are kept; longer ones are cut in the middle."""


class Recorder:
    """Writes events into a mapping until that is full.

    Made, and `patch` called, before the program is known: a fork server does so once, for all its children.
    """

    def __init__(self) -> None:
        self.record = mmap.mmap(-1, HEADER)
        self.program = ""
        self.start = 0.0
        self.calls = 0

    def attach(self, record: mmap.mmap, program: str) -> None:
        """Begin to record the program whose path is ``program``."""
        self.record = record
        self.program = program
        self.start = time.perf_counter()

    def write(self, **event: Any) -> None:
        """Append one event; a full or closed record keeps what it has."""
        line = json.dumps(event).encode() + b"\n"
        try:
            used = int.from_bytes(self.record[:HEADER], "little")
            if HEADER + used + len(line) <= len(self.record):
                self.record[HEADER + used : HEADER + used + len(line)] = line
                self.record[:HEADER] = (used + len(line)).to_bytes(HEADER, "little")
        except ValueError:  # the program closed the mapping: it has no record, and no other harm
            return

    def line(self, frame: FrameType | None) -> int | None:
        """Give the student's line that is being run in ``frame`` or in one of its callers."""
        while frame is not None:
            if frame.f_code.co_filename == self.program:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def called(self, name: str, sock: socket.socket, args: tuple[Any, ...]) -> int:
        """Note that a call begins; give its number."""
        self.calls += 1
        number = self.calls
        self.write(
            event="call",
            id=os.getpid() << 32 | number,
            name=name,
            fd=_fd(sock),
            args=[_shown(arg) for arg in args],
            line=self.line(sys._getframe(2)),
            at=round(time.perf_counter() - self.start, 6),
        )
        return os.getpid() << 32 | number

    def patch(self) -> None:
        """Have every socket of this process write down its calls.

        The methods of ``socket.socket`` itself are replaced, so that a program's own subclasses, the
        sockets that ``accept`` returns and those that the standard library makes record too.
        """
        for name in RECORDED:
            original = getattr(socket.socket, name, None)
            if original is not None:
                setattr(socket.socket, name, self._recorded(name, original))
        self._patch_init()

    def _recorded(self, name: str, original: Any) -> Any:
        @functools.wraps(original)
        def method(sock: socket.socket, *args: Any, **kwargs: Any) -> Any:
            if self.line(sys._getframe(1)) is None or sock.family not in _FAMILIES:
                return original(sock, *args, **kwargs)
            number = self.called(name, sock, args)
            try:
                result = original(sock, *args, **kwargs)
            except BaseException as error:
                self.write(event="return", id=number, error=_shown_error(error))
                raise
            self.write(event="return", id=number, result=_shown(result))
            return result

        return method

    def _patch_init(self) -> None:
        original = socket.socket.__init__

        @functools.wraps(original)
        def init(sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            original(sock, *args, **kwargs)
            made = len(args) < _FILENO and kwargs.get("fileno") is None  # not one that accept wraps
            if made and sock.family in _FAMILIES and self.line(sys._getframe(1)) is not None:
                number = self.called("socket", sock, (sock.family.name, sock.type.name))
                self.write(event="return", id=number, result=str(_fd(sock)))

        socket.socket.__init__ = init  # type: ignore[method-assign,assignment]  # what this module is for

    def note_line_on_signal(self) -> None:
        """On ``SIGUSR2``, write down the line being run: how the grader asks a program that hangs."""

        def note(_signal: int, frame: FrameType | None) -> None:
            self.write(event="line", line=self.line(frame))

        signal.signal(signal.SIGUSR2, note)


_FILENO = 4  # place of `fileno` among the arguments of socket.socket
_FAMILIES = (socket.AF_INET, socket.AF_INET6)


def _fd(sock: socket.socket) -> int:
    try:
        return sock.fileno()
    except (OSError, AttributeError):
        return -1


def _shown(value: object) -> str:
    try:
        if isinstance(value, (bytes, bytearray, str)) and len(value) > SHOWN:
            half = SHOWN // 2
            return f"{value[:half]!r}…{value[-half:]!r} ({len(value)} in all)"
        if isinstance(value, memoryview):
            return f"<memoryview of {value.nbytes} bytes>"
        text = repr(value)
    except Exception as error:  # noqa: BLE001  a program's own __repr__ may raise anything
        return f"<{type(value).__name__}: repr raised {type(error).__name__}>"
    return text if len(text) <= 3 * SHOWN else f"{text[:SHOWN]}…{text[-SHOWN:]}"


def _shown_error(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[: 3 * SHOWN]
    except Exception:  # noqa: BLE001  a program's own __str__ may raise anything
        return type(error).__name__
