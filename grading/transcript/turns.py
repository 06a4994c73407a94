"""What a program did, call after call, as far as it may count as a difference.

Passed over is what right programs do in different ways: an option of waiting, a connected UDP socket, a second address
that is tried, when a client closes; and of a stream, in how many pieces a message goes or comes.
"""

from __future__ import annotations

import ast
import ipaddress
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from grading.transcript.conversation import Conversation, Step
from grading.transcript.payload import RECEIVES, SENDS, short

_KINDS = {
    **dict.fromkeys(SENDS, "send"),
    **dict.fromkeys(RECEIVES, "receive"),
    "connect_ex": "connect",
    "detach": "close",
}
_TRIES_AGAIN = ("BlockingIOError", "TimeoutError", "timeout", "InterruptedError")
_ANY_PORT = re.compile(r"\('[^']*', 0[,)]")
_ADDRESS = re.compile(r"\('([^']*)', (\d+)[^()]*\)\)?$")
_LENGTH = re.compile(r"(\d+)(?: bytes| differs)\)$")
_OWN_NAMES = ("", "localhost", "localhost.localdomain", "ip6-localhost", "arena")  # the last: in the grader's sandbox
_LINE_END = 2  # bytes: "\\r\\n"
_CONNECTION = re.compile(r"connection (\d+)")
_AT_ONCE = 1e-5  # seconds: two calls that follow each other are noted to the microsecond


@dataclass
class Turn:
    """One call, or several in a row that count as one."""

    kind: str
    first: int
    """Place of its first step in the conversation."""
    steps: list[Step] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.steps[-1].name

    @property
    def line(self) -> int | None:
        return self.steps[-1].line

    @property
    def text(self) -> str:
        return self.steps[-1].text

    @property
    def socket(self) -> str:
        return self.steps[-1].socket

    @property
    def error(self) -> str:
        error = self.steps[-1].error
        return "" if self.kind == "connect" and error.startswith(_TRIES_AGAIN) else error  # it is on its way

    @property
    def to(self) -> str:
        return self.steps[-1].to

    @property
    def pending(self) -> bool:
        """Whether it waits, and nothing came; other calls do not wait, even where their end was not seen."""
        return self.steps[-1].until is None and self.kind in ("receive", "accept")

    @property
    def ends_stream(self) -> bool:
        """Whether it received nothing but the end of the stream."""
        return self.kind == "receive" and len(self.steps) == 1 and self.steps[0].result.endswith("end of the stream")

    @property
    def message(self) -> bytes | None:
        """What was sent or received in all, where that is known in full."""
        pieces = [_literal(step.data) for step in self.steps]
        return b"".join(piece for piece in pieces if piece is not None) if None not in pieces else None

    @property
    def data(self) -> str:
        """The same, shown."""
        if len(self.steps) == 1:
            return self.steps[0].data
        return "" if self.message is None else short(self.message, 60)

    @property
    def length(self) -> int | None:
        """How many bytes it carried in all."""
        found = [_length(step.data) for step in self.steps]
        return sum(each for each in found if each is not None) if None not in found else None

    @property
    def address(self) -> tuple[str, int] | None:
        """The address that it names."""
        found = _ADDRESS.search(self.text)
        return (found[1], int(found[2])) if found else None


