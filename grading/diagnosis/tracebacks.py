"""Reading an exception off the screen, where nothing surer is known of it.

An exception in a thread ends only that thread, and one that the program catches ends nothing: both may
still stand on the screen, as a traceback or as a bare message.
"""

from __future__ import annotations

import re

from grading.diagnosis.evidence import Evidence, ExceptionSeen

_KEPT = 100_000  # characters of the screen's end that are read
_HEAD = "Traceback (most recent call last):"
_FRAME = re.compile(r'  File "([^"\n]{1,4000})", line (\d{1,7})')
_LAST = re.compile(r"([A-Za-z_][\w.]{0,200})(?:: (.*))?$")

_PRINTED = (
    ("TypeError", "a bytes-like object is required, not '"),
    ("TypeError", 'can only concatenate str (not "'),
    ("TypeError", "can't concat str to bytes"),
    ("TypeError", "AF_INET address must be"),
    ("TypeError", "takes exactly one argument ("),
    ("TypeError", "object cannot be interpreted as an integer"),
    ("AttributeError", "' object has no attribute '"),
    ("AttributeError", "type object 'socket' has no attribute '"),
    ("NameError", "' is not defined"),
    ("OSError", "[Errno "),
    ("OSError", "[WinError "),
)
"""Messages that are known when they are printed without their type, by ``print(e)``."""


def traceback_on_screen(evidence: Evidence) -> ExceptionSeen | None:
    """Read the last traceback on the screen, if it comes from the student's file."""
    screen = evidence.screen[-_KEPT:]
    head = screen.rfind(_HEAD)
    return _traceback(screen[head + len(_HEAD) :], evidence.file) if head >= 0 else None


def caught_exception(evidence: Evidence) -> ExceptionSeen | None:
    """Find a known message that the program printed, or else the error of its last recorded call."""
    return _printed(evidence.screen[-_KEPT:], evidence) or _recorded(evidence)


def _traceback(text: str, file: str) -> ExceptionSeen | None:
    lines: list[int] = []
    for row in text.splitlines()[1:]:
        if (frame := _FRAME.match(row)) is not None:
            if re.split(r"[/\\]", frame[1])[-1] == file:
                lines.append(int(frame[2]))
        elif row[:1] not in {" ", ""}:
            last = _LAST.match(row)
            if last is None:
                return None
            kind = last[1].rpartition(".")[2]
            return ExceptionSeen(kind, last[2] or "", lines[-1], tuple(lines)) if lines else None
    return None


def _printed(screen: str, evidence: Evidence) -> ExceptionSeen | None:
    for row in reversed(screen.splitlines()):
        for kind, known in _PRINTED:
            if known in row:
                return ExceptionSeen(kind, row.strip(), _line_of(row, evidence))
    return None


def _line_of(message: str, evidence: Evidence) -> int | None:
    """Give the line of the recorded call that raised what is on the screen."""
    for call in reversed(evidence.calls):
        error = (call.error or "").partition(": ")[2]
        if error and error in message:
            return call.line
    return None


def _recorded(evidence: Evidence) -> ExceptionSeen | None:
    """Take the error of the last recorded call that came back: the program may have caught it and said nothing."""
    made = [call for call in evidence.calls if call.returned and call.name not in {"close", "detach", "shutdown"}]
    if not made or made[-1].error is None:
        return None
    kind, _, message = made[-1].error.partition(": ")
    return ExceptionSeen(kind, message, made[-1].line)
