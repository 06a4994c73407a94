"""Keep a program's socket calls, with the student's line of each, for explaining what it did.

Runs inside the student's process, so nothing here decides a verdict. Standard library only: inside the
sandbox nothing else of this project exists.

The record is JSON lines in a shared memory mapping: the first eight bytes say how long it is. A mapping
outlives the process that wrote it, however that ended, and takes no file descriptor that a program
could close or hand to one of its own sockets.

The program must not notice.

- Methods are replaced on ``socket.socket`` itself, so that ``type``, ``isinstance`` and ``repr`` see what they saw
  before. In the place of a method of C stands a stand-in that answers every question as that method does.
- An exception passes through without a trace of ours: our entries are taken off its traceback, and a bare ``raise``
  adds none (CPython goes past ``PyTraceBack_Here``). A signal's handler may raise in the midst of us, so nothing
  here catches an exception but its own.
- Nothing of the program's is run to show a value: no ``__repr__``, no method that it overrides.

What it can see all the same: ``vars(socket.socket)`` and ``help(socket.socket)`` list more methods; ``type(s.recv)``
is a namesake; ``recv = s.recv; recv(n=1)`` is refused in the name of ``socket.recv()``, not ``recv()``; the frame
given to a signal's handler is one of ours; and where that raises at our very first or last instruction, the
traceback has one entry more.
"""

from __future__ import annotations

import _thread
import functools
import mmap
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from types import FrameType, TracebackType

try:
    from _json import encode_basestring_ascii
except ImportError:  # not CPython
    from json.encoder import encode_basestring_ascii

TYPE_CHECKING = False  # ``typing`` and ``json`` are not imported: what a process has in memory costs each fork of it
if TYPE_CHECKING:
    from typing import Any

if sys.version_info < (3, 11):
    import ctypes

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

_SOCKET, _OF_C = socket.socket, socket.SocketType  # a program may put its own class in their place
_FILENO = 4  # place of `fileno` among the arguments of socket.socket
_PATIENCE = 0.5  # seconds to wait for another process that writes a line
_FAMILIES = {int(family): family.name for family in (socket.AF_INET, socket.AF_INET6)}
_DATA = (bytes, str, bytearray)
_PLAIN: tuple[Any, ...] = (*_DATA, int, float, bool, type(None))
_ITEMS = 4  # of a tuple or list that are shown
_KINDS = {int(kind): kind.name for kind in socket.SocketKind}


