"""The calls that the recorder in the launcher wrote down, read back as data.

The student's program could forge them: they explain a verdict and never decide one. Whatever the
record holds, reading it does not raise.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field, replace
from typing import Any

Address = tuple[str, int]


@dataclass(frozen=True)
class Call:
    """One socket call of the student's program."""

    name: str
    """``socket``, ``bind``, ``listen``, ``accept``, ``connect``, ``send``, ``sendall``, ``sendto``,
    ``recv``, ``recvfrom``, ``close``, …"""
    fd: int
    """Descriptor of the socket it was called on (-1: none)."""
    args: tuple[str, ...]
    """The arguments as ``repr`` shows them, long ones shortened in the middle."""
    line: int | None
    """Line of the student's file, counted from 1."""
    result: str | None = None
    """What it returned, as ``repr`` shows it; ``None`` while it has not returned."""
    error: str | None = None
    """The exception it raised, such as ``TypeError: …``."""
    seconds: float = 0.0
    """When it was called, since the start of the program."""
    until: float | None = None
    """When it came back; ``None`` while it has not."""
    made: int | None = None
    """Descriptor of the socket that it made (``accept``)."""
    local: Address | None = None
    """The socket's own address after the call."""
    process: int = 0
    """Which process of the program made it."""

    @property
    def returned(self) -> bool:
        """Whether the call came back, with a result or an exception."""
        return self.result is not None or self.error is not None


@dataclass(frozen=True)
class Record:
    """What the recorder wrote down of one run."""

    calls: tuple[Call, ...] = ()
    end: dict[str, Any] = field(default_factory=dict)
    """The exception that ended the program: ``type``, ``message``, ``line`` and ``lines``; or ``{}``."""
    line: int | None = None
    """The student's line that was being run when the grader asked; ``None`` if it never did."""
    asked: int = 0
    """How often it was asked, and answered."""
    ended: float | None = None
    """When the script had come to its end; ``None`` if it has not, or was ended."""
    full: bool = False
    """Whether there was no room for more: then calls may be missing, and the returns of some."""
    started: float = 0.0
    """When the program began, as ``time.perf_counter`` counts: the same clock for all processes of a machine."""


def read_record(record: bytes, room: float = math.inf) -> Record:
    """Read JSON lines as ``recorder.py`` writes them; other lines are passed over.

    From ``room`` bytes on it is full.
    """
    calls: list[Call] = []
    open_calls: dict[int, int] = {}
    end: dict[str, Any] = {}
    line, asked, started, ended = None, 0, 0.0, None
    for raw in record.splitlines():
        try:
            event = json.loads(raw)
            match event["event"]:
                case "call":
                    number, call = int(event["id"]), _call(event)
                    open_calls[number] = len(calls)
                    calls.append(call)
                case "return":
                    place = open_calls.pop(int(event["id"]))
                    result, error = event.get("result"), event.get("error")
                    calls[place] = replace(
                        calls[place],
                        result=None if result is None else str(result),
                        error=None if error is None else str(error),
                        until=_seconds(event.get("at", 0.0)),
                        made=_natural(event.get("made")),
                        local=_address(event.get("local")),
                    )
                case "start":
                    started = _seconds(event["at"])
                case "ended":
                    ended = _seconds(event["at"])
                case "end":
                    end = dict(event)
                case "line":
                    line, asked = _line(event["line"]), asked + 1
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return Record(tuple(calls), end, line, asked, ended, full=len(record) >= room, started=started)


def _call(event: dict[str, Any]) -> Call:
    return Call(
        name=str(event["name"]),
        fd=int(event["fd"]),
        args=tuple(str(arg) for arg in event["args"]),
        line=_line(event["line"]),
        seconds=_seconds(event["at"]),
        process=int(event["id"]) >> 32,
    )


def _seconds(value: object) -> float:
    seconds = float(value) if isinstance(value, (int, float)) else math.nan
    if not math.isfinite(seconds):
        raise ValueError("no time")
    return seconds


def _natural(value: object) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _address(value: object) -> Address | None:
    match value:
        case [str(host), int(port)]:
            return host, port
    return None


def _line(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
