"""Arenas inside a sandbox, as a rule with a network of their own (Linux).

The host of an arena, which answers here, runs as the same user as the programs and is not trusted: whatever it says
is taken apart with care, it gets a time to say it, and where it ends or talks nonsense the arena is lost.
"""

from __future__ import annotations

import contextlib
import fcntl
import marshal
import mmap
import os
import select
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from grading.arena.arena import Arena, ArenaLost, GraderError
from grading.arena.host import ANSWER_WITHIN, Host, close_all, sockets_of
from grading.arena.names import answer
from grading.arena.program import RECORD_SIZE, PipedProgram, Program, Script
from grading.arena.sockets import EVERY_STATE, LISTENING, Kind, SocketEntry, dump
from grading.arena.waiting import MULTIPLEXED, Waiting, eyes_of, processes_of_namespace, processes_of_user, waits_of
from grading.arena.wire import Packet, read_packets

if TYPE_CHECKING:
    from grading.arena.sandbox import Sandbox

_PACKETS_AT_MOST = 10_000
_NAMES_AT_MOST = 1_000


class PrivateArena(Arena):
    """An arena in a network namespace of its own: port 12000 is always free in it.

    Where the sandbox may make none it is on the machine's own network, and what is its own is known by its user.
    """

    def __init__(self, sandbox: Sandbox, host: Host) -> None:
        """Take the arena that a host makes. Raises `GraderError` where there is none; the host is left as it is."""
        super().__init__(sandbox.deadline, sandbox.limits)
        self.shared = not sandbox.private
        self._user = sandbox.user if self.shared else None
        self.programs: list[PipedProgram] = []
        self._sandbox = sandbox
        self._host: Host | None = host
        """Not there any more when all has ended."""
        self._channel = host.channel
        self._is_well = True
        """Whether the host has done all that was asked of it."""
        self._others: set[int] = set()
        self._running: dict[int, PipedProgram] = {}
        self._packets: list[Packet] = []
        self._table, self._names, *more = host.lent_at_first()
        self._wires, self._spare = more[:2], {"udp": more[2:4], "tcp": more[4:]}
        self._table.settimeout(ANSWER_WITHIN)
        for one in (self._names, *self._wires):
            one.setblocking(False)
        self._namespace = 0

    def _receive(self) -> tuple[dict[str, Any], list[int], int]:
        """Take one message of the host's: what it says, the descriptors with it, and the sender's PID."""
        if self._host is None:
            raise self._lost("its arena is closed")
        try:
            return self._host.receive()
        except GraderError as error:
            raise self._lost(str(error)) from None

    def _lost(self, why: str) -> ArenaLost:
        """Say that nothing can be done here any more, and during which program's time."""
        self._is_well = False
        students = [program for program in self.programs if not program.script.trusted]
        return ArenaLost(why, students[-1] if students else None)

    def _ask(self, request: dict[str, Any], fds: Sequence[int], until: str) -> tuple[list[int], int]:
        """Ask the host for something, and wait until it is there, or until a program of that number has ended."""
        try:
            socket.send_fds(self._channel, [marshal.dumps(request)], list(fds))
        except OSError as error:
            raise self._lost(f"the sandbox is gone: {error.strerror}") from None
        begin = time.perf_counter()
        while time.perf_counter() - begin < ANSWER_WITHIN:
            message, passed, pid = self._receive()
            if message.get("op") == until:
                return passed, pid
            close_all(passed)
            self._take(message)
            if message.get("op") == "exit" and message.get("number") == request.get("number"):
                return [], 0
        raise self._lost("the sandbox did not answer in time")

    def _take(self, message: dict[str, Any]) -> None:
        number, status = message.get("number"), message.get("status")
        if message.get("op") != "exit" or not isinstance(number, int) or not isinstance(status, int):
            raise self._lost(f"the sandbox talks nonsense: {str(message)[:200]}")
        if program := self._running.pop(number, None):
            program.read_screens()
            program.status = status

    def new_socket(self, kind: Kind) -> socket.socket:
        if self._spare[kind]:
            return self._spare[kind].pop()
        fds, _ = self._ask({"op": "socket", "type": kind}, (), "socket")
        if len(fds) != 1:
            close_all(fds)
            raise self._lost("the sandbox lends no sockets any more")
        return sockets_of(fds)[0]

    def start(self, script: Script) -> Program:
        record_fd = os.memfd_create("record", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        files_fd = os.memfd_create("files")
        os.truncate(record_fd, RECORD_SIZE)
        fcntl.fcntl(record_fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
        os.write(files_fd, marshal.dumps(dict(script.files)))
        number = len(self.programs) + 1
        program = PipedProgram(script, number, mmap.mmap(record_fd, RECORD_SIZE))
        self.programs.append(program)
        self._running[number] = program
        request = {"op": "run", "number": number, "name": script.file, "written": not script.trusted}
        try:
            _, program.pid = self._ask(request, (*program.streams, record_fd, files_fd), "started")
        finally:
            program.streams_are_passed()
            os.close(record_fd)
            os.close(files_fd)
        return program

    def sockets(self, kind: Kind) -> list[SocketEntry]:
        return self._dump(kind, EVERY_STATE)

    def welcoming(self, kind: Kind) -> list[SocketEntry]:
        return self._dump(kind, LISTENING if kind == "tcp" else EVERY_STATE)

    def _dump(self, kind: Kind, states: int) -> list[SocketEntry]:
        lent = {os.fstat(one.fileno()).st_ino for one in (*self.lent, self._names) if one.fileno() >= 0}
        try:
            found = [entry for entry in dump(self._table, kind, states) if entry.inode not in lent]
        except (OSError, ValueError) as error:
            raise self._lost(f"the kernel's socket table could not be read ({error})") from None
        return found if self._user is None else [entry for entry in found if entry.user == self._user]

    def packets(self) -> list[Packet]:
        for wire in self._wires:
            self._packets += read_packets(wire)[: _PACKETS_AT_MOST - len(self._packets)]
        return self._packets

    def pump(self) -> None:
        self.news((), 0)

    def news(self, sockets: Sequence[socket.socket], seconds: float) -> None:
        watched = [self._names.fileno()] if self._names.fileno() >= 0 else []
        if self._host:
            watched.append(self._channel.fileno())
        for program in self.programs:
            watched += program.screens
        readable: list[int | socket.socket] = [*watched, *sockets]
        ready, _, _ = select.select(readable, [], [], seconds)  # poll() would round up to whole ms
        for fd in ready:
            if fd == self._channel.fileno():
                message, passed, _ = self._receive()
                close_all(passed)
                self._take(message)
            elif fd == self._names.fileno():
                self._answer_name()
        for program in self.programs:
            if not {*program.screens}.isdisjoint(ready):
                program.read_screens()

    def _answer_name(self) -> None:
        try:
            query, asker = self._names.recvfrom(4096)
        except OSError:  # an earlier answer was refused: the one who asked is gone
            return
        if answered := answer(query):
            if len(self.names_asked) < _NAMES_AT_MOST:
                self.names_asked.append(answered[0])
            with contextlib.suppress(OSError):
                self._names.sendto(answered[1], asker)

    def _pids(self) -> list[int]:
        host = self._host
        if host is None:
            return []
        if self._user is not None:
            return processes_of_user(self._user)
        if not self._namespace:
            try:
                self._namespace = os.stat(f"/proc/{host.pid}/ns/pid").st_ino
            except OSError:
                raise self._lost("the sandbox has ended") from None
        return processes_of_namespace(self._namespace, host.pid, host.asked_after, self._others)

    def waits(self) -> tuple[Waiting, ...] | None:
        if self._host is None:  # stopped, with all
            return None
        with self.eyes():
            own = waits_of([program.pid for program in self._running.values()])
            return None if own is None else waits_of(self._pids())

    def own_processes(self) -> list[int]:
        return self._pids()

    def eyes(self) -> AbstractContextManager[None]:
        return eyes_of(self._user)

    @property
    def folder(self) -> str:
        return self._sandbox.folder if self.shared else ""

    def file_system_of(self, pid: int) -> str:
        return f"/proc/{pid}/root/tmp" if self._user is None else ""

    def stop_all(self) -> None:
        """End the host, and so every process of the arena: no program can start more than end with it."""
        self._is_well = False
        self._leave_host()
        for program in self._running.values():
            program.read_screens()
            program.status = -signal.SIGKILL
        self._running.clear()

    def daemons(self) -> list[int]:
        running = {program.pid for program in self._running.values()}
        return [pid for pid in self._pids() if pid not in running]

    def at_keyboard(self, program: Program) -> bool:
        assert isinstance(program, PipedProgram)
        if not program.keyboard_open or program.unread:  # asked before: what is read in between ends the wait
            return False
        with self.eyes():
            waits = waits_of([program.pid]) or ()
        reads = any(waiting.target == program.keyboard_pipe or waiting.call in MULTIPLEXED for waiting in waits)
        if reads:
            program.read_screens()  # what it asked for stands there by now
        return reads

    def close(self) -> None:
        spare = [*self._spare["udp"], *self._spare["tcp"]]
        for one in (*self.lent, *spare, self._table, self._names, *self._wires):
            one.close()
        for program in self.programs:
            program.close()
        self._leave_host()

    def _leave_host(self) -> None:
        host, self._host = self._host, None
        if host and self._is_well:
            self._sandbox.take_back(host)
        elif host:
            self._sandbox.end(host)
        if host and self.shared:
            self._sandbox.settle()  # its programs do not end with it, but with their user
