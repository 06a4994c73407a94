"""One sandbox per submission, with a fork server in it that makes arenas (Linux)."""

from __future__ import annotations

import contextlib
import json
import marshal
import os
import platform
import re
import select
import signal
import socket
import sys
import tempfile
from collections import deque
from collections.abc import Sequence

from grading.arena.arena import DEADLINE, GraderError
from grading.arena.host import ANSWER_WITHIN, MESSAGE, Host
from grading.arena.limits import Limits
from grading.arena.private import PrivateArena
from grading.arena.proof import prove
from grading.arena.seccomp import filter_of
from grading.arena.users import SpareUser, UserUnavailable, is_root
from grading.arena.ways import SandboxUnavailable, Way

_DYING_AT_MOST = 8  # closed arenas, killed but not gone, that are not waited for


class Sandbox:
    """A fork server that is locked up in one way or another; makes arenas until it is closed."""

    def __init__(
        self, way: Way, deadline: float = DEADLINE, *, limits: Limits | None = None, recorded: bool = True
    ) -> None:
        """Start it, without waiting. Raises `SandboxUnavailable` when something is missing.

        ``recorded`` is false only where the cost of the recorder is measured.
        """
        if sys.platform != "linux":
            raise SandboxUnavailable("there are no sandboxes on this system")
        refused = filter_of()
        if not refused:
            why = f"there is no filter of system calls for this kind of machine ({platform.machine()})"
            raise SandboxUnavailable(why)
        self.deadline = deadline
        self.limits = limits or Limits()
        self.private = True
        """Whether each arena has a network of its own; known when it is ready."""
        self.user: int | None = None
        """The user that programs run as, where that is not the grader's own."""
        self._way = way
        self._spare: SpareUser | None = None
        if is_root():
            try:
                self._spare = SpareUser()
            except UserUnavailable as unavailable:
                raise SandboxUnavailable(str(unavailable)) from None
            self.user = self._spare.uid
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        given = {
            "control": inside.fileno(),
            "recorded": recorded,
            "refused": refused,
            "user": self.user,
            "disk": self.limits.disk,
            "limits": self.limits.of_process(deadline, counted_apart=self.user is not None or _counts_apart()),
            **way.given(),
        }
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  closed with the sandbox
        with inside:
            self._process = way.start(marshal.dumps(given), inside.fileno(), self._complaints)
        self._hosts: deque[Host] = deque()
        """Those that were asked for an arena: they make it while another one is used."""
        self._dying: list[tuple[int, int]] = []
        self._count = 0

    @property
    def level(self) -> str:
        """The way it is locked up in, as results tell it."""
        return self._way.level

    @property
    def folder(self) -> str:
        """The folder of this machine where what programs write lies; empty where that is in memory of their own."""
        return self._way.folder

    @property
    def pid(self) -> int:
        """The process that watches over the sandbox from outside: with its end all in it ends."""
        return self._process.pid

    def until_ready(self, *, proved: bool = False) -> None:
        """Wait until it has proved to hold, unless others of its kind have.

        Raises `SandboxUnavailable`, and is closed then.
        """
        why = ""
        try:
            self._control.settimeout(self._way.ready_within)
            ready = self._control.recv(MESSAGE)
            self._control.settimeout(ANSWER_WITHIN)
            if ready:
                self.private = json.loads(ready).get("private") is not False
                if not proved:
                    prove(self)
            else:
                why = self._why()
        except (TimeoutError, GraderError, ValueError) as error:
            why = "it did not answer in time" if isinstance(error, TimeoutError) else str(error)
        if why:
            self.close()
            raise SandboxUnavailable(f"{self._way.name} does not work here ({why})")

    def _why(self) -> str:
        """Say what it complained of when it ended."""
        self._process.wait(ANSWER_WITHIN)
        self._complaints.seek(0)
        said = self._complaints.read(20_000).decode("utf-8", "replace").strip().splitlines()
        return said[-1] if said else "it ended at once"

    def _tell(self, operation: str, number: int, fds: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._control, [marshal.dumps({"op": operation, "number": number})], list(fds))
        except OSError as error:
            raise GraderError(f"the sandbox is gone: {error}") from None

    def _new_host(self) -> Host:
        self._count += 1
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        ours.settimeout(ANSWER_WITHIN)
        with theirs:
            try:
                self._tell("arena", self._count, [theirs.fileno()])
            except GraderError:
                ours.close()
                raise
        return Host(self._count, ours)

    def open(self) -> PrivateArena:
        """Make an arena. Raises `GraderError` when the sandbox does not answer."""
        if self._has_ended():
            raise GraderError("the sandbox has ended")
        few = self.private and len(self._dying) < _DYING_AT_MOST
        self.settle(within=0 if few else ANSWER_WITHIN)
        while True:
            host = self._hosts.popleft() if self._hosts else self._new_host()
            if self.private and not self._hosts:
                self._hosts.append(self._new_host())  # which makes the next arena while this one is used
            used = host.is_used
            try:
                return PrivateArena(self, host)
            except GraderError:
                self.end(host)
                if not used:  # else a program has seen to that, and another host takes its place
                    raise

    def _has_ended(self) -> bool:
        """Whether the fork server is gone, which says nothing more once it is ready."""
        return self._control.fileno() < 0 or bool(select.select([self._control], [], [], 0)[0])

    def take_back(self, host: Host) -> None:
        """Take the host of an arena that is not used any more: it makes the next but one."""
        if self.private and host.ask_again():
            self._hosts.append(host)
        else:
            self.end(host)

    def end(self, host: Host) -> None:
        """Kill a host, and so all of its arena; `settle` waits for its end."""
        host.close()
        if host.pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(host.pidfd, signal.SIGKILL)
            self._dying.append((host.number, host.pidfd))

    def settle(self, within: float = ANSWER_WITHIN) -> None:
        """See which closed arenas have no process left, and have their folders removed.

        Waits up to ``within`` seconds for each; raises `GraderError` if that was not enough, unless it is 0.
        """
        for host in [host for host in self._hosts if within and host.is_used]:
            try:
                host.until_ready()
            except GraderError:
                self._hosts.remove(host)
                self.end(host)
        still: list[tuple[int, int]] = []
        for number, pidfd in self._dying:
            if select.select([pidfd], [], [], within)[0]:
                os.close(pidfd)
                with contextlib.suppress(GraderError):  # then its folder is gone with the sandbox
                    self._tell("clear", number)
            elif within:
                raise GraderError("the programs of a check could not be ended")
            else:
                still.append((number, pidfd))
        self._dying = still

    def close(self) -> None:
        """End the sandbox and everything in it."""
        for host in self._hosts:
            host.close()
        for pidfd in [*(host.pidfd for host in self._hosts if host.is_used), *(pidfd for _, pidfd in self._dying)]:
            os.close(pidfd)
        self._hosts.clear()
        self._dying.clear()
        self._control.close()
        self._way.close(self._process)
        self._complaints.close()
        if self._spare:
            self._spare.close()


def _counts_apart() -> bool:
    """Whether the kernel counts the processes of a user namespace apart from others of the same user (Linux 5.14)."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    return version is not None and (int(version[1]), int(version[2])) >= (5, 14)
