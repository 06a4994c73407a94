"""Which socket is which: named by what a program does with it, as its author would."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from grading.transcript.calls import Call

_PROCESSES_AT_MOST = 32
_CLOSED = "closed socket"


@dataclass(eq=False)
class Socket:
    """One socket of a program."""

    accepted: bool = False
    listens: bool = False
    unknown: bool = False
    """It was closed before, and there is no telling which it was."""
    used_by: int | None = None
    """The process that called it first."""

    @property
    def kind(self) -> str:
        if self.unknown:
            return _CLOSED
        return "connection" if self.accepted else "welcoming socket" if self.listens else "socket"


@dataclass
class _Process:
    """The descriptors of one process."""

    live: dict[int, Socket] = field(default_factory=dict)
    had: dict[int, list[Socket]] = field(default_factory=dict)
    """Every socket that a descriptor has been, in order."""
    closed: list[Socket] = field(default_factory=list)
    number: int = 0

    def open(self, fd: int, sock: Socket) -> Socket:
        self.live[fd] = sock
        self.had.setdefault(fd, []).append(sock)
        return sock

    def close(self, fd: int) -> None:
        if fd in self.live:
            self.closed.append(self.live.pop(fd))

    def closed_before(self, call: Call) -> Socket | None:
        """Find the socket of a call that came after its ``close``: such a one has no descriptor."""
        could = [each for each in self.closed if each.listens] if call.name in ("accept", "listen") else self.closed
        return could[0] if len(could) == 1 else None

    def inherited(self, fd: int, by: int) -> Socket | None:
        """Find what a descriptor was when a child began: of connections, the first that no other process talks on."""
        had = self.had.get(fd, [])
        free = [each for each in had if each.accepted and each.used_by in (None, by)]
        free += [each for each in had[-1:] if not each.accepted]
        return free[0] if free else None


class Sockets:
    """All sockets of a program, in the order in which they came up."""

    def __init__(self, calls: Sequence[Call]) -> None:
        """Go through a program's calls in the order of time."""
        self.all: list[Socket] = []
        self.of_call: list[Socket] = [Socket()] * len(calls)
        self.made_by: list[Socket | None] = [None] * len(calls)
        self._processes: dict[int, _Process] = {}
        self._unknown = Socket(unknown=True)
        events = [(call.seconds, 1, place) for place, call in enumerate(calls)]
        events += [(call.until or call.seconds, 0, place) for place, call in enumerate(calls) if call.made is not None]
        for _, begins, place in sorted(events, key=lambda event: event[0]):
            call = calls[place]
            if begins:
                self.of_call[place] = self._of(call)
            elif call.made is not None:
                self.made_by[place] = self._process(call.process).open(call.made, self._new(accepted=True))

    def _new(self, *, accepted: bool = False) -> Socket:
        self.all.append(Socket(accepted=accepted))
        return self.all[-1]

    def _process(self, number: int) -> _Process:
        """Give one process; of very many, which a record may speak of, the last are taken for the first."""
        if number not in self._processes and len(self._processes) < _PROCESSES_AT_MOST:
            self._processes[number] = _Process(number=number)
        return self._processes.get(number, next(iter(self._processes.values())))

    def _of(self, call: Call) -> Socket:
        process = self._process(call.process)
        if call.name == "socket":
            return process.open(call.fd, self._new())
        found = process.live.get(call.fd)
        if found is None:
            found = self._found(process, call)
        found.listens = found.listens or call.name == "listen"
        if found.used_by is None and call.name not in ("close", "detach"):
            found.used_by = process.number
        if call.name in ("close", "detach") and call.error is None and call.returned:
            process.close(call.fd)
        return found

    def _found(self, process: _Process, call: Call) -> Socket:
        if call.fd < 0:
            return process.closed_before(call) or self._unknown
        first = next(iter(self._processes.values()))
        inherited = None if process is first else first.inherited(call.fd, process.number)
        return process.open(call.fd, inherited or self._new())


def names_of(calls: Sequence[Call], several: str = "") -> list[tuple[str, str]]:
    """Give for each call the name of its socket, and of one that it made: ``welcoming socket``, ``connection 1``.

    Empty where there is but one. ``several`` is what they are called where that is known: ``client 1``. A descriptor
    is used again when its socket is closed; one that nobody made here (``dup``) is a new socket.
    """
    sockets = Sockets(calls)
    labels = _labels(sockets.all, several)
    return [
        (labels.get(own, _CLOSED), labels[made] if made else "")
        for own, made in zip(sockets.of_call, sockets.made_by, strict=True)
    ]


def _labels(sockets: Sequence[Socket], several: str) -> dict[Socket, str]:
    if len(sockets) == 1:
        return {sockets[0]: ""}
    kinds = [several or each.kind for each in sockets]
    counts, seen = Counter(kinds), Counter[str]()
    labels = {}
    for each, kind in zip(sockets, kinds, strict=True):
        seen[kind] += 1
        only = counts[kind] == 1 and kind not in ("connection", several)
        labels[each] = kind if only else f"{kind} {seen[kind]}"
    return labels