class Recorder:
    """Writes events into a mapping until that is full.

    Made, and `patch` called, before the program is known: a fork server does so once, for all its children.
    """

    def __init__(self) -> None:
        self.record = mmap.mmap(-1, HEADER)
        self.program = ""
        self.start = 0.0
        self.calls = 0
        self.before: dict[str, Callable[[socket.socket], None]] = {}
        """What is to be done before a call of that name."""
        self._among_processes: Any = None
        self._after_fork()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(before=self._before_fork, after_in_child=self._after_fork)

    def _before_fork(self) -> None:
        """Make the lock that the processes of a program share; most have but one, and do without."""
        if self.program and self._among_processes is None:
            try:
                import _multiprocessing  # type: ignore[import-not-found]  # noqa: PLC0415  not in typeshed; see above

                name = f"/socketlabs-{time.perf_counter_ns()}"
                self._among_processes = _multiprocessing.SemLock(1, 1, 1, name, True)  # a semaphore: 1 of at most 1
            except (ImportError, OSError):  # a system without: lines of processes that write at once may be lost
                return

    def _after_fork(self) -> None:
        self._process = os.getpid() << 32
        self._writing = _thread.RLock()  # another thread of the parent may have held it
        self._busy = False
        self._lines: list[bytes] = []

    def attach(self, record: mmap.mmap, program: str) -> None:
        """Begin to record the program whose path is ``program``."""
        self.record = record
        self.program = program
        self.start = time.perf_counter()
        self.write(event="start", at=self.start)

    def detach(self) -> None:
        """Record nothing any more, until it is attached again."""
        self.record = mmap.mmap(-1, HEADER)
        self.program = ""
        self.calls = 0

    def write(self, **event: Any) -> None:
        """Append one event; a full or closed record keeps what it has."""
        line = ("{" + ", ".join([f'"{key}": {_json(value)}' for key, value in event.items()]) + "}\n").encode()
        with self._writing:
            self._lines.append(line)
            if self._busy:  # a signal came while this thread was writing: it goes on with this line
                return
            self._busy = True
            try:
                while self._lines:
                    self._append(self._lines.pop(0))
            finally:
                self._busy = False

    def _append(self, line: bytes) -> None:
        lock = self._among_processes
        if lock and not lock.acquire(True, _PATIENCE):
            lock = self._among_processes = None  # a process that held it was killed
        try:
            used = int.from_bytes(self.record[:HEADER], "little")
            if HEADER + used + len(line) <= len(self.record):
                self.record[HEADER + used : HEADER + used + len(line)] = line
                self.record[:HEADER] = (used + len(line)).to_bytes(HEADER, "little")
        except ValueError as error:  # the program closed the mapping: it has no record, and no other harm
            _unless_ours(error)
        finally:
            if lock:
                lock.release()

    def line(self, frame: FrameType | None) -> int | None:
        """Give the student's line that is being run in ``frame`` or in one of its callers."""
        while frame is not None:
            if frame.f_code.co_filename == self.program:
                return frame.f_lineno
            frame = frame.f_back
        return None

    def now(self) -> float:
        """Seconds since the start."""
        return round(time.perf_counter() - self.start, 6)

    def called(self, name: str, sock: socket.socket, args: tuple[Any, ...], frame: FrameType) -> int:
        """Note that a call begins; give its number, or 0 if it is not kept.

        Kept are calls of the program's own, and of a family that the labs are about.
        """
        line = self.line(frame) if _OF_C.family.__get__(sock) in _FAMILIES else None
        if line is None:
            return 0
        self.calls += 1
        number = self._process | self.calls
        shown_args = [shown(arg) for arg in args]
        self.write(event="call", id=number, name=name, fd=_fd(sock), args=shown_args, line=line, at=self.now())
        return number

    def returned(self, number: int, sock: socket.socket, result: Any) -> None:
        """Note that a call came back, with what the drawing needs to know of its socket."""
        made = _fd(result[0]) if type(result) is tuple and isinstance(result[0], _SOCKET) else None
        local = _local(sock)
        self.write(event="return", id=number, result=shown(result), at=self.now(), made=made, local=local)

    def raised(self, number: int, error: BaseException) -> None:
        """Note that a call raised."""
        self.write(event="return", id=number, error=_shown_error(error), at=self.now())

    def passed_on(
        self, original: Callable[..., Any], sock: socket.socket, args: tuple[Any, ...], more: dict[str, Any]
    ) -> Any:
        """Do a call that the program made in the frame before the caller's, and note it."""
        name = original.__name__
        number = self.called(name, sock, args, sys._getframe(2))
        try:
            if name in self.before:
                self.before[name](sock)
            result = original(sock, *args, **more)
        except BaseException as error:
            if number:
                self.raised(number, error)
            raise
        if number:
            self.returned(number, sock, result)
        return result

    def patch(self) -> Callable[[], None]:
        """Have every socket of this process write down its calls; give what undoes it.

        The methods of ``socket.socket`` itself are replaced, so that a program's own subclasses, the
        sockets that ``accept`` returns and those that the standard library makes record too.
        """
        before = {name: vars(_SOCKET).get(name) for name in (*RECORDED, "__init__")}
        for name in RECORDED:
            original = getattr(_SOCKET, name, None)
            if original is not None:
                of_c = before[name] is None
                setattr(_SOCKET, name, _stand_in(_Method, original, self) if of_c else self._recorded(original))
        _SOCKET.__init__ = self._recorded_init(_SOCKET.__init__)  # type: ignore[method-assign]  # our purpose

        def undo() -> None:
            for name, own in before.items():
                if own is not None:
                    setattr(_SOCKET, name, own)
                elif name in vars(_SOCKET):
                    delattr(_SOCKET, name)

        return undo

    def _recorded(self, original: Any) -> Any:
        """Give what stands in the place of a method of Python."""

        @functools.wraps(original)
        def method(*args: Any, **more: Any) -> Any:
            try:
                if not args or not issubclass(type(args[0]), _SOCKET):
                    return original(*args, **more)
                return self.passed_on(original, args[0], args[1:], more)
            except BaseException as error:
                leave_no_trace(error)
                raise

        return method

    def _recorded_init(self, original: Any) -> Any:
        @functools.wraps(original)
        def init(*args: Any, **more: Any) -> None:
            try:
                original(*args, **more)
                sock, args = args[0], args[1:]
                if len(args) < _FILENO and more.get("fileno") is None:  # not one that accept wraps
                    kind = _OF_C.type.__get__(sock)
                    made = (_FAMILIES.get(_OF_C.family.__get__(sock)), _KINDS.get(kind, kind))
                    if number := self.called("socket", sock, made, sys._getframe(1)):
                        self.write(event="return", id=number, result=str(_fd(sock)), at=self.now())
            except BaseException as error:
                leave_no_trace(error)
                raise

        return init

    def note_line_on_signal(self) -> None:
        """On ``SIGUSR2``, write down the line being run: how the grader asks a program that hangs."""

        def note(_signal: int, frame: FrameType | None) -> None:
            self.write(event="line", line=self.line(frame))

        signal.signal(signal.SIGUSR2, note)


