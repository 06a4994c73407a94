"""Both ends of one run, merged in the order of time: the model that is drawn and compared.

Two parties, the server on the left as on the slides, each with its socket calls; `grading.transcript.merging` makes
steps of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from grading.transcript.calls import Record


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
    """What it sent or received, as ``repr`` shows bytes; in parentheses how much, where no more is known."""
    partner: int | None = None
    """The step of the other party that received what this one sent, or accepted where it connected."""
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
        """Mark the step at which it went wrong; ``line`` is the one that the feedback names."""
        from grading.transcript.mark import failing_step  # noqa: PLC0415  it reads this

        place = failing_step(self, line)
        return replace(self, steps=tuple(replace(step, marked=index == place) for index, step in enumerate(self.steps)))

    def own_steps(self) -> list[int]:
        """Give the places of the steps of the program that it is about."""
        return [index for index, step in enumerate(self.steps) if step.lane == self.own]

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
