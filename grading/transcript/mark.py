"""Which step of a run is the one at which it went wrong."""

from __future__ import annotations

from grading.transcript.conversation import Conversation
from grading.transcript.payload import MAY_WAIT, RECEIVES, SENDS


def failing_step(conversation: Conversation, line: int | None) -> int | None:
    """Find it, from what the run shows and from the line that the feedback names; ``None`` without own steps.

    An exception before all else. Then what was sent on that line, or what waits there. A receive or an accept that
    came back went well, but for one that got only part of a message: what is wrong then came later.
    """
    return _Marking(conversation, line).place


class _Marking:
    def __init__(self, conversation: Conversation, line: int | None) -> None:
        self.steps = conversation.steps
        self.own = conversation.own
        self.mine = conversation.own_steps()
        self.calls = [index for index in self.mine if self.steps[index].name]
        self.messages = [index for index in self.calls if self.steps[index].data not in ("", "b''")]
        found = self._raised() or (self._on_the_line(line) or self._elsewhere(line) if line is not None else [])
        found = found or [index for index in self.calls if self._waits(index)] or self.mine
        self.place = found[-1] if found else None

    def _waits(self, index: int) -> bool:
        return self.steps[index].until is None and self.steps[index].name in MAY_WAIT

    def _raised(self) -> list[int]:
        failed = [index for index in self.calls[-1:] if self.steps[index].error]
        return failed or self._notes("ends by ")

    def _on_the_line(self, line: int) -> list[int]:
        there = [index for index in self.calls if self.steps[index].line == line]
        sent = [index for index in there if self.steps[index].name in SENDS]
        part = [index for index in there if self._got_part(index)]
        waits = [index for index in there if self._waits(index)]
        return sent or part or waits or [i for i in there if self.steps[i].name not in (*RECEIVES, "accept")]

    def _got_part(self, index: int) -> bool:
        return any(step.partner == index and step.data not in ("", self.steps[index].data) for step in self.steps)

    def _elsewhere(self, line: int) -> list[int]:
        """Find the step that shows what a line did which is no call, or a receive that went well."""
        if self.own == 0:
            if self._notes("ends"):
                return self.mine[-1:]
            answered = self.messages and self.steps[self.messages[-1]].name in SENDS
            return self.messages[-1:] if answered and self._is_answered_wrongly() else self._where_used(line)
        received = [index for index in self.messages if self.steps[index].name in RECEIVES]
        if received and line >= (self.steps[received[-1]].line or 0):
            return [index for index in self._notes("prints ") if index > received[-1]]
        later = [index for index in self.calls if (self.steps[index].line or 0) > line]
        return [i for i in later if self.steps[i].name in SENDS] or [
            i for i in later if self.steps[i].name == "connect"
        ]

    def _where_used(self, line: int) -> list[int]:
        """Find the calls that use a constant at the top of a program."""
        lines = [number for index in self.calls if (number := self.steps[index].line) is not None]
        early = not self.messages and line < min(lines, default=0)
        return [i for i in self.calls if self.steps[i].name == "bind" and early]

    def _notes(self, beginning: str) -> list[int]:
        return [i for i in self.mine if not self.steps[i].name and self.steps[i].text.startswith(beginning)]

    def _is_answered_wrongly(self) -> bool:
        """Whether the counterpart waits for another answer than it got, to a message that was received."""
        others = [step for step in self.steps if step.lane != self.own]
        sent = [step for step in others if step.name in SENDS]
        return any("expects " in step.text for step in others if not step.name) and sent[-1:] != [] and not sent[-1].to
