"""Both ends of one run, merged in the order of time: the model that is drawn and compared.

Two parties, the server on the left as on the slides, each with its socket calls; `converse` merges them into
steps. Whatever a program wrote into its record, there is a conversation: it may be wrong, and it is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from grading.transcript.calls import Address, Call, Record
from grading.transcript.payload import RECEIVES, SENDS, address_in, first_difference, payload_of, short, shown_args
from grading.transcript.sockets import names_of

STEPS_AT_MOST = 60
"""Steps of one conversation that are kept: the first and the last of more."""
_TEXT_AT_MOST = 300


@dataclass(frozen=True)
class Note:
    """Something that happened to a party and is no socket call: a line was typed, text was printed, it ended."""

    at: float
    """As ``time.perf_counter`` counts."""
    text: str


@dataclass(frozen=True)
class Party:
    """One end of a conversation."""

    name: str
    """Heads its column: ``your udp_server.py``."""
    record: Record
    notes: tuple[Note, ...] = ()
    sockets: str = ""
    """What several sockets of it are called, with a number: ``client``. Empty: by what they are used for."""
    own: bool = False
    """Whether it is the program that the conversation is about."""


@dataclass(frozen=True)
class Step:
    """One call, or one note, of one party."""

    lane: int
    """0: left, 1: right."""
    at: float
    """Seconds since the conversation began."""
    name: str
    """Of the call; empty for a note."""
    text: str
    """The call with its arguments, or the note."""
    socket: str = ""
    """Which of the party's sockets: ``welcoming socket``, ``connection 1``; empty where it has but one."""
    line: int | None = None
    until: float | None = None
    """When the call came back; ``None``: it never did."""
    result: str = ""
    """What is worth showing of what it returned."""
    error: str = ""
    data: str = ""
    """What it sent or received, as ``repr`` shows bytes."""
    partner: int | None = None
    """The step of the other party that received what this one sent."""
    to: str = ""
    """Where it went to, if the other party never received it."""
    marked: bool = False
    """Whether this is where it went wrong."""


@dataclass(frozen=True)
class Conversation:
    """One run: two named parties and their steps, in the order in which they began."""

    lanes: tuple[str, str]
    steps: tuple[Step, ...]
    own: int = 0
    """The lane of the program that it is about."""
    left_out: int = 0
    """Steps in the middle that are not shown, after the first half."""

    def __str__(self) -> str:
        """Draw it as text, for a terminal of 80 columns."""
        from grading.transcript.text import draw  # noqa: PLC0415  it draws this

        return draw(self)

    def _repr_svg_(self) -> str:
        """Draw it where Jupyter shows the value of a cell."""
        from grading.transcript.svg import draw  # noqa: PLC0415  it draws this

        return draw(self)

    def marking(self, line: int | None) -> Conversation:
        """Mark the step at which it went wrong: a last call that failed, else the last one on this line."""
        mine = [index for index, step in enumerate(self.steps) if step.lane == self.own]
        there = [index for index in mine if line is not None and self.steps[index].line == line]
        stuck = [index for index in mine if self.steps[index].name and self.steps[index].until is None]
        failed = [index for index in mine if self.steps[index].name][-1:]
        failed = [index for index in failed if self.steps[index].error]
        if not mine:
            return self
        messages = [index for index in there if self.steps[index].data]
        place = (failed or messages or there or stuck or mine)[-1]
        steps = tuple(replace(step, marked=index == place) for index, step in enumerate(self.steps))
        return replace(self, steps=steps)

    def to_json(self) -> dict[str, Any]:
        """Turn it into plain JSON types, from which `from_json` makes it again."""
        empty = asdict(Step(0, 0.0, "", ""))
        steps = [
            {key: value for key, value in asdict(step).items() if key in ("lane", "at", "name") or value != empty[key]}
            for step in self.steps
        ]
        return {"lanes": list(self.lanes), "own": self.own, "left_out": self.left_out, "steps": steps}

    @staticmethod
    def from_json(read: Mapping[str, Any]) -> Conversation:
        """Read what `to_json` made. Raises ``KeyError`` or ``TypeError`` for anything else."""
        steps = tuple(Step(**{"text": "", **step}) for step in read["steps"])
        left, right = read["lanes"]
        return Conversation((left, right), steps, read["own"], read["left_out"])


@dataclass
class _Told:
    """A step on its way, with what matching needs to know of its call."""

    step: Step
    call: Call | None = None
    data: bytes | None = None
    partner: _Told | None = None
    taken: bytearray = field(default_factory=bytearray)


