"""Where a run and the reference's run part: the first step that is not the same.

It is shown beside a check that failed, so it must not name what is no mistake. What right programs do in different
ways is passed over (see `grading.transcript.turns`), and a program that does several things at a time is only asked
for what the reference did, on each socket, not in which order.
"""

from __future__ import annotations

from dataclasses import dataclass

from grading.transcript.conversation import Conversation
from grading.transcript.payload import RECEIVES
from grading.transcript.turns import Turn, answer_of, at_once, end_of, names_any_port, outcome, turns_of


@dataclass(frozen=True)
class Parting:
    """The first step at which two runs are not the same."""

    step: int | None
    """Index of the step in the program's own conversation; ``None``: it did nothing there, or has ended."""
    reference: int | None
    """Index of the reference's step; ``None``: it has ended there."""
    said: str
    """In a sentence: "The reference calls recvfrom again here; your program ended."."""


def first_parting(own: Conversation, reference: Conversation) -> Parting | None:
    """Compare what the two programs did, one call after the other; ``None`` where they did the same."""
    return _Comparison(own, reference).first()


class _Comparison:
    def __init__(self, own: Conversation, reference: Conversation) -> None:
        self.own, self.reference = own, reference
        datagrams = any("SOCK_DGRAM" in step.text for step in reference.steps if step.lane == reference.own)
        self.mine = turns_of(own, datagrams=datagrams)
        self.theirs = turns_of(reference, datagrams=datagrams)
        self.client = own.own == 1
        self.end = end_of(own)

    def first(self) -> Parting | None:
        calls = self._in_any_order() if at_once(self.own) else self._in_order()
        return calls or self._by_screen() or self._by_end() or self._by_port()

    def _in_order(self) -> Parting | None:
        rest = list(self.mine)
        for place, model in enumerate(self.theirs):
            if rest and rest[0].ends_stream and model.kind != "receive":
                rest.pop(0)  # it serves until the client has closed: fair
            if model.kind == "close" and not (rest and rest[0].kind == "close") and self._was_closed(model):
                continue
            turn = rest.pop(0) if rest else None
            if said := self._difference(turn, model, self.theirs[:place]):
                return Parting(turn.first if turn else None, model.first, said)
        if rest and not rest[0].ends_stream and end_of(self.reference) == "ended":
            return Parting(rest[0].first, None, f"The reference is done here; your program {_does(rest[0])}.")
        return None

    def _in_any_order(self) -> Parting | None:
        rest = list(self.mine)
        for place, model in enumerate(self.theirs):
            if model.kind == "close" and self._was_closed(model):
                continue
            same = [turn for turn in rest if turn.kind == model.kind]
            same.sort(key=lambda turn: turn.pending)
            on_any = not model.socket.startswith("connection")
            turn = next((turn for turn in same if on_any or turn.socket == model.socket), None)
            if turn is not None:
                rest.remove(turn)
                if turn.pending and not model.pending:
                    continue  # another of its threads may have gone on
            elif same and model.kind == "send":
                said = f"The reference calls {model.name} on {model.socket} here; your program {_does(same[0])}, on "
                return Parting(same[0].first, model.first, f"{said}{same[0].socket}.")
            if said := self._difference(turn, model, self.theirs[:place]):
                return Parting(turn.first if turn else None, model.first, said)
        return None

    def _was_closed(self, model: Turn) -> bool:
        """Whether the client saw that a connection was closed: the library may have done it."""
        number = model.socket.removeprefix("connection ")
        ended = [
            step for step in self.own.steps if step.lane != self.own.own and step.result.endswith("end of the stream")
        ]
        return number.isdecimal() and len(ended) >= int(number)

    def _difference(self, turn: Turn | None, model: Turn, before: list[Turn]) -> str:
        again = " again" if any(each.kind == model.kind for each in before) else ""
        if turn is None:
            if self.own.left_out or self.end == "does not" or (model.pending and not self.end.startswith("ended")):
                return ""  # it may have come there a moment later, and where nothing came it may wait in another way
            return f"The reference calls {model.name}{again} here; your program {self.end}."
        if turn.kind != model.kind:
            return f"The reference calls {model.name}{again} here; your program {_does(turn)}."
        if turn.kind in ("close", "send", "receive") and _is_another(turn, model):
            said = f"The reference calls {model.name} on {_named(model)} here; your program {_does(turn)}"
            return f"{said}, on {_named(turn)}."
        return outcome(turn, model, client=self.client)

    def _by_screen(self) -> Parting | None:
        """Where a client's calls are the same: whether what was received was shown, and as text."""
        ours, right = _printed(self.own), _printed(self.reference)
        if not self.client or not right:
            return None
        model = self.reference.steps[right[0]]
        if not ours:
            end = self.end if self.end.startswith("ended by") else "prints nothing"
            return Parting(None, right[0], f"The reference {model.text} here; your program {end}.")
        step = self.own.steps[ours[-1]]
        screen = "".join(self.own.steps[index].text for index in ours)
        answer = "".join(answer_of(self.mine).split())
        if "…" not in screen and answer not in _plain(screen).replace(f"b'{answer}'", ""):
            return Parting(ours[-1], right[0], f"The reference {model.text} here; your program {step.text}.")
        return None

    def _by_end(self) -> Parting | None:
        """Where all else is the same: whether it ended as the reference did."""
        theirs = end_of(self.reference)
        if theirs == "ended" and self.end.startswith("ended by") and "EOFError" not in self.end:
            return Parting(None, None, f"The reference ends by itself; your program {self.end}.")
        if theirs == "ended" and self.end.startswith("is still"):
            return Parting(None, None, f"The reference ends here; your program {self.end}.")
        return None

    def _by_port(self) -> Parting | None:
        """Where nothing else is different: whether a client has bound a port of its own."""
        for index in self.own.own_steps() if self.client else ():
            step = self.own.steps[index]
            if step.name == "bind" and not names_any_port(step):
                said = f"The reference lets the system choose its port; your program calls {step.text}"
                return Parting(index, None, f"{said} on line {step.line}." if step.line else f"{said}.")
        return None


def _printed(conversation: Conversation) -> list[int]:
    """Find what a program printed after the last message that it received."""
    mine = conversation.own_steps()
    received = [
        index
        for index in mine
        if conversation.steps[index].name in RECEIVES and conversation.steps[index].data not in ("", "b''")
    ]
    after = [index for index in mine if received and index > received[-1]]
    return [index for index in after if conversation.steps[index].text.startswith("prints ")]


def _plain(text: str) -> str:
    return "".join(text.replace("\\n", "").split())


def _does(turn: Turn) -> str:
    where = f" on line {turn.line}" if turn.line else ""
    return f"waits in {turn.name}{where}" if turn.pending else f"calls {turn.name}{where}"


def _named(turn: Turn) -> str:
    return f"the {turn.socket}" if turn.socket == "welcoming socket" else turn.socket


def _is_another(turn: Turn, model: Turn) -> bool:
    """Whether one call is on the welcoming socket and the other on a connection."""
    kinds = {"welcoming socket", "connection"}
    one, other = turn.socket.rstrip("0123456789 "), model.socket.rstrip("0123456789 ")
    return one != other and {one, other} <= kinds
