"""The calls that the recorder in the launcher wrote down, read back as data.

The student's program could forge them: they explain a verdict and never decide one. Whatever the
record holds, reading it does not raise.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any


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


def read_record(record: bytes) -> Record:
    """Read JSON lines as ``grading/arena/recorder.py`` writes them; other lines are passed over."""
    calls: list[Call] = []
    open_calls: dict[int, int] = {}
    end: dict[str, Any] = {}
    line, asked = None, 0
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
                    )
                case "end":
                    end = dict(event)
                case "line":
                    line, asked = _line(event["line"]), asked + 1
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            continue
    return Record(tuple(calls), end, line, asked)


def _call(event: dict[str, Any]) -> Call:
    return Call(
        name=str(event["name"]),
        fd=int(event["fd"]),
        args=tuple(str(arg) for arg in event["args"]),
        line=_line(event["line"]),
        seconds=float(event["at"]),
    )


def _line(value: object) -> int | None:
    return value if isinstance(value, int) and value > 0 else None
