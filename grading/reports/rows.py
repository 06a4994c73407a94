"""One student of a class as a row: what class-wide reports need of a ``results.json``, and no more.

Small on purpose: a class of thousands is held as rows, and everything longer stays in its file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

Status = Literal["graded", "incomplete", "unreadable", "missing"]
"""``graded``: complete. ``incomplete``: the grader broke or was stopped, so the score is a lower bound.
``unreadable``: nothing of it could be graded (a broken zip). ``missing``: on the roster, and handed in nothing."""


@dataclass(frozen=True)
class CheckRow:
    """One check of one student."""

    check: str
    title: str
    program: str
    number: str
    verdict: str
    """``passed``, ``failed``, ``skipped`` or ``error``."""
    cause: str | None
    line: int | None
    score: float
    max_score: float


@dataclass(frozen=True)
class Row:
    """One student."""

    id: str
    """As the layout gives it."""
    name: str
    """As it was handed in: any script, any character."""
    file: str
    """Stem of the student's files in ``students/`` and ``results/``: safe, and unique in the class."""
    status: Status
    isolation: str
    """``bwrap``, ``user`` or ``none``; empty where nothing ran."""
    score: float
    max_score: float
    checks: tuple[CheckRow, ...] = ()
    notes: tuple[str, ...] = field(default=())
    """Sentences about the submission as a whole, or about why it was not graded."""

    @cached_property
    def programs(self) -> dict[str, tuple[float, float]]:
        """Points earned and possible of each program, in the rubric's order."""
        totals: dict[str, tuple[float, float]] = {}
        for check in self.checks:
            earned, possible = totals.get(check.program, (0.0, 0.0))
            totals[check.program] = earned + check.score, possible + check.max_score
        return totals

    @property
    def first_cause(self) -> str | None:
        """The cause of the first failed check: the first thing to mend."""
        return next((check.cause for check in self.checks if check.verdict == "failed"), None)


def row_of(results: Mapping[str, Any]) -> Row:
    """Read a student's row from the ``results.json`` of a class: its ``extra_data`` names the student.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is no such file.
    """
    extra = results["extra_data"]
    student = extra["student"]
    return Row(
        id=str(student["id"]),
        name=str(student["name"]),
        file=str(student["file"]),
        status=extra["status"],
        isolation=str(extra["isolation"]),
        score=float(results["score"]),
        max_score=float(results["max_score"]),
        checks=tuple(_check(test) for test in results["tests"]),
        notes=tuple(str(note) for note in extra["notes"]),
    )


def _check(test: Mapping[str, Any]) -> CheckRow:
    data = test["extra_data"]
    program = str(data["program"])
    return CheckRow(
        check=str(data["check"]),
        title=str(test["name"]).removeprefix(f"{program}: "),
        program=program,
        number=str(test["number"]),
        verdict=str(data["verdict"]),
        cause=data["cause"],
        line=data["line"],
        score=float(test["score"]),
        max_score=float(test["max_score"]),
    )
