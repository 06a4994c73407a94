"""What grading a submission found out, as plain data.

The leaf of the package: it imports nothing else of ours, does no I/O, and everything that is written
about a grade (terminal, ``results.json``, and what is derived from that) is written from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Verdict(str, Enum):
    """How one check ended."""

    PASSED = "passed"
    """The check saw what it asked for."""
    FAILED = "failed"
    """The student's program did something else; the result has a cause."""
    SKIPPED = "skipped"
    """A check that this one builds on failed; no points."""
    ERROR = "error"
    """The grader itself broke: not a pass, and not a zero either."""


@dataclass(frozen=True)
class Finding:
    """Something worth saying about a program that costs no points."""

    cause: str
    """A slug of the cause table."""
    line: int | None
    """Line of the student's file, counted from 1."""
    text: str


@dataclass(frozen=True)
class Runs:
    """A run that failed beside the right one, as ``grading.transcript`` writes conversations to JSON."""

    own: Mapping[str, Any]
    reference: Mapping[str, Any] | None = None
    """The reference solution's run of the same check, with the same words."""
    parting: str = ""
    """The first step where the two part, in a sentence."""


@dataclass(frozen=True)
class Feedback:
    """What a student reads about one failed check."""

    cause: str
    """A slug of the cause table."""
    happened: str
    """What was expected and what was seen, with the run's own values; one to three sentences."""
    advice: str
    """What to do next."""
    read: str
    """Where to read on, such as ``notebooks/04_udp.ipynb, step 4``."""
    file: str | None = None
    """The student's file as handed in (a name, no folder of this machine)."""
    line: int | None = None
    """Line of that file, counted from 1."""
    source: str | None = None
    """That line's text, without its indentation."""
    runs: Runs | None = None
    """The run that failed, to be drawn; where somebody asked for drawings."""


@dataclass(frozen=True)
class CheckResult:
    """One check of one submission."""

    check: str
    """The check's name, unique in the rubric, such as ``udp_server_answers_the_sender``."""
    title: str
    """The line that the student reads: the check's docstring."""
    program: str
    """``udp_server``, ``udp_client``, ``udp_pair``, …"""
    number: str
    """Place in the rubric, such as ``1.3``: third check of the first program."""
    max_points: float
    verdict: Verdict
    feedback: Feedback | None = None
    """Present exactly when the verdict is ``failed``."""
    reason: str = ""
    """For ``skipped``: which check it builds on. For ``error``: what broke in the grader."""
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @property
    def points(self) -> float:
        """Points earned: all or none."""
        return self.max_points if self.verdict is Verdict.PASSED else 0.0


@dataclass(frozen=True)
class SubmissionResult:
    """All checks of one submission, in the rubric's order."""

    checks: tuple[CheckResult, ...]
    isolation: str
    """``bwrap``, ``user`` or ``none``: how the programs were kept apart."""
    seed: int
    """Seed of the generated words; ``--seed`` repeats it."""
    notes: tuple[str, ...] = field(default=())
    """Sentences about the submission as a whole: doubled files, files that were not opened, …"""
    stopped: bool = False
    """The run ended before all of its checks: Ctrl+C, ``-x``, or the grader broke."""

    @property
    def score(self) -> float:
        return sum(check.points for check in self.checks)

    @property
    def max_score(self) -> float:
        return sum(check.max_points for check in self.checks)

    @property
    def complete(self) -> bool:
        """False where the grader broke or was stopped: then the score is a lower bound."""
        return not self.stopped and all(check.verdict is not Verdict.ERROR for check in self.checks)

    @property
    def programs(self) -> tuple[str, ...]:
        """Names of the graded programs, in the rubric's order."""
        return tuple(dict.fromkeys(check.program for check in self.checks))

    def of_program(self, program: str) -> tuple[CheckResult, ...]:
        return tuple(check for check in self.checks if check.program == program)
