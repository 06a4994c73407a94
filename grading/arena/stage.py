"""What one check has at hand: arenas to open, the submission's programs, what is known of their ports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grading.arena.arena import DEADLINE, PORT, Arena
from grading.arena.told import conversation_of
from grading.arena.words import Words
from grading.transcript import Conversation

if TYPE_CHECKING:
    from grading.arena.client import Client


@dataclass
class Stage:
    """Opens the arenas of a check, and ends them with it."""

    open_arena: Callable[[], Arena]
    words: Words
    ports: dict[str, int] = field(default_factory=dict)
    """Where each client was found to send, when that is not port 12000; kept for the whole grading."""
    plain: dict[str, set[int]] = field(default_factory=dict)
    """Prompts of each program that look as if they asked for a host or a port, and ask for the message."""
    deadline: float = DEADLINE
    """Seconds for each step, in this check."""
    slow: set[str] = field(default_factory=set)
    """Programs that used up a deadline: the checks after this one give them less time."""
    conversations: list[Conversation] | None = None
    """What was said in the arenas that were closed, where somebody wants to know."""
    about: str = ""
    """The program that those conversations are about, where several meet."""
    opened: int = 0
    """How many arenas this check has opened."""
    current: Arena | None = None
    client: Client | None = None
    """The client that this check drives, if it drives one."""

    def arena(self) -> Arena:
        """Open an arena in place of the one before."""
        self.close()
        self.opened += 1
        self.current = self.open_arena()
        self.current.deadline = self.deadline
        return self.current

    def port_of(self, client: str) -> int:
        """The port at which a client program looks for its server."""
        return self.ports.get(client, PORT)

    def pump(self) -> None:
        """Take in what the programs have printed."""
        if self.current is not None:
            self.current.pump()

    def close(self) -> None:
        """End all that runs for this check."""
        if self.current is not None:
            arena, self.current = self.current, None
            if self.conversations is not None and arena.programs:
                named = [one for one in arena.programs if one.script.program == self.about]
                self.conversations.append(conversation_of(arena, (named or arena.programs)[-1]))
            arena.close()
