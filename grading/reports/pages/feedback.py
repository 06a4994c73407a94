"""What a student reads about each check, taken from the results: the words of the terminal, in parts to be laid out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grading.reports import count
from grading.reports.pages.drawings import Drawings, drawings_of

_PLACE = re.compile(r"(.+), line (\d+)(?::  (.*))?")


@dataclass(frozen=True)
class Place:
    """Where in the student's file it happened."""

    file: str
    line: int
    source: str
    """That line as the results have it; ``""`` where they do not."""
    target: str
    """The id of that line on the page; ``""`` where the page does not have it."""


@dataclass(frozen=True)
class Remark:
    """A finding: worth knowing, and no points lost."""

    text: str
    line: int | None
    target: str


@dataclass(frozen=True)
class Check:
    """One check."""

    id: str
    """On the page."""
    title: str
    verdict: str
    score: float
    max_score: float
    happened: str
    """What was expected and seen; of a skipped check what it waits for; of an error that the grader broke."""
    more: tuple[str, ...]
    """Advice to a failed check; lines of what broke in the grader."""
    place: Place | None
    read: str
    explain: str
    """How to ask for more on the terminal."""
    cause: str
    above: str
    """The id of an earlier check of the program that failed for the same cause on the same line."""
    runs: Drawings | None


@dataclass(frozen=True)
class Waiting:
    """Checks that were not run, by what they wait for."""

    text: str
    checks: tuple[Check, ...]

    @property
    def heading(self) -> str:
        """Say it of all of them at once."""
        start = "Not run: it builds on "
        if not self.text.startswith(start):
            return f"{count(len(self.checks), 'check')} not run: {self.text}"
        build = "it builds" if len(self.checks) == 1 else "they build"
        return f"{count(len(self.checks), 'check')} not run: {build} on {self.text.removeprefix(start)}"


@dataclass(frozen=True)
class Program:
    """All checks of one program."""

    name: str
    score: float
    max_score: float
    checks: tuple[Check, ...]
    findings: tuple[Remark, ...]

    def having(self, verdict: str) -> list[Check]:
        return [check for check in self.checks if check.verdict == verdict]

    @property
    def all_passed(self) -> str:
        """Say so as the terminal does; nothing where one did not."""
        if len(self.having("passed")) < len(self.checks):
            return ""
        return f"all {count(len(self.checks), 'check')} passed" if len(self.checks) > 1 else self.checks[0].title

    @property
    def waiting(self) -> list[Waiting]:
        groups: dict[str, list[Check]] = {}
        for check in self.having("skipped"):
            groups.setdefault(check.happened, []).append(check)
        return [Waiting(text, tuple(checks)) for text, checks in groups.items()]


Targets = Mapping[tuple[str, int], str]
"""The id of each line of the sources that the page shows, by file and number."""


def programs_of(tests: Iterable[Mapping[str, Any]], files: Mapping[str, str], targets: Targets) -> list[Program]:
    """Group the tests of the results by program, in the rubric's order; ``files`` has each program's file.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what are no such tests.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for test in tests:
        groups.setdefault(str(test["extra_data"]["program"]), []).append(test)
    return [_program(name, group, files.get(name, ""), targets) for name, group in groups.items()]


def _program(name: str, tests: Sequence[Mapping[str, Any]], file: str, targets: Targets) -> Program:
    told: dict[tuple[str, int | None], str] = {}
    checks = tuple(_check(test, told, targets) for test in tests)
    found = dict.fromkeys(
        (str(each["text"]), each["line"]) for test in tests for each in test["extra_data"]["findings"]
    )
    findings = tuple(Remark(text, line, targets.get((file, line or 0), "")) for text, line in found)
    return Program(name, sum(c.score for c in checks), sum(c.max_score for c in checks), checks, findings)


def _check(test: Mapping[str, Any], told: dict[tuple[str, int | None], str], targets: Targets) -> Check:
    data = test["extra_data"]
    verdict, cause = str(data["verdict"]), str(data["cause"] or "")
    identifier = f"check-{re.sub('[^0-9]', '-', str(test['number']))}"
    lines = str(test["output"]).split("\n")
    lines = lines[: len(lines) - len(data["findings"])]
    happened, rest = (lines[0], lines[1:]) if lines else ("", [])
    above, place, read, explain, runs = "", None, "", "", None
    if verdict == "failed":
        above = told.setdefault((cause, data["line"]), identifier)
        above = "" if above == identifier else above
        place = _place(rest, data["line"], targets)
        rest = rest[1:] if place else rest
        explain = _taken(rest, "More: ")
        read = _taken(rest, "Read: ")
        runs = None if above else drawings_of(data.get("runs"))  # each cause once, as on the terminal
    return Check(
        id=identifier,
        title=str(test["name"]).removeprefix(f"{data['program']}: "),
        verdict=verdict,
        score=float(test["score"]),
        max_score=float(test["max_score"]),
        happened=happened,
        more=tuple(rest),
        place=place,
        read=read,
        explain=explain,
        cause=cause,
        above=above,
        runs=runs,
    )


def _place(lines: Sequence[str], line: int | None, targets: Targets) -> Place | None:
    """Read the place where the results say it: right after what happened."""
    match = _PLACE.fullmatch(lines[0]) if lines and line is not None else None
    if match is None or int(match[2]) != line:
        return None
    return Place(match[1], line, match[3] or "", targets.get((match[1], line), ""))


def _taken(lines: list[str], start: str) -> str:
    """Take the last line away, if it begins so, and give the rest of it."""
    return lines.pop().removeprefix(start) if lines and lines[-1].startswith(start) else ""
