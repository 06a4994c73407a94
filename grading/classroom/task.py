"""What a worker is asked to do: grade one submission, in a given manner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Manner:
    """How each submission of a class is graded."""

    isolation: str
    """A level, as ``pytest grading --isolation`` takes it."""
    deadline: float
    """Seconds, as ``pytest grading --deadline`` takes them."""
    version: str
    """Of the checks: a worker that has others refuses."""


@dataclass(frozen=True)
class Task:
    """One submission to grade; its bytes travel beside this."""

    student: Mapping[str, str]
    """``id``, ``name`` and ``file``: see `grading.reports.rows.Row`."""
    key: str
    content: str
    """By which the result is known again: see `grading.classroom.keys`."""
    seed: int
    """Of the words that are typed and sent."""
    manner: Manner
    notes: tuple[str, ...] = ()
    """Sentences about the submission, from whoever found it."""

    def to_text(self) -> str:
        """Write it on one line."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_text(text: str) -> Task:
        """Read what `to_text` wrote."""
        read: dict[str, Any] = json.loads(text)
        read["manner"] = Manner(**read["manner"])
        read["notes"] = tuple(read["notes"])
        return Task(**read)
