"""One failed check as the rules see it, and what a rule answers."""

from __future__ import annotations

import errno
import re
from dataclasses import dataclass

from grading.diagnosis.code import Code
from grading.diagnosis.evidence import Evidence, ExceptionSeen
from grading.diagnosis.wording import shown

PORT = 12000
"""The port of the slides."""

_WINDOWS = {
    10009: errno.EBADF,
    10013: errno.EACCES,
    10022: errno.EINVAL,
    10038: errno.EBADF,  # "not a socket": what a closed one is there
    10039: errno.EDESTADDRREQ,
    10045: errno.EOPNOTSUPP,
    10048: errno.EADDRINUSE,
    10049: errno.EADDRNOTAVAIL,
    10051: errno.ENETUNREACH,
    10056: errno.EISCONN,
    10057: errno.ENOTCONN,
    10060: errno.ETIMEDOUT,
    10061: errno.ECONNREFUSED,
    10065: errno.EHOSTUNREACH,
}


NO_ERROR = ExceptionSeen(type="", message="", line=None)
"""Stands where there is no exception: every rule on exceptions finds that it is not its own."""


@dataclass(frozen=True)
class Reason:
    """What a rule has found."""

    cause: str
    said: str = ""
    """One sentence with the run's own values."""
    line: int | None = None
    """The student's line that shows the mistake."""
    advice: str | None = None
    """Where something closer than the table's advice can be said."""


@dataclass(frozen=True)
class Case:
    """One failed check, with the program's text parsed."""

    evidence: Evidence
    code: Code
    error: ExceptionSeen = NO_ERROR
    """The exception that ended the program, or one that was seen on its screen."""

    @property
    def server(self) -> bool:
        return self.evidence.program.endswith("server")

    @property
    def client(self) -> bool:
        return self.evidence.program.endswith("client")

    @property
    def udp(self) -> bool:
        return self.evidence.program.startswith("udp")

    @property
    def tcp(self) -> bool:
        return self.evidence.program.startswith("tcp")

    @property
    def alive(self) -> bool:
        return self.evidence.exit_status is None and self.evidence.exception is None

    @property
    def number(self) -> int | None:
        """The error number of an ``OSError``, in this system's numbering."""
        found = re.search(r"\[(Errno|WinError) (\d{1,6})\]", self.error.message)
        if found is None:
            return None
        number = int(found[2])
        return _WINDOWS.get(number, number) if found[1] == "WinError" or number > 10000 else number

    @property
    def raised(self) -> str:
        """The exception as Python shows it, on one line."""
        message = shown(self.error.message)
        kind = shown(self.error.type, 60)
        return f"{kind}: {message}" if message else kind

    @property
    def way(self) -> list[int]:
        """The lines that led to the exception."""
        return [line for line in (*self.error.lines, self.error.line) if line is not None]

    def did(self, *names: str) -> bool:
        """Whether a call of one of these names stands in the program, or was recorded."""
        return bool(self.code.calls(*names)) or any(call.name in names for call in self.evidence.calls)

    def first_line(self, *names: str) -> int | None:
        """Give the line of the first of these calls in the text."""
        found = self.code.calls(*names)
        return found[0].lineno if found else None
