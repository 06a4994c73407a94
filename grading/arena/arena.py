"""The arena: where programs and their counterparts meet, for the time of one check.

Rules. Nothing is waited for by a pause: `Arena.wait` watches the sockets, the screens, the kernel's socket table
and the ends of programs. A wait ends in one of three ways: what was waited for is there; or a program that
could have brought it has ended, or can never go on (`Stalled`, at once); or the deadline has passed (`Stalled`
too: only programs that compute, or sleep on a timer, are given it in full).
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from grading.arena.limits import Excess, Limits, excess, too_much_below, too_much_output
from grading.arena.program import Program, Script
from grading.arena.sockets import Address, Kind, SocketEntry
from grading.arena.waiting import MULTIPLEXED, Waiting, is_stopped, processor_seconds, sleeps
from grading.arena.wire import Packet
from grading.transcript import Call, WitnessSocket

T = TypeVar("T")
A = TypeVar("A", bound="Arena")
PORT = 12000
"""The slides' port."""
DNS_PORT = 53
NO_LINGER = struct.pack("ii", 1, 0)
"""Value of SO_LINGER with which a closed connection is dropped, and leaves no TIME_WAIT behind."""
DEADLINE = 5.0
"""Seconds that a program gets for each step when it computes or sleeps."""
STILL = 0.02
"""Seconds for which a program must be seen waiting, without having run at all in between, before that is called a
hang. A packet on loopback is delivered before ``send`` returns, so this is many times what is needed."""
LOOK = 0.02
"""Seconds between two looks at what programs use. In this time two processes fill about 80 MB (measured)."""
TICK = 0.0005
"""Seconds between two looks at what cannot be waited for by descriptor, such as the socket table."""

_LIVES_ON = 0.05  # seconds of computing after which a program is not about to end
_ANSWERS_WITHIN = 0.2  # seconds for a program to say which line it is in: it does so at once or not at all


class GraderError(Exception):
    """The grader itself could not do its work: nobody's points are touched."""


class ArenaLost(GraderError):  # noqa: N818  a state, and not always an error
    """What programs run in has ended, or tells nonsense. Where a student's program ran in it, that is its doing."""

    def __init__(self, why: str, program: Program | None = None) -> None:
        super().__init__(why)
        self.program = program
        """The student's program that ran in it, if one did."""


@dataclass
class Stalled(Exception):  # noqa: N818  an outcome, not an error
    """What was waited for will not come."""

    program: Program
    how: str
    """``ended``, ``waits`` (it can never go on) or ``deadline``."""
    waits_in: str | None = None
    waits_on: str | None = None


