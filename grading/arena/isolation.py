"""How programs are kept apart: the best way that works here, or the one asked for."""

from __future__ import annotations

from typing import Literal

from grading.arena import shared
from grading.arena.arena import DEADLINE, Arena
from grading.arena.sandbox import Sandbox, SandboxUnavailable
from grading.arena.shared import SharedArena
from grading.arena.sockets import KINDS

Level = Literal["auto", "bwrap", "none"]


class Isolation:
    """Opens arenas, all of one level, until it is closed."""

    def __init__(self, level: Level = "auto", deadline: float = DEADLINE) -> None:
        """Start what is to be tried, without waiting for it."""
        self.deadline = deadline
        self.why_not = ""
        """Why programs share the real loopback although nobody asked for that."""
        self._sandbox: Sandbox | None = None
        self._asked = level
        if level != "none":
            try:
                self._sandbox = Sandbox(deadline)
            except SandboxUnavailable as unavailable:
                self.why_not = str(unavailable)

    def until_ready(self) -> None:
        """Find out what works, by doing it.

        Raises `SandboxUnavailable` when ``bwrap`` was asked for and does not work, and `PortTaken` when programs
        would have to share a port with somebody else's.
        """
        if self._sandbox:
            try:
                self._sandbox.until_ready()
            except SandboxUnavailable as unavailable:
                self._sandbox, self.why_not = None, str(unavailable)
        if self._asked == "bwrap" and not self._sandbox:
            raise SandboxUnavailable(
                f"--isolation bwrap: {self.why_not}; install it (apt install bubblewrap, dnf install bubblewrap), "
                "or grade with --isolation none"
            )
        if not self._sandbox:
            for kind in KINDS:
                shared.check_port_is_free(kind)

    @property
    def level(self) -> str:
        """``bwrap`` or ``none``, as results tell it."""
        return "bwrap" if self._sandbox else "none"

    def open(self) -> Arena:
        """Open an arena, for the time of one check."""
        return self._sandbox.open() if self._sandbox else SharedArena(self.deadline)

    def close(self) -> None:
        """End whatever is left."""
        if self._sandbox:
            self._sandbox.close()
