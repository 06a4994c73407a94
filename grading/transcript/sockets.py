"""Which socket is which: named by what a program does with it, as its author would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grading.transcript.calls import Call


@dataclass
class _Socket:
    accepted: bool = False
    listens: bool = False
    closed: bool = False

    @property
    def kind(self) -> str:
        if self.closed:
            return "closed socket"
        return "connection" if self.accepted else "welcoming socket" if self.listens else "socket"


def names_of(calls: Sequence[Call], several: str = "") -> list[tuple[str, str]]:
    """Give for each call the name of its socket, and of one that it made: ``welcoming socket``, ``connection 1``.

    Empty where there is but one. ``several`` is what they are called where that is known: ``client 1``. A descriptor
    is used again when its socket is closed; one that nobody made here (``dup``, a child process) is a new socket.
    """
    sockets: list[_Socket] = []
    live: dict[int, dict[int, _Socket]] = {}
    of_call: list[tuple[_Socket, _Socket | None]] = []

    def add(of_process: dict[int, _Socket], fd: int, *, accepted: bool = False) -> _Socket:
        of_process[fd] = _Socket(accepted=accepted)
        sockets.append(of_process[fd])
        return of_process[fd]

    for call in calls:
        if call.process not in live:  # a child begins with the sockets of its parent
            live[call.process] = dict(next(iter(live.values()), {}))
        here = live[call.process]
        known = here.get(call.fd) if call.name != "socket" else None
        found = known or add(here, call.fd)
        found.closed = found.closed or call.fd < 0
        found.listens = found.listens or call.name == "listen"
        of_call.append((found, None if call.made is None else add(here, call.made, accepted=True)))
        if call.name in ("close", "detach") and call.error is None and call.returned:
            here.pop(call.fd, None)
    labels = _labels(sockets, several)
    return [(labels[id(own)], labels[id(made)] if made else "") for own, made in of_call]


def _labels(sockets: Sequence[_Socket], several: str) -> dict[int, str]:
    if len(sockets) == 1:
        return {id(sockets[0]): ""}
    kinds = [
        several or ("connection" if s.accepted else "welcoming socket" if s.listens else "socket") for s in sockets
    ]
    seen: dict[str, int] = {}
    labels = {}
    for each, kind in zip(sockets, kinds, strict=True):
        seen[kind] = seen.get(kind, 0) + 1
        only = kinds.count(kind) == 1 and kind not in ("connection", several)
        labels[id(each)] = kind if only else f"{kind} {seen[kind]}"
    return labels