def converse(left: Party, right: Party, expected: bytes = b"") -> Conversation:
    """Merge what two parties did into one conversation.

    Of a long message that is not the ``expected`` one, the first byte that differs stays in sight.
    """
    parties = (left, right)
    told = [each for lane, party in enumerate(parties) for each in _steps_of(lane, party, expected)]
    told.sort(key=lambda each: each.step.at)
    _match(told)
    own = 1 if right.own and not left.own else 0
    begin = told[0].step.at if told else 0.0
    names = _address_names(parties)
    kept = told = _folded(told)
    if left_out := max(0, len(told) - STEPS_AT_MOST):
        kept = told[: STEPS_AT_MOST // 2] + told[len(told) - STEPS_AT_MOST // 2 :]
    places = {id(each): place for place, each in enumerate(kept)}
    steps = []
    for each in kept:
        step, partner = each.step, each.partner
        steps.append(
            replace(
                step,
                at=round(step.at - begin, 6),
                until=None if step.until is None else round(step.until - begin, 6),
                partner=places.get(id(partner)) if partner else None,
                to=_where(each, names) if partner is None and each.data and not step.error else "",
            )
        )
    return Conversation((left.name, right.name), tuple(steps), own, left_out)


def _folded(told: list[_Told]) -> list[_Told]:
    """Fold what one party did over and over, while the other did nothing, into its first round and a note."""
    folded: list[_Told] = []
    place = 0
    while place < len(told):
        for length in range(1, _ROUND_AT_MOST + 1):
            rounds = _rounds(told, place, length)
            if rounds >= _FOLDED_FROM:
                first = told[place : place + length]
                last = told[place + rounds * length - 1].step
                note = f"the same {rounds - 1} times more"
                folded += [*first, _Told(Step(last.lane, last.at, "", note))]
                place += rounds * length
                break
        else:
            folded.append(told[place])
            place += 1
    return folded


_ROUND_AT_MOST = 4  # calls of what is repeated
_FOLDED_FROM = 4


def _rounds(told: Sequence[_Told], place: int, length: int) -> int:
    """Count how often the next ``length`` steps come one after the other."""
    first = [_alike(each) for each in told[place : place + length]]
    if len({lane for lane, *_ in first}) != 1:
        return 1
    rounds = 1
    while [_alike(each) for each in told[place + rounds * length : place + (rounds + 1) * length]] == first:
        rounds += 1
    return rounds


def _alike(told: _Told) -> tuple[object, ...]:
    step = told.step
    return step.lane, step.line, step.text, step.socket, step.result, step.error, step.until is None


def _steps_of(lane: int, party: Party, expected: bytes) -> list[_Told]:
    calls = party.record.calls
    named = names_of(calls, party.sockets)
    told = [_told(lane, party, call, *names, expected) for call, names in zip(calls, named, strict=True)]
    return told + [_Told(Step(lane, note.at, "", note.text[:_TEXT_AT_MOST])) for note in party.notes]


def _told(lane: int, party: Party, call: Call, label: str, made: str, expected: bytes) -> _Told:
    data = payload_of(call)
    start = party.record.started
    at = first_difference(expected, data) if data and expected[:_SAME] == data[:_SAME] else None
    if party.record.full and call.until is None:  # whether it came back is not known
        call = replace(call, until=call.seconds)
    step = Step(
        lane=lane,
        at=start + call.seconds,
        name=call.name[:40],
        text=f"{call.name[:40]}({shown_args(call, at)})"[:_TEXT_AT_MOST],
        socket=label,
        line=call.line,
        until=None if call.until is None else start + call.until,
        result=_result(call, data, made, at)[:_TEXT_AT_MOST],
        error=(call.error or "")[:_TEXT_AT_MOST],
        data="" if data is None else short(data, 60, at),
    )
    return _Told(step, call, data)


_SAME = 3  # bytes by which a message is known to be meant as the expected one


def _result(call: Call, data: bytes | None, made: str, at: int | None) -> str:
    """Say what is worth showing of what a call returned."""
    if call.result is None:
        return ""
    if call.name in RECEIVES and data is not None:
        if not data and call.name.startswith("recv") and not call.name.startswith("recvfrom"):
            return "b'', the end of the stream"
        address = call.result.rpartition(", (")[2] if call.name.startswith("recvfrom") else ""
        return short(data, 24, at) + (f" from ({address.removesuffix(')')}" if address else "")
    if call.name == "accept":
        return f"{made or 'a connection'}, from (" + call.result.rpartition(", (")[2].removesuffix(")")
    if call.name in SENDS and data is not None and call.result.isdigit() and int(call.result) != len(data):
        return f"only {call.result} bytes of {len(data)}"
    return ""


def _match(told: Sequence[_Told]) -> None:
    """Find for each message where the other party received it, and for each connect where it was accepted."""
    for lane in (0, 1):
        connects = [each for each in told if each.step.lane == lane and each.step.name.startswith("connect")]
        accepts = [each for each in told if each.step.lane != lane and each.step.name == "accept" and each.step.result]
        for connect, accept in zip((each for each in connects if not each.step.error), accepts, strict=False):
            connect.partner = accept
    for send in told:
        if send.step.name not in SENDS or send.step.error or not send.data:
            continue
        there = [
            each
            for each in told
            if each.step.lane != send.step.lane
            and each.step.name in RECEIVES
            and each.data
            and each.step.until is not None
            and each.step.until >= send.step.at
        ]
        whole = [each for each in there if each.data == send.data and not each.taken]
        part = [each for each in there if each.data and _overlap(bytes(each.taken), each.data, send.data)]
        if found := (whole or part)[:1]:
            send.partner = found[0]
            found[0].taken += send.data


def _overlap(taken: bytes, received: bytes, sent: bytes) -> bool:
    """Whether what was received may hold what was sent: all of it after what is known, or its beginning."""
    rest = received[len(taken) :] if received.startswith(taken) else b""
    return bool(rest) and (rest.startswith(sent) or sent.startswith(rest))


def _address_names(parties: Sequence[Party]) -> dict[int, str]:
    """Say whose port is whose, where a party has several sockets."""
    names: dict[int, str] = {}
    for party in parties:
        for call, (label, _) in zip(party.record.calls, names_of(party.record.calls, party.sockets), strict=True):
            if call.local is not None and label:
                names[call.local[1]] = label
    return names


def _where(sent: _Told, names: Mapping[int, str]) -> str:
    """Say where a message went that nobody received."""
    call = sent.call
    if call is None or call.name not in SENDS:
        return ""
    target = _target(call)
    if target is None:
        return "the other end, which did not read it"
    host, port = target
    return (
        f"{names[port]}, which did not read it" if port in names else f"{host or 'this machine'}:{port}, nobody there"
    )


def _target(call: Call) -> Address | None:
    return address_in(call.args[-1]) if call.name.startswith("sendto") and len(call.args) > 1 else None
