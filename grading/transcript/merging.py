"""Two parties' calls and notes merged into one conversation.

Whatever a program wrote into its record, there is a conversation: it may be wrong, and it is bounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grading.transcript.conversation import Conversation, Note, Party, Step
from grading.transcript.messages import Act, acts_of, match
from grading.transcript.payload import RECEIVES, SENDS, first_difference, returned_address, short, shown_args, target_of
from grading.transcript.sockets import names_of

STEPS_AT_MOST = 60
"""Steps of one conversation that are kept: the first and the last of more."""
_TEXT_AT_MOST = 300
_LINES_AT_MOST = 99_999


@dataclass
class _Told:
    """A step on its way, with the act that it tells of."""

    step: Step
    act: Act | None = None


def converse(left: Party, right: Party, expected: bytes = b"") -> Conversation:
    """Merge what two parties did into one conversation.

    Of a long message that is not the ``expected`` one, the first byte that differs stays in sight.
    """
    parties = (left, right)
    acts = [acts_of(lane, party.record) for lane, party in enumerate(parties)]
    match(sorted((act for own in acts for act in own), key=lambda act: act.at))
    told = [each for party, own in zip(parties, acts, strict=True) for each in _steps_of(party, own, expected)]
    told += [_Told(_step_of(lane, note)) for lane, party in enumerate(parties) for note in party.notes]
    told.sort(key=lambda each: each.step.at)
    begin = told[0].step.at if told else 0.0
    kept = told = _folded(told)
    if left_out := max(0, len(told) - STEPS_AT_MOST):
        kept = told[: STEPS_AT_MOST // 2] + told[len(told) - STEPS_AT_MOST // 2 :]
    places = {id(each.act): place for place, each in enumerate(kept) if each.act}
    where = _Where(parties, acts)
    steps = tuple(
        replace(
            each.step,
            at=round(each.step.at - begin, 6),
            until=None if each.step.until is None else round(each.step.until - begin, 6),
            partner=places.get(id(each.act.partner)) if each.act and each.act.partner else None,
            to=where.went(each.act) if each.act else "",
        )
        for each in kept
    )
    return Conversation((left.name, right.name), steps, 1 if right.own and not left.own else 0, left_out)


def _step_of(lane: int, note: Note) -> Step:
    return Step(lane, note.at, "", note.text[:_TEXT_AT_MOST])


def _folded(told: list[_Told]) -> list[_Told]:
    """Fold what one party did over and over, while the other did nothing, into its first round and a note."""
    alike = [_alike(each.step) for each in told]
    folded: list[_Told] = []
    place = 0
    while place < len(told):
        for length in range(1, _ROUND_AT_MOST + 1):
            rounds = _rounds(alike, place, length)
            if rounds >= _FOLDED_FROM:
                last = told[place + rounds * length - 1].step
                note = Note(last.at, f"the same {rounds - 1} times more")
                folded += [*told[place : place + length], _Told(_step_of(last.lane, note))]
                place += rounds * length
                break
        else:
            folded.append(told[place])
            place += 1
    return folded


_ROUND_AT_MOST = 4  # calls of what is repeated
_FOLDED_FROM = 4


def _rounds(alike: Sequence[tuple[object, ...]], place: int, length: int) -> int:
    """Count how often the next ``length`` steps come one after the other."""
    first = alike[place : place + length]
    if len({lane for lane, *_ in first}) != 1:
        return 1
    rounds = 1
    while alike[place + rounds * length : place + (rounds + 1) * length] == first:
        rounds += 1
    return rounds


def _alike(step: Step) -> tuple[object, ...]:
    return step.lane, step.line, step.text, step.socket, step.result, step.error, step.until is None


def _steps_of(party: Party, acts: Sequence[Act], expected: bytes) -> list[_Told]:
    named = names_of(party.record.calls, party.sockets)
    return [_told(act, label, made, expected) for act, (label, made) in zip(acts, named, strict=True)]


def _told(act: Act, label: str, made: str, expected: bytes) -> _Told:
    call, data = act.call, act.data
    at = first_difference(expected, data) if data and expected[:_SAME] == data[:_SAME] else None
    message = "" if data is None else short(data, 44, at, act.length)
    step = Step(
        lane=act.lane,
        at=act.at,
        name=call.name[:40],
        text=f"{call.name[:40]}({shown_args(call, message)})"[:_TEXT_AT_MOST],
        socket=label,
        line=call.line if call.line is not None and call.line <= _LINES_AT_MOST else None,
        until=act.until,
        result=_result(act, message, made)[:_TEXT_AT_MOST],
        error=(call.error or "")[:_TEXT_AT_MOST],
        data=short(data, 60, at, act.length) if data is not None else f"({act.length} bytes)" if act.length else "",
    )
    return _Told(step, act)


_SAME = 3  # bytes by which a message is known to be meant as the expected one


def _result(act: Act, message: str, made: str) -> str:
    """Say what is worth showing of what a call returned."""
    call = act.call
    if call.result is None:
        return ""
    address = returned_address(call)
    if call.name == "accept":
        return f"{made or 'a connection'}{address and f', from {address}'}"
    if call.name in RECEIVES and act.length is not None:
        if not act.length and not act.datagram:
            return "b'', the end of the stream"
        return (message or f"{act.length} bytes") + (address and f" from {address}")
    if call.name in SENDS and act.data is not None and act.length is not None and act.length < len(act.data):
        return f"only {act.length} bytes of {len(act.data)}"
    return ""


class _Where:
    """Where messages went that nobody received."""

    def __init__(self, parties: Sequence[Party], acts: Sequence[Sequence[Act]]) -> None:
        self.names: dict[int, str] = {}
        """Whose port is whose."""
        for party, own in zip(parties, acts, strict=True):
            for act, (label, _) in zip(own, names_of(party.record.calls, party.sockets), strict=True):
                if act.call.local is not None:
                    self.names[act.call.local[1]] = label or "the other end"
        self.ended = [_end_of(party) for party in parties]

    def went(self, act: Act) -> str:
        """Say where the message of an act went, or its connect; empty if it was taken, or never left."""
        if act.partner is not None or act.call.error is not None:
            return ""
        if act.call.name == "connect" and act.lane == 1 and not act.datagram and act.until is not None:
            return "a server that never accepted it"
        if act.call.name not in SENDS or not (act.datagram or act.length):
            return ""
        ended = self.ended[1 - act.lane]
        gone = ended is not None and ended <= act.at
        target = target_of(act.call) if act.datagram else None
        if target is not None and (gone or target[1] not in self.names):
            return f"{target[0] or 'this machine'}:{target[1]}, nobody there{' any more' if gone else ''}"
        whom = self.names[target[1]] if target else "the other end"
        return f"{whom}, which {'has ended' if gone else 'did not read it'}"


def _end_of(party: Party) -> float | None:
    return min((note.at for note in party.notes if note.text.startswith("ends")), default=None)