class Arena(ABC):
    """Programs and lent sockets of one check. Leaving its ``with`` block ends all that it started."""

    programs: Sequence[Program]
    shared: bool
    """Whether it is the real loopback, with others on it."""

    def __init__(self, deadline: float = DEADLINE, limits: Limits | None = None) -> None:
        self.deadline = deadline
        self.limits = limits or Limits()
        self._opened_at = self._looked_at = time.perf_counter()
        self.names_asked: list[str] = []
        """Host names that programs had looked up: each led to the arena."""
        self.lent: list[socket.socket] = []
        self.witnessed: list[Call] = []
        """The calls that were made on lent sockets: what the counterpart did and saw."""

    def __enter__(self: A) -> A:  # noqa: PYI019  typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """End every process of the arena, daemons included, and close what it lent."""

    @abstractmethod
    def start(self, script: Script) -> Program:
        """Start a program; it runs from now on."""

    @abstractmethod
    def new_socket(self, kind: Kind) -> socket.socket:
        """Make a counterpart's socket in the arena, blocking and unbound."""

    @abstractmethod
    def sockets(self, kind: Kind) -> list[SocketEntry]:
        """List the sockets of the arena's programs, without those that the grader was lent."""

    def welcoming(self, kind: Kind) -> list[SocketEntry]:
        """List the sockets of the arena's programs at which one may be met, and perhaps others."""
        return self.sockets(kind)

    @abstractmethod
    def packets(self) -> list[Packet]:
        """List the packets that crossed the arena so far; empty where they cannot be seen."""

    @abstractmethod
    def pump(self) -> None:
        """Take in what has happened: output, ends, questions for names."""

    @abstractmethod
    def news(self, sockets: Sequence[socket.socket], seconds: float) -> None:
        """Wait until one of the sockets is readable, a program prints or ends, or the time is over."""

    @abstractmethod
    def waits(self) -> tuple[Waiting, ...] | None:
        """What all programs of the arena wait for (see `waits_of`)."""

    @abstractmethod
    def daemons(self) -> list[int]:
        """PIDs of processes that live on although the program that started them has ended."""

    @abstractmethod
    def own_processes(self) -> list[int]:
        """PIDs of all processes that programs are, or have started."""

    @abstractmethod
    def stop_all(self) -> None:
        """End all programs at once, with all that they started: they count as ended by SIGKILL."""

    def eyes(self) -> AbstractContextManager[None]:
        """Look at the programs' processes as one who may."""
        return contextlib.nullcontext()

    @property
    def folder(self) -> str:
        """The folder of this machine that holds all that the programs write; empty where there is none."""
        return ""

    def file_system_of(self, pid: int) -> str:
        """Give a folder whose file system is that of the programs alone; empty where there is none."""
        return ""

    @abstractmethod
    def at_keyboard(self, program: Program) -> bool:
        """Whether a program waits for a line to be typed."""

    @property
    def everywhere(self) -> str:
        """The address on which a counterpart listens: every one where that is private, else loopback alone."""
        return "127.0.0.1" if self.shared else "0.0.0.0"  # noqa: S104  see the docstring

    def lend(self, kind: Kind) -> socket.socket:
        """Lend a counterpart's socket; it is closed with the arena."""
        lent = WitnessSocket(self.witnessed, self.new_socket(kind).detach())
        self.lent.append(lent)
        return lent

    def wait(
        self,
        seen: Callable[[], T | None],
        on: Program,
        sockets: Sequence[socket.socket] = (),
        *,
        typing: bool = False,
    ) -> T:
        """Wait until ``seen()`` gives something, which the program ``on`` should bring about.

        ``sockets`` are those whose being readable may change what ``seen`` says. A program that waits at
        its keyboard is not stalled where ``typing`` says that a line may still be typed.
        """
        begin = time.perf_counter()
        still: tuple[Waiting, ...] | None = None
        still_since = begin
        while True:
            self.pump()
            if (found := seen()) is not None:
                return found
            self._hold_to_limits(on)
            if on.ended and not self.daemons():
                self.pump()
                if (found := seen()) is not None:
                    return found
                raise Stalled(on, "ended")
            now = time.perf_counter()
            if now - begin > self.deadline:
                raise Stalled(on, "deadline")
            if now - begin > 4 * TICK:
                waits = self.waits()
                if not waits or waits != still or self._something_is_due(waits):
                    still, still_since = waits, now
                elif now - still_since > STILL and not (typing and self.at_keyboard(on)):
                    raise self._stalled(on, waits)
            self.news(sockets, TICK if now - begin < 20 * TICK else 4 * TICK)

    def _hold_to_limits(self, on: Program) -> None:
        """Stop programs that use more than they may; ``on`` is the one that gets the blame.

        Looked at now and then only: a check that is over sooner is not looked at.
        """
        over: Excess | None = None
        now = time.perf_counter()
        talker = next((one for one in self.programs if one.printed_bytes > self.limits.output), None)
        if talker is not None:
            over, on = too_much_output(self.limits), talker
        elif now - self._opened_at > self.limits.steps * self.deadline:
            seconds = self.limits.steps * self.deadline
            over = Excess("out-of-time", f"The check had taken {seconds:g} seconds, and was ended.")
        elif now - self._looked_at > LOOK:
            self._looked_at = now
            pids = self.own_processes()
            with self.eyes():
                over = excess(pids, self.limits, seen_from=self.file_system_of(pids[0]) if pids else "")
            over = over or (too_much_below(self.folder, self.limits) if self.folder else None)
        if over is None or on.ended:
            return
        on.last_line = self.ask_for_line(on)
        self.stop_all()
        on.excess = over

    def _something_is_due(self, waits: tuple[Waiting, ...]) -> bool:
        """Whether something lies ready for a thread that waits: then it is about to go on."""
        inodes = {f"socket:[{entry.inode}]": entry.queued for entry in self._all_sockets()}
        some_queue = any(inodes.values())
        return any(
            inodes.get(waiting.target, 0) > 0 if waiting.target else waiting.call in MULTIPLEXED and some_queue
            for waiting in waits
        )

    def _all_sockets(self) -> list[SocketEntry]:
        return [*self.sockets("udp"), *self.sockets("tcp")]

    def _stalled(self, on: Program, waits: tuple[Waiting, ...]) -> Stalled:
        own = [waiting for waiting in waits if self.belongs(waiting, on)]
        told = next((one for one in own if one.target), own[0] if own else waits[0])
        return Stalled(on, "waits", told.call, self._describe(told, on))

    def belongs(self, waiting: Waiting, program: Program) -> bool:
        """Whether a waiting thread is of this program's own process."""
        return waiting.pid == program.pid

    def _describe(self, waiting: Waiting, program: Program) -> str:
        if waiting.target == getattr(program, "keyboard_pipe", None):
            return "keyboard"
        if waiting.target.startswith("socket:"):
            for entry in self._all_sockets():
                if waiting.target == f"socket:[{entry.inode}]":
                    return describe(entry)
            return "a socket that is bound to no port"
        return {"lock": "another thread", "wait": "a child process"}.get(waiting.call, waiting.target or "its sockets")

    def until_settled(self, program: Program) -> None:
        """Wait until a program that has got where it should sleeps, or has ended, or has gone on for a while.

        So that one that ends a moment later is seen to. "A while" is of its own processor time.
        """
        begin = time.perf_counter()
        used = processor_seconds(program.pid)
        while not program.ended and not sleeps(program.pid):
            self._hold_to_limits(program)
            if processor_seconds(program.pid) - used > _LIVES_ON or time.perf_counter() - begin > self.deadline:
                return
            self.news((), TICK)
        self.pump()

    @contextlib.contextmanager
    def held(self, program: Program) -> Iterator[None]:
        """Hold a program still meanwhile, so that all that is sent to it is there when it goes on (POSIX)."""
        if program.ended or not program.pid or not hasattr(signal, "SIGSTOP"):
            yield
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGSTOP)
        begin = time.perf_counter()
        while not is_stopped(program.pid) and time.perf_counter() - begin < _ANSWERS_WITHIN:
            self.news((), TICK)
        try:
            yield
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(program.pid, signal.SIGCONT)

    def ask_for_line(self, program: Program) -> int | None:
        """Ask a program that goes nowhere for the student's line it is in; ``None`` if it does not tell."""
        if program.ended or not program.pid or not hasattr(signal, "SIGUSR2"):
            return None
        asked = program.recorded().asked
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(program.pid, signal.SIGUSR2)
        begin = time.perf_counter()
        while time.perf_counter() - begin < _ANSWERS_WITHIN and not program.ended:
            record = program.recorded()
            if record.asked > asked:
                return record.line
            self.news((), TICK)
        return None

    def bound(self, kind: Kind, program: Program) -> SocketEntry | None:
        """The socket at which a server can be met: a bound UDP socket, or a listening TCP one."""
        entries = [entry for entry in self.welcoming(kind) if entry.local[1]]
        entries = [entry for entry in entries if entry.listening or (kind == "udp" and not entry.peer[1])]
        return min(entries, key=lambda entry: entry.local[1] != PORT, default=None)


def describe(entry: SocketEntry) -> str:
    """Say what a socket is to somebody who wrote the program."""
    if entry.kind == "udp":
        return f"UDP port {entry.local[1]}"
    if entry.listening:
        return f"listening TCP port {entry.local[1]}"
    return f"TCP connection with {entry.peer[0]}:{entry.peer[1]}"


def reachable(address: Address) -> Address:
    """Where to send to a socket that is bound to ``address``."""
    host, port = address
    return ("127.0.0.1" if host in ("0.0.0.0", "::", "", "*") else host, port)  # noqa: S104  nothing is bound
