"""Where a run and the reference's run part: the first step that is not the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grading.transcript.conversation import Conversation, Step
from grading.transcript.payload import RECEIVES, SENDS

_KINDS = {
    **dict.fromkeys(SENDS, "send"),
    **dict.fromkeys(RECEIVES, "receive"),
    "connect_ex": "connect",
    "detach": "close",
}
_PASSED_OVER = ("shutdown",)


@dataclass(frozen=True)
class Parting:
    """The first step at which two runs are not the same."""

    step: int | None
    """Index of the step in the program's own conversation; ``None``: it has ended there."""
    reference: int | None
    """Index of the reference's step; ``None``: it has ended there."""
    said: str
    """In a sentence: "The reference calls recvfrom again here; your program ended."."""


def first_parting(own: Conversation, reference: Conversation) -> Parting | None:
    """Compare what the two programs did, one call after the other; ``None`` where they did the same.

    What may differ freely is passed over: ``send`` or ``sendall``, one receive or several in a row, and when in
    between text was printed.
    """
    mine, theirs = _calls_of(own), _calls_of(reference)
    for place in range(max(len(mine), len(theirs))):
        ours = mine[place] if place < len(mine) else None
        right = theirs[place] if place < len(theirs) else None
        step = own.steps[ours] if ours is not None else None
        model = reference.steps[right] if right is not None else None
        if said := _difference(step, model, [own.steps[index] for index in mine[:place]], _end(own)):
            return Parting(ours, right, said)
    return _by_screen(own, reference)


def _by_screen(own: Conversation, reference: Conversation) -> Parting | None:
    """Where the calls are the same: whether what was received was shown."""
    ours, right = _printed_at_last(own), _printed_at_last(reference)
    if right is None or ours is not None:
        return None
    return Parting(None, right, f"The reference {reference.steps[right].text} here; your program prints nothing.")


def _printed_at_last(conversation: Conversation) -> int | None:
    """Find what a program printed after the last message that it received."""
    mine = [index for index, step in enumerate(conversation.steps) if step.lane == conversation.own]
    received = [index for index in mine if kind_of(conversation.steps[index]) == "receive"]
    after = [index for index in mine if received and index > received[-1]]
    return next((index for index in after if conversation.steps[index].text.startswith("prints ")), None)


def _calls_of(conversation: Conversation) -> list[int]:
    """List the steps that count, of several receives in a row on one socket the last."""
    found: list[int] = []
    for index, step in enumerate(conversation.steps):
        if step.lane != conversation.own or not step.name or step.name in _PASSED_OVER:
            continue
        before = conversation.steps[found[-1]] if found else None
        repeated = before and kind_of(before) == kind_of(step) == "receive" and before.socket == step.socket
        if repeated and before and not before.error:
            found.pop()
        found.append(index)
    return found


def kind_of(step: Step) -> str:
    """Give what a call is for: all that send are one kind, and all that receive."""
    return _KINDS.get(step.name, step.name)


def _end(conversation: Conversation) -> str:
    ends = [step.text for step in conversation.steps if step.lane == conversation.own and step.text.startswith("ends")]
    return "ended" if ends else "did not"


def _difference(step: Step | None, model: Step | None, before: Sequence[Step], end: str) -> str:
    at = f" on line {step.line}" if step and step.line else ""
    if model is None:
        return f"The reference is done here; your program calls {step.name}{at}." if step else ""
    again = " again" if any(kind_of(each) == kind_of(model) for each in before) else ""
    if step is None:
        return f"The reference calls {model.name}{again} here; your program {end}."
    if kind_of(step) != kind_of(model):
        return f"The reference calls {model.name}{again} here; your program calls {step.name}{at}."
    return _outcome(step, model, at)


def _outcome(step: Step, model: Step, at: str) -> str:
    """Compare two calls of one kind."""
    if step.error and not model.error:
        return f"The reference's {model.name} works here; yours{at} raises {step.error}."
    if step.until is None and model.until is not None:
        return f"The reference's {model.name} comes back here; yours{at} waits on."
    if kind_of(step) == "send" and step.data != model.data:
        return f"The reference sends {model.data} here; your program{at} sends {step.data}."
    if kind_of(step) == "send" and bool(step.to) != bool(model.to):
        return f"The reference's {model.name} reaches the other end here; yours{at} goes to {step.to}."
    if step.name in ("bind", "socket") and step.text != model.text and not _same_place(step, model):
        return f"The reference calls {model.text} here; your program calls {step.text}{at}."
    return ""


def _same_place(step: Step, model: Step) -> bool:
    """Whether two binds or sockets differ only in how they are written: the host may, the port and the type may not."""
    return step.text.rpartition(",")[2].strip() == model.text.rpartition(",")[2].strip()
