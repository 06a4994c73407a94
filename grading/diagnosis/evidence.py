"""What is known about a run that failed a check: everything a rule may look at."""

from __future__ import annotations

from dataclasses import dataclass, field

from grading.transcript import Call


@dataclass(frozen=True)
class ExceptionSeen:
    """The uncaught exception that ended the program."""

    type: str
    """Name of its class, such as ``TypeError``."""
    message: str
    line: int | None
    """The student's own line it came through last, counted from 1."""
    lines: tuple[int, ...] = ()
    """All the student's lines of its traceback, outermost first."""


@dataclass(frozen=True)
class Evidence:
    """One failed check, as seen."""

    program: str
    """``udp_server``, …"""
    file: str
    """Name of the student's file."""
    source: str
    """Its text (``""`` when it cannot be read as text)."""
    suspect: str
    """The cause that the check itself saw on the wire, to be used where nothing surer fits: a slug."""
    expected: str
    """What the check asked for, as a sentence."""
    happened: str
    """What it saw instead, as a sentence, with the run's own values."""
    exception: ExceptionSeen | None = None
    exit_status: int | None = None
    """``None`` while it runs; negative: the signal that ended it, as ``subprocess`` has it."""
    screen: str = ""
    """What it printed, stdout and stderr in order of arrival."""
    calls: tuple[Call, ...] = ()
    """The recorded socket calls (forgeable: they explain, never decide)."""
    waits_in: str | None = None
    """The call in which the kernel shows the program waiting for ever, such as ``recvfrom``."""
    waits_on: str | None = None
    """What it waits on: ``keyboard``, ``UDP port 12000``, ``listening TCP port 12000``,
    ``TCP connection with 127.0.0.1:40512``, ``another thread``, ``a child process``, …"""
    line: int | None = None
    """The student's line that was being run when it was looked at (a hang), when known."""
    sockets: tuple[str, ...] = ()
    """The program's sockets in the kernel's table, such as ``UDP 0.0.0.0:12000``."""
    limit: str = ""
    """The cause for which the grader stopped the program, because it used more than it may: a slug."""
    limit_said: str = ""
    """How much that was, as a sentence."""
    facts: dict[str, str] = field(default_factory=dict)
    """More that the check saw, by name: ``sent``, ``received``, ``expected_reply``, ``port``,
    ``name`` (a host name the program looked up), ``address`` …"""
