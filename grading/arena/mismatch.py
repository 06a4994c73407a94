"""What a check raises when a program did something else than was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from grading.arena.arena import Arena, Stalled
from grading.arena.program import Program
from grading.transcript.payload import first_difference

SHOWN = 60
"""Bytes of a message that a sentence shows; of longer ones the middle is left out."""


@dataclass
class Mismatch(Exception):  # noqa: N818  an outcome, not an error
    """One claim did not hold for one program; all that was seen of it."""

    program: Program
    suspect: str
    """The cause that the wire shows, for where nothing surer is known."""
    expected: str
    happened: str
    stalled: Stalled | None = None
    line: int | None = None
    """Where the program was when it went nowhere."""
    sockets: tuple[str, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


def mismatch(
    arena: Arena,
    program: Program,
    suspect: str,
    expected: str,
    happened: str = "",
    stalled: Stalled | None = None,
    facts: Mapping[str, str] | None = None,
) -> Mismatch:
    """Put together what is seen of a program now, before its arena is closed."""
    arena.pump()
    line = arena.ask_for_line(program) if stalled and stalled.how != "ended" else None
    entries = [*arena.sockets("udp"), *arena.sockets("tcp")]
    known = dict(facts or {})
    if arena.names_asked:
        known["names"] = " ".join(arena.names_asked)
    if stalled:
        happened = " ".join(filter(None, (happened, what_it_does(stalled, arena.deadline))))
    described = tuple(entry.described for entry in entries)
    return Mismatch(program, suspect, expected, happened, stalled, line, described, known)


def what_it_does(stalled: Stalled, deadline: float) -> str:
    """Say in a sentence why nothing more will come from a program."""
    if stalled.how == "ended":
        status = stalled.program.status or 0
        return f"Your program ended ({f'exit status {status}' if status >= 0 else f'signal {-status}'})."
    if stalled.how == "waits":
        on = {"keyboard": "a line from the keyboard"}.get(stalled.waits_on or "", stalled.waits_on)
        return f"Your program waits for {on} ({stalled.waits_in}), and nothing more will come."
    return f"Your program was still busy after {deadline:g} second{'' if deadline == 1 else 's'}."


def shown(data: bytes | str, beside: bytes = b"") -> str:
    """Show a message in a sentence: with its escapes, a long one with its ends and its length.

    Where it is not what is ``beside``, the first byte that differs stays in sight.
    """
    if len(data) <= SHOWN:
        return repr(data)
    half = SHOWN // 2
    at = first_difference(beside, data) if beside and isinstance(data, bytes) else None
    if at is not None and half <= at < len(data) - half:
        return (
            f"{data[:half]!r} … {data[at - 4 : at + half]!r} … (byte {at + 1} of {len(data)} is the first that differs)"
        )
    return f"{data[:half]!r} … {data[-half:]!r} ({len(data)} {'bytes' if isinstance(data, bytes) else 'characters'})"


def suspect_of(expected: bytes, got: bytes) -> str:
    """Name the cause of a wrong answer: the right one cut, or with more around it, or another text."""
    if got and len(got) < len(expected) and expected.startswith(got):
        return "buffer-too-small"
    if expected in got:
        return "extra-text"
    return "wrong-reply"
