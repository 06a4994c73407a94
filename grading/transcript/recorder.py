"""Keep a program's socket calls, with the student's line of each, for explaining what it did.

Runs inside the student's process, so nothing here decides a verdict. Standard library only: inside the
sandbox nothing else of this project exists.

The record is JSON lines in a shared memory mapping: the first eight bytes say how long it is. A mapping
outlives the process that wrote it, however that ended, and takes no file descriptor that a program
could close or hand to one of its own sockets.

The program must not notice. Methods are replaced on ``socket.socket`` itself, so that ``type``, ``isinstance`` and
``repr`` see what they saw before. And an exception passes through without a trace of ours: a bare ``raise`` adds no
entry to a traceback (CPython 3.10 to 3.14: it goes past ``PyTraceBack_Here``), and the entry of the call itself is
taken off before it.
"""

import _thread
import functools
import json
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

HEADER = 8
"""Bytes of the length at the start of a record, little-endian."""

RECORDED = (
    *("bind", "listen", "accept", "connect", "connect_ex", "shutdown", "close", "detach"),
    *("send", "sendall", "sendto", "sendmsg", "recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg"),
)
"""Methods of ``socket.socket`` that are written down, beside its making."""

LONGEST = 32 * 1024
"""Bytes that one event takes at most, as a rule."""
SHOWN = 1024
"""Bytes or characters of an argument or result that are kept; longer ones are cut in the middle."""


class Recorder:
    """Writes events into a mapping until that is full.

    Made, and `patch` called, before the program is known: a fork server does so once, for all its children.
    """

    def __init__(self) -> None:
        self.record = mmap.mmap(-1, HEADER)
        self.program = ""
        self.start = 0.0
        self.calls = 0
        self._writing = _thread.RLock()  # a signal may come while its own thread writes
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._new_lock)

    def _new_lock(self) -> None:
        self._writing = _thread.RLock()  # another thread of the parent may have held it

    def attach(self, record: mmap.mmap, program: str) -> None:
        """Begin to record the program whose path is ``program``."""
        self.record = record
        self.program = program
        self.start = time.perf_counter()
        self.write(event="start", at=self.start)

    def write(self, **event: Any) -> None:
        """Append one event; a full or closed record keeps what it has."""
        line = json.dumps(event).encode() + b"\n"
        try:
            with self._writing:
                used = int.from_bytes(self.record[:HEADER], "little")
                if HEADER + used + len(line) <= len(self.record):
                    self.record[:HEADER] = (used + len(line)).to_bytes(HEADER, "little")
                    self.record[HEADER + used : HEADER + used + len(line)] = line
        except ValueError:  # the program closed the mapping: it has no record, and no other harm
            return

    def line(self, frame: FrameType | None) -> int | None:
        """Give the student's line that is being run in ``frame`` or in one of its callers."""
        while frame is not None:
            if frame.f_code.co_filename == self.program:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def keeps(self, sock: socket.socket, frame: FrameType) -> bool:
        """Whether a call from ``frame`` on this socket is the program's, and of a family that the labs are about."""
        return sock.family in _FAMILIES and self.line(frame) is not None

    def called(self, name: str, sock: socket.socket, args: tuple[Any, ...], frame: FrameType) -> int:
        """Note that a call begins; give its number."""
        self.calls += 1
        number = os.getpid() << 32 | self.calls
        self.write(
            event="call",
            id=number,
            name=name,
            fd=_fd(sock),
            args=[shown(arg) for arg in args],
            line=self.line(frame),
            at=self.now(),
        )
        return number

    def now(self) -> float:
        """Seconds since the start."""
        return round(time.perf_counter() - self.start, 6)

    def returned(self, number: int, sock: socket.socket, result: Any) -> None:
        """Note that a call came back, with what the drawing needs to know of its socket."""
        made = _fd(result[0]) if isinstance(result, tuple) and isinstance(result[0], socket.socket) else None
        local = _local(sock)
        self.write(event="return", id=number, result=shown(result), at=self.now(), made=made, local=local)

    def raised(self, number: int, error: BaseException) -> None:
        """Note that a call raised."""
        self.write(event="return", id=number, error=_shown_error(error), at=self.now())

    def patch(self) -> Callable[[], None]:
        """Have every socket of this process write down its calls; give what undoes it.

        The methods of ``socket.socket`` itself are replaced, so that a program's own subclasses, the
        sockets that ``accept`` returns and those that the standard library makes record too.
        """
        before = {name: vars(socket.socket).get(name) for name in (*RECORDED, "__init__")}
        for name in RECORDED:
            original = getattr(socket.socket, name, None)
            if original is not None:
                setattr(socket.socket, name, self._recorded(name, original))
        socket.socket.__init__ = self._recorded_init(socket.socket.__init__)  # type: ignore[method-assign]  # our purpose

        def undo() -> None:
            for name, own in before.items():
                if own is not None:
                    setattr(socket.socket, name, own)
                elif name in vars(socket.socket):
                    delattr(socket.socket, name)

        return undo

    def _recorded(self, name: str, original: Any) -> Any:
        @functools.wraps(original)
        def method(sock: socket.socket, *args: Any, **kwargs: Any) -> Any:
            number = 0
            try:
                if self.keeps(sock, sys._getframe(1)):
                    number = self.called(name, sock, args, sys._getframe(1))
                result = original(sock, *args, **kwargs)
            except BaseException as error:
                if number:
                    self.raised(number, error)
                error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
                raise
            if number:
                self.returned(number, sock, result)
            return result

        return method

    def _recorded_init(self, original: Any) -> Any:
        @functools.wraps(original)
        def init(sock: socket.socket, *args: Any, **kwargs: Any) -> None:
            try:
                original(sock, *args, **kwargs)
            except BaseException as error:
                error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next
                raise
            made = len(args) < _FILENO and kwargs.get("fileno") is None  # not one that accept wraps
            if made and self.keeps(sock, sys._getframe(1)):
                number = self.called("socket", sock, (sock.family.name, sock.type.name), sys._getframe(1))
                self.write(event="return", id=number, result=str(_fd(sock)), at=self.now())

        return init

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


def _local(sock: socket.socket) -> list[Any] | None:
    """Give the address of a socket that has one."""
    try:
        address = socket.SocketType.getsockname(sock)
    except OSError:  # it is closed
        return None
    return list(address[:2]) if address[1] else None


def shown(value: object) -> str:
    """Show an argument or a result as ``repr`` does, a long one by its ends."""
    try:
        if type(value) is tuple and len(value) > 1 and isinstance(value[0], bytes):  # what recvfrom returns
            return f"({', '.join(shown(each) for each in value)})"
        if isinstance(value, (bytes, bytearray, str)) and len(value) > SHOWN:
            half = SHOWN // 2
            return f"{value[:half]!r}…{value[-half:]!r} ({len(value)} in all)"
        if isinstance(value, memoryview):
            return f"<memoryview of {value.nbytes} bytes>"
        text = repr(value)
    except Exception as error:  # noqa: BLE001  a program's own __repr__ may raise anything
        return f"<{type(value).__name__}: repr raised {type(error).__name__}>"
    return text if len(text) <= 5 * SHOWN else f"{text[:SHOWN]}…{text[-SHOWN:]}"


def _shown_error(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[: 3 * SHOWN]
    except Exception:  # noqa: BLE001  a program's own __str__ may raise anything
        return type(error).__name__
