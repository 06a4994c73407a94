"""Drive a student's client: type at its prompts, meet it where it looks for its server, read its screen.

The steps are the same for UDP and TCP; `grading.arena.udp` and `grading.arena.tcp` say how to receive and answer.
"""

from __future__ import annotations

import re
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import ClassVar

from grading.arena.arena import DNS_PORT, PORT, Arena, Stalled
from grading.arena.keyboard import TYPED_AT_MOST, answer_to_prompt, took_for_message
from grading.arena.mismatch import Mismatch, mismatch, shown
from grading.arena.program import Program, Script
from grading.arena.sockets import Kind
from grading.arena.stage import Stage
from grading.arena.words import Phrase

_A_FEW = 6  # characters of an answer on the screen which tell that the rest was cut


def shows(program: Program, text: str) -> bool:
    """Whether a text stands on a program's screen, whatever blanks and line ends are in between."""
    return "".join(text.split()) in "".join(program.screen.split())


def what_it_shows(program: Program) -> str:
    """Say what is on a program's screen."""
    return f"The screen shows {shown(program.screen[-400:])}." if program.screen else "Nothing was printed."


class Client(ABC):
    """A student's client program in one check, and the server that we are to it."""

    kind: ClassVar[Kind]
    counterpart: socket.socket

    def __init__(self, stage: Stage, script: Script, phrase: Phrase) -> None:
        """Take the program, and the line that will be typed at it."""
        self.stage = stage
        self.script = script
        self.phrase = phrase
        stage.client = self

    def start(self) -> None:
        """Start the program and our end, where it looked for a server the last time."""
        self.arena: Arena = self.stage.arena()
        self.sent_before_typing = False
        self.open_counterpart(self.stage.port_of(self.script.program))
        self.program: Program = self.arena.start(self.script)

    @abstractmethod
    def open_counterpart(self, port: int) -> None:
        """Make our socket, at the port where the client looks for its server."""

    @abstractmethod
    def take(self) -> None:
        """Take in what the client has sent since."""

    @property
    @abstractmethod
    def message(self) -> bytes | None:
        """What it has sent so far; ``None`` if nothing."""

    @property
    @abstractmethod
    def is_complete(self) -> bool:
        """Whether all of the message is there."""

    @abstractmethod
    def send_back(self, text: str) -> None:
        """Send text to the client, from where it looks for its server."""

    def reply(self, text: str) -> None:
        """Answer the client, once it waits or has gone on: so that one that does not wait is always seen not to."""
        self.arena.until_settled(self.program)
        self.send_back(text)

    @property
    @abstractmethod
    def own_port(self) -> int:
        """The client's own port."""

    @property
    @abstractmethod
    def destination(self) -> str:
        """The address at which it met us."""

    def watched(self) -> list[socket.socket]:
        """Our sockets on which something may arrive."""
        return [self.counterpart]

    def until_sent(self) -> None:
        """Run the client until it has sent its message. Raises `Mismatch` if it never does.

        One that goes to another port is started again, and met there.
        """
        self.start()
        while not self._step(lambda: self.is_complete):
            continue
        if took_for_message(self.stage, self.program, self.message or b""):
            self.until_sent()

    def _seen(self, met: Callable[[], bool]) -> str | None:
        self.take()
        if met():
            return "met"
        if self._goes_elsewhere():
            return "elsewhere"
        if not self.arena.at_keyboard(self.program):
            return None
        self.take()  # what it sent before it asked is there by now
        return "met" if met() else "asks"

    def _step(self, met: Callable[[], bool]) -> bool:
        """Go on until the next thing that the client does; tell whether it was what it should do."""
        try:
            outcome = self.arena.wait(lambda: self._seen(met), self.program, self.watched(), typing=True)
        except Stalled as stalled:
            if self.message:
                return True  # all that will come is there
            raise self._sent_nothing(stalled) from None
        if self.message and self.phrase.text not in self.program.typed:
            self.sent_before_typing = True
        if outcome == "elsewhere":
            self.start()
        elif outcome == "asks" and len(self.program.typed) < TYPED_AT_MOST:
            self.program.type(answer_to_prompt(self.stage, self.program, self.phrase.text))
        elif outcome == "asks":
            self.program.close_keyboard()
        return outcome == "met"

    def _goes_elsewhere(self) -> bool:
        """Whether it sends to another port than ours; then we shall be there the next time."""
        if self.script.program in self.stage.ports:
            return False
        for port in self._ports_tried():
            if port != self.counterpart.getsockname()[1]:
                self.stage.ports[self.script.program] = port
                return True
        return False

    def _ports_tried(self) -> list[int]:
        if not self.arena.shared:
            sent = [packet for packet in self.arena.packets() if packet.kind == self.kind]
            ours = (self.counterpart.getsockname()[1], DNS_PORT)
            return [packet.destination[1] for packet in sent if not {packet.source[1], packet.destination[1]} & {*ours}]
        if not self.program.ended and self.arena.waits() is None:
            return []
        # Where packets cannot be seen, the recorded calls say where to wait; what then arrives there is seen.
        tried = re.compile(r", (\d{1,5})\)$")
        calls = [call for call in self.program.recorded().calls if call.name in ("connect", "connect_ex", "sendto")]
        found = [tried.search(call.args[-1]) for call in calls if call.args]
        return [int(match[1]) for match in found if match and 0 < int(match[1]) < 1 << 16]

    def mismatch(self, suspect: str, expected: str, happened: str = "", stalled: Stalled | None = None) -> Mismatch:
        """Put together a failed claim with what is known of this client."""
        facts = {"typed": self.phrase.text}
        if self.message is not None:
            facts["received"] = self.message.decode("utf-8", "backslashreplace")
        if port := self.stage.ports.get(self.script.program):
            facts["port"] = str(port)
        return mismatch(self.arena, self.program, suspect, expected, happened, stalled, facts)

    def _sent_nothing(self, stalled: Stalled) -> Mismatch:
        expected = f"Your client sends the line that was typed, {shown(self.phrase.text)}, to port {PORT}."
        suspect = "nothing-sent"
        if stalled.how == "waits" and (stalled.waits_in or "").startswith("recv"):
            suspect = "receive-before-send"
        return self.mismatch(suspect, expected, f"No {self.kind.upper()} message came.", stalled)

    def answer_and_see(self, text: str) -> None:
        """Answer the client, and see the answer on its screen. Raises `Mismatch`."""
        self.reply(text)
        self.until_shown(text)

    def until_shown(self, text: str) -> None:
        """Wait until a text stands on the screen, however it is broken into lines. Raises `Mismatch`."""

        def seen() -> bool | None:
            self.take()
            return shows(self.program, text) or None

        try:
            self.arena.wait(seen, self.program, self.watched())
        except Stalled as stalled:
            expected, happened = f"The answer {shown(text)} on the screen.", what_it_shows(self.program)
            suspect = "buffer-too-small" if shows(self.program, text[:_A_FEW]) else "reply-not-printed"
            raise self.mismatch(suspect, expected, happened, stalled) from None

    def until_ended(self) -> None:
        """Wait until the program ends; one that asks for another line gets the end of input. Raises `Mismatch`."""

        def ended() -> bool | None:
            self.take()
            return self.program.ended or None

        def seen() -> str | None:
            if ended():
                return "ended"
            return "asks" if self.arena.at_keyboard(self.program) else None

        try:
            if self.arena.wait(seen, self.program, self.watched(), typing=True) == "asks":
                self.program.close_keyboard()
                self.arena.wait(ended, self.program, self.watched())
        except Stalled as stalled:
            raise self.mismatch("hang", "Your client ends after the answer.", "", stalled) from None

    def until_done(self) -> None:
        """Wait until nothing more can come of the program: it has ended, or waits."""
        try:
            self.until_ended()
        except Mismatch as mismatch:  # it goes on for ever: that is another check's claim
            self.take()
            if mismatch.stalled and mismatch.stalled.how == "deadline":
                self.stage.slow.add(self.script.program)
