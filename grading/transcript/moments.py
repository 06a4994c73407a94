"""The order in which a conversation is read: what stands on which row of a drawing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from grading.transcript.conversation import Conversation, Step
from grading.transcript.payload import MAY_WAIT

Part = Literal["whole", "begin", "end"]


@dataclass(frozen=True)
class Moment:
    """A step, or the beginning or the end of one that had to wait while something else happened."""

    index: int
    step: Step
    part: Part

    @property
    def lane(self) -> int:
        return self.step.lane

    @property
    def failed(self) -> bool:
        """Whether it is here that it went wrong: of a call that waited, where it came back, if it did."""
        return self.step.marked and (self.part != "begin" or self.step.until is None)

    @property
    def said(self) -> str:
        """What happened, in one line."""
        step = self.step
        name = f"{step.socket}{' =' if step.name == 'socket' else ':'} " if step.socket else ""
        told = step.error or step.result or (step.to and f"to {step.to}")
        if self.part == "end":
            gives = "" if step.error else f"{step.name} gives " if told else f"{step.name} comes back"
            return f"{name}{gives}{told}"
        if self.part == "begin":
            return f"{name}{step.text} waits"
        return f"{name}{step.text}: {told}" if told else f"{name}{step.text}"


@dataclass(frozen=True)
class Row:
    """One or two moments side by side; two are a message and its receiving, in the order of time."""

    moments: tuple[Moment, ...]
    arrow: int | None = None
    """The lane to which a message goes from here."""
    lands: bool = False
    """Whether the other party ever received it."""

    def of(self, lane: int) -> Moment | None:
        return next((moment for moment in self.moments if moment.lane == lane), None)


def moments_of(conversation: Conversation) -> list[Moment]:
    """Give what is to be drawn, in order; a call is one moment unless something happened while it waited."""
    events: list[tuple[float, int, int]] = []
    for index, step in enumerate(conversation.steps):
        events.append((step.at, 0, index))
        if step.until is not None and _is_waited_for(step):
            events.append((step.until, 1, index))
    events.sort()
    moments: list[Moment] = []
    for place, (_, ends, index) in enumerate(events):
        step = conversation.steps[index]
        if ends:
            if not (moments and moments[-1] == Moment(index, step, "whole")):
                moments.append(Moment(index, step, "end"))
            continue
        at_once = place + 1 < len(events) and events[place + 1][1:] == (1, index)
        waits = _is_waited_for(step) and not at_once
        moments.append(Moment(index, step, "begin" if waits else "whole"))
    return moments


def _is_waited_for(step: Step) -> bool:
    """Whether its waiting is worth seeing: a connect is over as soon as the system of the other end has agreed."""
    return step.name in MAY_WAIT and (step.name != "connect" or step.until is None)


def rows_of(conversation: Conversation) -> Iterator[Row]:
    """Put each message and its receiving on one row, unless the receiver did something else in between.

    What the sender did in between comes after: between the two ends only messages say what was first.
    """
    moments = moments_of(conversation)
    while moments:
        moment = moments.pop(0)
        goes = moment.part != "end" and (moment.step.partner is not None or bool(moment.step.to))
        if not goes:
            yield Row((moment,))
            continue
        there = next((place for place, each in enumerate(moments) if each.lane != moment.lane), None)
        if there is not None and _receives(moments[there], moment) and not _adds_to(moments[:there], moment):
            yield Row((moment, moments.pop(there)), 1 - moment.lane, lands=True)
        else:
            yield Row((moment,), 1 - moment.lane, lands=moment.step.partner is not None)


def printable(text: str) -> str:
    """Show what does not print, on a terminal or in XML, as an escape: a program's text may hold anything."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)


def width_of(text: str) -> int:
    """Count the columns that a text takes in a monospaced font."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def fitting(text: str, room: int) -> int:
    """Give how many of its characters fit into the room of so many columns."""
    return room if width_of(text) == len(text) else room // 2


def _receives(there: Moment, sent: Moment) -> bool:
    return there.index == sent.step.partner and there.part != "begin"


def _adds_to(between: Sequence[Moment], sent: Moment) -> bool:
    """Whether what is received with a message is sent only after it: of a stream, several in one."""
    return any(each.step.partner == sent.step.partner for each in between)