def turns_of(conversation: Conversation, *, datagrams: bool) -> list[Turn]:
    """List what the program did that the conversation is about."""
    steps = conversation.steps
    calls = [index for index in conversation.own_steps() if steps[index].name]
    if conversation.left_out:  # after what is left out, nothing is known to belong to what
        calls = [index for index in calls if index < len(steps) // 2]
    passed_over = _attempts(steps, calls)
    turns: list[Turn] = []
    last: dict[str, Turn] = {}
    for place, index in enumerate(calls):
        step, later = steps[index], [steps[each] for each in calls[place + 1 :]]
        if step.socket in passed_over or _does_not_count(
            step, later, datagrams=datagrams, client=conversation.own == 1
        ):
            continue
        if step.error.startswith(_TRIES_AGAIN) and kind_of(step) != "connect" and not _is_end(step, conversation):
            continue
        kind = kind_of(step)
        before = last.get(step.socket)
        together = kind in ("send", "receive") and not datagrams and step.until is not None
        if kind == "close" and before and before.kind == "close":
            continue
        if together and before and before.kind == kind and not before.error:
            before.steps.append(step)
            continue
        turns.append(Turn(kind, index, [step]))
        last[step.socket] = turns[-1]
    return turns


def kind_of(step: Step) -> str:
    """Give what a call is for: all that send are one kind, and all that receive."""
    return _KINDS.get(step.name, step.name)


def _attempts(steps: Sequence[Step], calls: Sequence[int]) -> set[str]:
    """Find the sockets that were only tried: another one was used instead, or none was needed."""
    connects = [index for index in calls if kind_of(steps[index]) == "connect"]
    failed = {steps[index].socket for index in connects[:-1] if steps[index].error}
    used = {steps[index].socket for index in calls if kind_of(steps[index]) not in ("socket", "close")}
    return ({steps[index].socket for index in calls} - used | failed) - {""}


def _does_not_count(step: Step, later: Sequence[Step], *, datagrams: bool, client: bool) -> bool:
    match kind_of(step):
        case "shutdown":
            return True
        case "connect":
            return datagrams and not step.error
        case "bind":
            return (client or names_any_port(step)) and not step.error
        case "send":
            return step.data == "b''" and not step.error  # whether an empty message is answered is nobody's business
        case "close":
            return step.socket == "closed socket" or (client and not any(step.socket == each.socket for each in later))
    return False


def names_any_port(step: Step) -> bool:
    """Whether a bind leaves the port to the system."""
    return bool(_ANY_PORT.search(step.text))


def _is_end(step: Step, conversation: Conversation) -> bool:
    """Whether a program ended by what a call raised."""
    return end_of(conversation).startswith("ended by " + step.error.partition(":")[0])


def end_of(conversation: Conversation) -> str:
    """Say how a program ended: "ended", "ended by KeyError on line 3", "is still on line 4", or that it does not."""
    notes = [step.text for index in conversation.own_steps() if not (step := conversation.steps[index]).name]
    ends = [text for text in notes if text.startswith(("ends", "is still "))]
    if not ends or ends[-1].startswith("is still "):
        return ends[-1] if ends else "does not"
    return "ended" + (ends[-1].removeprefix("ends") if ends[-1].startswith("ends by ") else "")


def at_once(conversation: Conversation) -> bool:
    """Whether the program did several things at a time: then their order says nothing."""
    mine = [step for index in conversation.own_steps() if (step := conversation.steps[index]).name]
    for step, after in pairwise(mine):
        if step.until is None or step.until > after.at + _AT_ONCE or step.error.startswith("BlockingIOError"):
            return True
    accepted = 0
    for step in mine:
        if kind_of(step) in ("send", "receive") and 0 < _number(step.socket) < accepted:
            return True
        accepted = max(accepted, _number(step.result) if step.name == "accept" else 0)
    used = [step.socket for step in mine if step.socket.startswith("connection")]
    runs = [label for place, label in enumerate(used) if place == 0 or used[place - 1] != label]
    return len(runs) != len(set(runs))


def _number(text: str) -> int:
    """Give the number of a connection; 0 for what is none."""
    found = _CONNECTION.match(text)
    return int(found[1]) if found else 0


def outcome(turn: Turn, model: Turn, *, client: bool) -> str:
    """Say what is different about two calls of one kind; empty if nothing is."""
    at = f" on line {turn.line}" if turn.line else ""
    if turn.error and not model.error:
        return f"The reference's {model.name} works here; yours{at} raises {turn.error}."
    if turn.pending and not model.pending:
        return f"The reference's {model.name} comes back here; yours{at} waits on."
    if turn.kind == "receive" and _got_less(turn, model):
        return f"The reference's {model.text} gives {model.data} here; your {turn.text}{at} gives {turn.data}."
    if turn.kind == "send" and _is_another_message(turn, model, client=client):
        sends = f"sends {turn.data}" + (f" in {len(turn.steps)} calls" if len(turn.steps) > 1 else "")
        return f"The reference sends {model.data} here; your program{at} {sends}."
    return _elsewhere(turn, model, at, client=client)


def _elsewhere(turn: Turn, model: Turn, at: str, *, client: bool) -> str:
    if _names_another(turn, model, client=client):
        return f"The reference calls {model.text} here; your program calls {turn.text}{at}."
    if turn.kind == "send" and turn.to and not model.to:
        return f"The reference's {model.name} reaches the other end here; yours{at} goes to {turn.to}."
    return ""


def _is_another_message(turn: Turn, model: Turn, *, client: bool) -> bool:
    if not turn.data.startswith("b") or not model.data.startswith("b"):
        return False
    ours, right = turn.message, model.message
    if not client or (ours is None) != (right is None):
        return turn.data != model.data
    if ours is None or right is None:
        return abs((turn.length or 0) - (model.length or 0)) > _LINE_END
    return ours.strip() != right.strip()  # a line's newline may go with it


def _got_less(turn: Turn, model: Turn) -> bool:
    once = len(turn.steps) == len(model.steps) == 1
    return once and turn.length is not None and model.length is not None and 0 < turn.length < model.length


def _names_another(turn: Turn, model: Turn, *, client: bool) -> bool:
    """Whether they name another kind of socket, or another address: a machine has several names for itself."""
    if turn.kind == "socket":
        return turn.text.rpartition(",")[2] != model.text.rpartition(",")[2]
    if turn.kind != "bind" and not (client and turn.name in ("connect", "sendto")):
        return False
    ours, right = turn.address, model.address
    return ours is not None and right is not None and (ours[1] != right[1] or not _is_this_machine(ours[0]))


def _is_this_machine(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host in _OWN_NAMES or host.partition(".")[0] == socket.gethostname().partition(".")[0]
    return address.is_loopback or address.is_private or address.is_unspecified


def answer_of(turns: Sequence[Turn]) -> str:
    """Give the text of the last message that was received, where it is known in full."""
    received = [turn for turn in turns if turn.kind == "receive" and turn.message]
    if not received:
        return ""
    return (received[-1].message or b"").decode("utf-8", "replace")


def _literal(data: str) -> bytes | None:
    if "…" in data or not data.startswith("b"):
        return None
    try:
        read = ast.literal_eval(data)
    except (ValueError, SyntaxError):  # a conversation that was made up
        return None
    return read if isinstance(read, bytes) else None


def _length(data: str) -> int | None:
    literal = _literal(data)
    if literal is not None:
        return len(literal)
    found = _LENGTH.search(data)
    return int(found[1]) if found else None
