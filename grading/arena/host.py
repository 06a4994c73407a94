"""The first process of an arena in a sandbox, as the grader holds it.

It runs as the same user as the programs and is not trusted: whatever it says is taken apart with care, and it gets a
time to say it.
"""

from __future__ import annotations

import json
import marshal
import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

from grading.arena.arena import GraderError
from grading.arena.waiting import last_number

MESSAGE = 65536
"""Bytes of a message to or from the sandbox, at most."""
ANSWER_WITHIN = 10.0
"""Seconds in which the sandbox answers, which does nothing long."""
_AGAIN_WITHIN = 3.0  # seconds for ending all that runs in an arena, and making the next
_LENT_AT_FIRST = 8  # the socket table, the name server's socket, the packets of UDP and TCP, two sockets of each
_STALE_AT_MOST = 64  # messages of an arena that was closed before they were read


class Host:
    """Makes arenas, one after the other, as long as each can be ended; what it says comes by its channel."""

    def __init__(self, number: int, channel: socket.socket) -> None:
        self.number = number
        self.channel = channel
        """Closed, it ends the process."""
        self.pid, self.pidfd = 0, -1
        """Known from its first word on."""
        self.asked_after = last_number()
        """The process that was started last when this one was asked for an arena: the arena's come later."""
        self._lent: list[socket.socket] = []

    @property
    def is_used(self) -> bool:
        """Whether it has made an arena before."""
        return self.pid > 0

    def ask_again(self) -> bool:
        """Have it end all that runs in its arena, and make another; say whether it can be asked."""
        self.asked_after = last_number()
        self.channel.settimeout(_AGAIN_WITHIN)
        try:
            self.channel.send(marshal.dumps({"op": "again"}))
        except OSError:  # it has ended
            return False
        return True

    def until_ready(self) -> None:
        """Wait until it has made an arena, in which nothing runs yet. Raises `GraderError` where it does not."""
        for _ in range(_STALE_AT_MOST if self.is_used else 1):
            if self._lent:
                return
            message, fds, pid = self.receive()
            if message.get("op") == "hello" and len(fds) == _LENT_AT_FIRST and self._is_met_as(pid):
                self._lent = sockets_of(fds)
            else:
                close_all(fds)
                if message.get("op") != "exit":
                    break
        if not self._lent:
            raise GraderError(f"no private network could be made: {message.get('why', message)}")

    def lent_at_first(self) -> list[socket.socket]:
        """Give what it lends in each arena, when it is ready."""
        self.until_ready()
        self.channel.settimeout(ANSWER_WITHIN)
        lent, self._lent = self._lent, []
        return lent

    def _is_met_as(self, pid: int) -> bool:
        """Take the number of the process that has spoken; false where it is none, or not the one from before."""
        if not self.is_used:
            try:
                self.pid, self.pidfd = pid, os.pidfd_open(pid)
            except OSError:  # it has ended
                return False
        return pid == self.pid

    def receive(self) -> tuple[dict[str, Any], list[int], int]:
        """Take one message: what it says, the descriptors with it, and the sender's PID.

        Raises `GraderError` where none comes.
        """
        room = socket.CMSG_SPACE(_LENT_AT_FIRST * struct.calcsize("i")) + socket.CMSG_SPACE(struct.calcsize("3i"))
        try:
            data, ancillary, _, _ = self.channel.recvmsg(MESSAGE, room)
        except TimeoutError:
            raise GraderError("the sandbox did not answer in time") from None
        except OSError as error:
            raise GraderError(f"the sandbox is gone: {error.strerror}") from None
        if not data:
            raise GraderError("the sandbox has ended")
        fds: list[int] = []
        pid = 0
        for _, kind, content in ancillary:
            if kind == socket.SCM_RIGHTS:
                fds += struct.unpack(f"{len(content) // 4}i", content)
            elif kind == socket.SCM_CREDENTIALS:
                pid = struct.unpack("3i", content)[0]
        try:
            message = json.loads(data)
        except ValueError:
            message = {}
        return (message if isinstance(message, dict) else {}), fds, pid

    def close(self) -> None:
        """Let go of it; it ends by that. Its `pidfd` stays open."""
        self.channel.close()
        for one in self._lent:
            one.close()
        self._lent.clear()


def close_all(fds: Sequence[int]) -> None:
    """Close descriptors."""
    for fd in fds:
        os.close(fd)


def sockets_of(fds: Sequence[int]) -> list[socket.socket]:
    """Take descriptors as sockets. Raises `GraderError` where they are none."""
    found: list[socket.socket] = []
    for fd in fds:
        try:
            found.append(socket.socket(fileno=fd))
        except OSError:
            for one in found:
                one.close()
            close_all(fds[len(found) :])
            raise GraderError("the sandbox lends what is no socket") from None
    return found
