"""How a sandbox is started and ended: what bubblewrap and the jail have in common."""

from __future__ import annotations

import subprocess
from typing import IO, Any, ClassVar, Protocol


class SandboxUnavailable(Exception):  # noqa: N818  a state of the machine
    """Programs cannot be kept apart here in this way; the message says why."""


class Way(Protocol):
    """One way to keep programs apart."""

    level: ClassVar[str]
    """As results tell it."""
    name: ClassVar[str]
    """As people say it."""
    folder: str
    """The folder of this machine where what programs write lies; empty where that is in memory of their own."""
    ready_within: ClassVar[float]
    """Seconds until the fork server answers, at most, on a machine that is slow and busy."""

    def given(self) -> dict[str, Any]:
        """Say what the fork server has to know of this way."""

    def start(self, given: bytes, control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the fork server with what it is given, its end of the control socket, and where it complains."""

    def close(self, process: subprocess.Popen[bytes]) -> None:
        """End it, and with it all that runs in it."""
