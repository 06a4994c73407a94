"""A student's server in one check: started, met wherever it waits, and watched.

The same for UDP and TCP; `grading.arena.udp` and `grading.arena.tcp` add the clients that we are to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from grading.arena.arena import PORT, Arena, Stalled, reachable
from grading.arena.keyboard import TYPED_AT_MOST, answer_to_prompt
from grading.arena.mismatch import Mismatch, mismatch
from grading.arena.program import Program, Script
from grading.arena.sockets import KINDS, Address, Kind, SocketEntry
from grading.arena.stage import Stage


class Server:
    """A server program that waits at an address."""

    kind: ClassVar[Kind]
    waiting: ClassVar[str]
    """What is asked for, such as ``UDP socket bound to``."""
    was_at: ClassVar[str]
    """The same of one that was there, such as ``was bound to``."""
    type: ClassVar[str]
    arrives: ClassVar[str]
    """The call by which it is there."""
    absent: ClassVar[str]
    """The cause where no such socket is there."""

    def __init__(self, stage: Stage, script: Script) -> None:
        """Start it and wait until it can be met, at whatever port. Raises `Mismatch` if it never can."""
        self.stage = stage
        self.arena: Arena = stage.arena()
        self.program: Program = self.arena.start(script)
        try:
            entry = self._met()
        except Stalled as stalled:
            if stalled.how == "ended" and (port := self._recorded_port()):
                raise self._gone(port) from None
            others = [kind for kind in KINDS if kind != self.kind and self.arena.bound(kind, self.program)]
            expected, happened = f"A {self.waiting} port {PORT}.", f"There was no {self.waiting} a port."
            suspect = "wrong-socket-type" if others else self.absent
            raise self.mismatch(suspect, expected, happened, stalled) from None
        self.bound: Address = entry.local
        self.address: Address = reachable(entry.local)

    def _met(self) -> SocketEntry:
        """Wait for its socket; one that asks for its host and port is told the slides'. Raises `Stalled`."""

        def seen() -> SocketEntry | str | None:
            entry = self.arena.bound(self.kind, self.program)
            asks = entry is None and len(self.program.typed) < TYPED_AT_MOST and self.arena.at_keyboard(self.program)
            return "asks" if asks else entry

        while (found := self.arena.wait(seen, self.program)) == "asks":
            self.program.type(answer_to_prompt(self.stage, self.program, ""))
        assert isinstance(found, SocketEntry)
        return found

    def let_it_act(self) -> None:
        """Wait until it has done what it can do now, or has ended."""
        self.arena.until_settled(self.program)

    def until_settled(self) -> None:
        """See that it waits, and does not end by itself. Raises `Mismatch`."""
        self.let_it_act()
        if self.program.ended and not self.arena.daemons():
            raise self._gone(self.bound[1])

    def _recorded_port(self) -> int | None:
        """Give the port at which it was, as the record has it: its socket may be gone before it is seen."""
        calls = self.program.recorded().calls
        its = {call.result for call in calls if call.name == "socket" and repr(self.type) in call.args}
        there = [
            call for call in calls if call.name == self.arrives and call.result is not None and str(call.fd) in its
        ]
        return there[-1].local[1] if there and there[-1].local else None

    def _gone(self, port: int) -> Mismatch:
        """Tell of a server that was there and has ended, in the same words whether its socket was seen or not."""
        status = self.program.status or 0
        how = f"exit status {status}" if status >= 0 else f"signal {-status}"
        happened = f"It {self.was_at} port {port} and ended at once ({how}), before any client came."
        return self.mismatch("crash", f"A server that waits at port {PORT}.", happened, facts={"left": str(port)})

    def mismatch(
        self,
        suspect: str,
        expected: str,
        happened: str,
        stalled: Stalled | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> Mismatch:
        """Put together a failed claim with what is known of this server."""
        return mismatch(self.arena, self.program, suspect, expected, happened, stalled, facts)
