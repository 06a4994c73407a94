"""How programs are kept apart: the best way that works here, or the one asked for."""

from __future__ import annotations

from typing import Literal

from grading.arena.arena import DEADLINE, Arena
from grading.arena.private import Sandbox, SandboxUnavailable
from grading.arena.shared import SharedArena

Level = Literal["auto", "bwrap", "none"]


class Isolation:
    """Opens arenas, all of one level, until it is closed."""

    def __init__(self, level: Level = "auto", deadline: float = DEADLINE) -> None:
        """Find what works by doing it. Raises `SandboxUnavailable` when ``bwrap`` was asked for and does not."""
        self.deadline = deadline
        self.why_not = ""
        """Why programs share the real loopback although nobody asked for that."""
        self._sandbox: Sandbox | None = None
        if level != "none":
            try:
                self._sandbox = Sandbox(deadline)
            except SandboxUnavailable as unavailable:
                if level == "bwrap":
                    raise
                self.why_not = str(unavailable)

    @property
    def level(self) -> str:
        """``bwrap`` or ``none``, as results tell it."""
        return "bwrap" if self._sandbox else "none"

    def open(self) -> Arena:
        """Open an arena, for the time of one check."""
        return self._sandbox.open() if self._sandbox else SharedArena(self.deadline)

    def prepare(self) -> None:
        """Have the next arena made in the meantime, where that saves time."""
        if self._sandbox:
            self._sandbox.prepare()

    def close(self) -> None:
        """End whatever is left."""
        if self._sandbox:
            self._sandbox.close()
