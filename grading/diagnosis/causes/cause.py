"""What is known of a cause: one row of the table, and the groups of rows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A step of a notebook, and the slide that it mirrors."""

    notebook: str
    step: int
    slide: str

    def __str__(self) -> str:
        return f'notebooks/{self.notebook}.ipynb, step {self.step} (slide "{self.slide}")'


@dataclass(frozen=True)
class Cause:
    """One row of the table."""

    slug: str
    title: str
    """What went wrong, in a few words."""
    looks: str
    """What is seen of it from outside: on the screen, and at the other end."""
    why: str
    """The idea behind: how sockets, or Python, work there."""
    advice: str
    """What to do next."""
    udp: Place
    """Where a UDP program's author reads on."""
    tcp: Place
    """Where a TCP program's author reads on."""
    code: str = ""
    """A line or two that show how it is written, where that helps."""

    def place(self, program: str) -> Place:
        """Say where the author of ``program`` (``udp_server``, …) reads on."""
        return self.udp if program.startswith("udp") else self.tcp


@dataclass(frozen=True)
class Group:
    """Causes that have one idea in common."""

    title: str
    about: str
    """The idea, in a sentence."""
    causes: tuple[Cause, ...]