class _StandIn:
    # Something of C, replaced: calls go through us, and it answers every question itself.

    __slots__ = ("__weakref__", "real", "recorder")

    real: Any
    recorder: Recorder

    def __getattribute__(self, name: str) -> Any:
        try:
            return getattr(_REAL(self), name)
        except BaseException as error:
            leave_no_trace(error)
            raise

    def __repr__(self) -> str:
        return repr(_REAL(self))

    def __eq__(self, other: object) -> Any:
        return _REAL(self) == (_REAL(other) if issubclass(type(other), _StandIn) else other)

    def __hash__(self) -> int:
        return hash(_REAL(self))


_REAL: Callable[[Any], Any] = vars(_StandIn)["real"].__get__  # past __getattribute__, which is the original's
_RECORDER: Callable[[Any], Recorder] = vars(_StandIn)["recorder"].__get__


class _Method(_StandIn):
    # ``socket.socket.recv`` and the like

    __slots__ = ()

    def __get__(self, sock: Any, owner: Any = None) -> Any:
        try:
            return self if sock is None else _stand_in(_BoundMethod, _REAL(self).__get__(sock, owner), _RECORDER(self))
        except BaseException as error:
            leave_no_trace(error)
            raise

    def __call__(self, *args: Any, **more: Any) -> Any:
        try:
            if args and issubclass(type(args[0]), _SOCKET):
                return _RECORDER(self).passed_on(_REAL(self), args[0], args[1:], more)
            return _REAL(self)(*args, **more)
        except BaseException as error:
            leave_no_trace(error)
            raise


class _BoundMethod(_StandIn):
    # ``s.recv`` and the like

    __slots__ = ()

    def __call__(self, *args: Any, **more: Any) -> Any:
        try:
            bound = _REAL(self)
            return _RECORDER(self).passed_on(getattr(_OF_C, bound.__name__), bound.__self__, args, more)
        except BaseException as error:
            leave_no_trace(error)
            raise


def _stand_in(kind: type[_StandIn], real: Any, recorder: Recorder) -> Any:
    stands = kind()
    stands.real = real
    stands.recorder = recorder
    return stands


for _kind, _real in ((_Method, _OF_C.recv), (_BoundMethod, len)):
    _kind.__name__ = _kind.__qualname__ = type(_real).__name__  # the interpreter names it in messages
    _kind.__module__ = "builtins"
    _kind.__doc__ = property(lambda stand_in: _REAL(stand_in).__doc__)  # type: ignore[assignment]  # for ``help``


