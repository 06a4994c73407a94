"""How programs are kept apart: the best way that holds here, or the one asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Literal, get_args

from grading.arena import shared
from grading.arena.arena import DEADLINE, Arena, GraderError
from grading.arena.bubblewrap import Bubblewrap
from grading.arena.jail import Jail
from grading.arena.limits import Limits
from grading.arena.sandbox import Sandbox
from grading.arena.shared import SharedArena
from grading.arena.sockets import KINDS
from grading.arena.users import is_root
from grading.arena.ways import SandboxUnavailable, Way

Level = Literal["auto", "bwrap", "user", "none"]
LEVELS: tuple[Level, ...] = get_args(Level)
HOW_TO_GET_ONE = (
    "install bubblewrap (Debian and Ubuntu: sudo apt install bubblewrap; Fedora: sudo dnf install bubblewrap)"
)


class Isolation:
    """Opens arenas, all of one level, until it is closed."""

    def __init__(
        self,
        level: Level = "auto",
        deadline: float = DEADLINE,
        *,
        hidden: Iterable[Path] = (),
        strangers: bool = False,
        proved: bool = False,
        limits: Limits | None = None,
    ) -> None:
        """Start what is to be tried first, without waiting for it.

        ``hidden`` are folders that programs must not see, wherever they are. With ``strangers``, ``auto`` does not
        come down to ``none``: others' programs would run with the grader's rights. ``proved`` says that the level was
        proved to hold on this machine before, a moment ago.
        """
        self.deadline = deadline
        self.limits = limits or Limits()
        self.why_not: str = ""
        """Why programs share the real loopback although nobody asked for that."""
        self._asked = level
        self._strangers = strangers
        self._proved = proved
        ways: dict[str, Callable[[], Way]] = {
            "bwrap": lambda: Bubblewrap(self.limits.disk, hidden),
            "user": Jail,
        }
        wanted = [name for name in ways if level in ("auto", name) and (name in (level, "bwrap") or is_root())]
        self._to_try: Sequence[Callable[[], Way]] = [ways[name] for name in wanted]
        self._why: list[str] = []
        self._sandbox: Sandbox | None = None
        self._way: Callable[[], Way] | None = None
        self._start_next()

    def _start_next(self) -> None:
        """Start the next best sandbox, if one is left that can be started."""
        self._sandbox = None
        while self._to_try and self._sandbox is None:
            self._way, *self._to_try = self._to_try
            try:
                self._sandbox = Sandbox(self._way(), self.deadline, limits=self.limits)
            except SandboxUnavailable as unavailable:
                self._why.append(str(unavailable))

    def until_ready(self) -> None:
        """Find out what holds, by doing it.

        Raises `SandboxUnavailable` when a level was asked for that does not hold, or others' programs could not be
        kept apart at all, and `PortTaken` when programs would have to share a port with somebody else's.
        """
        while self._sandbox:
            try:
                self._sandbox.until_ready(proved=self._proved)
                break
            except SandboxUnavailable as unavailable:
                self._why.append(str(unavailable))
                self._start_next()
        why = "; ".join(self._why)
        if self._asked not in ("auto", "none") and not self._sandbox:
            raise SandboxUnavailable(
                f"--isolation {self._asked}: {why}; {HOW_TO_GET_ONE}, or grade with --isolation none"
            )
        if self._asked == "auto" and not self._sandbox:
            if self._strangers:
                raise SandboxUnavailable(
                    f"programs cannot be kept apart here ({why}), and these are not your own: {HOW_TO_GET_ONE}, "
                    "or say --isolation none to run them with your rights"
                )
            self.why_not = why
        if self._sandbox is None or not self._sandbox.private:
            for kind in KINDS:
                shared.check_port_is_free(kind)

    @property
    def level(self) -> str:
        """``bwrap``, ``user`` or ``none``, as results tell it."""
        return self._sandbox.level if self._sandbox else "none"

    @property
    def private(self) -> bool:
        """Whether each arena has a network of its own."""
        return self._sandbox is not None and self._sandbox.private

    def open(self) -> Arena:
        """Open an arena, for the time of one check; in a new sandbox, where the old one has come to an end."""
        if self._sandbox is None:
            return SharedArena(self.deadline, self.limits)
        try:
            return self._sandbox.open()
        except GraderError:
            self._renew()
            return self._sandbox.open()

    def _renew(self) -> None:
        """Start another sandbox of the same kind. Raises `GraderError` where that does not hold any more."""
        assert self._sandbox is not None
        assert self._way is not None
        self._sandbox.close()
        try:
            self._sandbox = Sandbox(self._way(), self.deadline, limits=self.limits)
            self._sandbox.until_ready()
        except SandboxUnavailable as unavailable:
            raise GraderError(f"the sandbox has ended, and no other could be started: {unavailable}") from None

    def close(self) -> None:
        """End whatever is left."""
        if self._sandbox:
            self._sandbox.close()
