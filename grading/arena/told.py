"""What was seen of one arena, told as a conversation between a program and its counterpart."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from grading.arena.arena import Arena
from grading.arena.program import Program
from grading.transcript import Call, Conversation, Note, Party, Record, converse
from grading.transcript.payload import MAY_WAIT, short
from grading.transcript.sockets import names_of

_AFTER = 1e-6  # seconds by which a note follows what it is about
_ANY_PORT = "('0.0.0.0', 0)"  # what a client of ours binds: nothing that a reader has to know
_SCREEN = 72  # characters of the screen that a note shows
_SCREENS_AT_MOST = 12


def conversation_of(arena: Arena, program: Program, expected: bytes | None = None, client: str = "") -> Conversation:
    """Tell what happened so far, as far as the record can be trusted.

    ``expected`` is what the counterpart waits for, and ``client`` the address at which it does, as text.
    """
    own = _party(arena, program, own=True)
    others = [each for each in arena.programs if each is not program]
    serves = program.script.program.endswith("server")
    other = _party(arena, others[0]) if others else _counterpart(arena, serves=serves)
    if expected is not None:
        last = max((_last(party) for party in (own, other)), default=0.0)
        labels = {call.local[1]: label for call, (label, _) in _labelled(other) if call.local and label}
        label = next((f"{label}: " for port, label in labels.items() if client.endswith(f", {port})")), "")
        other = replace(other, notes=(*other.notes, Note(last + _AFTER, f"{label}expects {short(expected, 60)}")))
    return converse(own, other, expected or b"") if serves else converse(other, own, expected or b"")


def _labelled(party: Party) -> Iterable[tuple[Call, tuple[str, str]]]:
    return zip(party.record.calls, names_of(party.record.calls, party.sockets), strict=True)


def _counterpart(arena: Arena, *, serves: bool) -> Party:
    record = Record(
        calls=tuple(_without_repetition(call for call in arena.witnessed if call.args[-1:] != (_ANY_PORT,)))
    )
    if not serves:
        return Party("the grader's server", record)
    clients = {call.fd for call in record.calls}
    return Party("the grader's clients" if len(clients) > 1 else "the grader's client", record, sockets="client")


def _without_repetition(calls: Iterable[Call]) -> Iterator[Call]:
    """Leave out what says nothing new: the end of sending, told again."""
    over: set[int] = set()
    for call in calls:
        if call.name != "shutdown" or call.fd not in over:
            yield call
        if call.name in ("shutdown", "close"):
            (over.add if call.name == "shutdown" else over.discard)(call.fd)


def _party(arena: Arena, program: Program, *, own: bool = False) -> Party:
    record = program.recorded()
    whose = "the reference's " if program.script.trusted else "your "
    notes = [Note(at, f"typed {_cut(line)!r}") for at, line in zip(program.typed_at, program.typed, strict=True)]
    notes += _printed(program, record, [note.at for note in notes])
    if program.ended and arena.daemons():
        notes.append(Note(_end(program, record), "goes on in another process"))
    elif program.ended:
        notes.append(Note(_end(program, record), _how_it_ended(program, record)))
    elif record.asked and all(call.returned for call in record.calls):  # it waits or works, and in no socket call
        at = _last(Party("", record, tuple(notes))) + _AFTER
        notes.append(Note(at, f"is still on line {record.line}" if record.line else "is still running"))
    return Party(whose + program.script.file, record, tuple(notes), own=own)


def _printed(program: Program, record: Record, typed: Sequence[float]) -> list[Note]:
    """Tell what stood on the screen, pieces together that nothing came in between."""
    marks = sorted([*typed, *(record.started + call.seconds for call in record.calls)])
    own = [call for call in record.calls if call.name in MAY_WAIT]
    given = [(record.started + call.seconds, record.started + (call.until or math.inf)) for call in own]
    given = sorted([*given, *((at, at) for at in typed)])
    said: dict[int, tuple[float, str]] = {}
    end = _end(program, record) if program.ended else math.inf
    for seen, piece in program.pieces:
        at = min(_printed_at(seen, given), end - _AFTER)
        place = sum(mark <= at for mark in marks)
        begun, text = said.get(place, (at, ""))
        said[place] = begun, text + piece.decode("utf-8", "replace")
    shown = [(at, text.partition("Traceback (most recent")[0].strip()) for at, text in said.values()]
    return [Note(at, f"prints {_cut(text)!r}") for at, text in shown if text][:_SCREENS_AT_MOST]


def _printed_at(seen: float, given: Sequence[tuple[float, float]]) -> float:
    """Say when something that was seen on the screen was printed: before the call in which the program waits now.

    Where it does not wait, right after it was given something, by a call or at the keyboard: what is printed is
    mostly that.
    """
    before = [(began, until) for began, until in given if began < seen]
    if not before:
        return seen
    began, until = before[-1]
    return began - _AFTER if seen < until else until + _AFTER


def _cut(text: str) -> str:
    return text if len(text) <= _SCREEN else f"{text[: _SCREEN // 2]} … {text[-_SCREEN // 2 :]}"


def _end(program: Program, record: Record) -> float:
    if record.ended is not None:
        return record.started + record.ended
    return program.ended_at


def _how_it_ended(program: Program, record: Record) -> str:
    if record.end:
        line = record.end.get("line")
        where = f" on line {line}" if isinstance(line, int) else ""
        return f"ends by {str(record.end.get('type'))[:60]}{where}"
    status = program.status or 0
    return f"ends (exit status {status})" if status >= 0 else f"ends by signal {-status}"


def _last(party: Party) -> float:
    calls = [party.record.started + max(call.seconds, call.until or 0.0) for call in party.record.calls]
    return max([*calls, *(note.at for note in party.notes)], default=0.0)