_HERE = Recorder.write.__code__.co_filename


def leave_no_trace(error: BaseException) -> None:
    """Take the entries of this module off the beginning of a traceback that is about to be passed on."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == _HERE:
        trace = trace.tb_next
    error.__traceback__ = trace
    if sys.version_info < (3, 11):
        _handle_3_10(error, trace)


def _handle_3_10(error: BaseException, trace: TracebackType | None) -> None:
    """Have the ``raise`` that follows take this traceback: CPython 3.10 keeps another one beside the exception."""
    state = [ctypes.py_object(each) for each in (type(error), error, trace)]
    for each in state:
        ctypes.pythonapi.Py_IncRef(each)
    ctypes.pythonapi.PyErr_SetExcInfo(*state)


def _unless_ours(error: Exception) -> None:
    """Raise an exception again that is not of the very line that caught it, but of a signal's handler there."""
    if error.__traceback__ is not None and error.__traceback__.tb_next is not None:
        raise error


def _fd(sock: socket.socket) -> int:
    return _OF_C.fileno(sock)


def _local(sock: socket.socket) -> list[Any] | None:
    """Give the address of a socket that has one."""
    try:
        address = _OF_C.getsockname(sock)
    except OSError as error:  # it is closed
        _unless_ours(error)
        return None
    return list(address[:2]) if address[1] else None


def shown(value: object, depth: int = 2) -> str:
    """Show an argument or a result as ``repr`` does: a long one by its ends, a thing of the program's by its type."""
    kind: type = type(value)
    it: Any = value
    if kind not in _PLAIN:
        if kind is tuple or kind is list:
            return _shown_items(it, depth)
        if kind is memoryview:
            return _shown_view(it)
        base = next((each for each in _PLAIN if issubclass(kind, each)), None)
        if base is None:
            return f"<{kind.__name__} fd={_fd(it)}>" if issubclass(kind, _SOCKET) else f"<{kind.__name__}>"
        kind, it = base, base.__getitem__(it, slice(None)) if base in _DATA else base.__add__(it, base())
    if kind in _DATA and len(it) > SHOWN:
        half = SHOWN // 2
        return f"{it[:half]!r}…{it[-half:]!r} ({len(it)} in all)"
    if kind is int and it.bit_length() > SHOWN:
        return f"<int of {it.bit_length()} bits>"
    return repr(it)


def _shown_view(view: memoryview) -> str:
    half = SHOWN // 2
    try:
        if view.itemsize != 1 or view.ndim != 1:
            return "<memoryview>"
        if len(view) <= SHOWN:
            return repr(view.tobytes())
        return f"{view[:half].tobytes()!r}…{view[-half:].tobytes()!r} ({len(view)} in all)"
    except ValueError as error:  # it is released
        _unless_ours(error)
        return "<memoryview>"


def _shown_items(items: Any, depth: int) -> str:
    inner = ", ".join([shown(each, depth - 1) for each in items[:_ITEMS]]) if depth else "…"
    if depth and len(items) > _ITEMS:
        inner += ", …"
    if type(items) is list:
        return f"[{inner}]"
    return f"({inner},)" if len(items) == 1 else f"({inner})"


def _json(value: object) -> str:
    """Write one value of an event; ``json.dumps`` takes five times as long."""
    write = _JSON.get(type(value))
    return write(value) if write else "null"


_JSON: dict[type, Callable[[Any], str]] = {
    str: encode_basestring_ascii,
    int: int.__repr__,
    float: float.__repr__,
    list: lambda values: f"[{', '.join(map(_json, values))}]",
}


def _shown_error(error: BaseException) -> str:
    kind = type(error)
    of_c = type(kind.__str__) is type(BaseException.__str__) and all(type(arg) in (str, int) for arg in error.args)
    return f"{kind.__name__}: {error}"[: 3 * SHOWN] if of_c else kind.__name__
