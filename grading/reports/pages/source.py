"""A student's program with line numbers, and what was said about its lines right under them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grading.reports import count, visible
from grading.reports.pages.feedback import Program

MAX_LINES = 2_000
MAX_COLUMNS = 500
"""What is shown of a program: nobody reads on, and no browser should have to."""


@dataclass(frozen=True)
class Mark:
    """What was said about a line, and where."""

    target: str
    """An id on the page."""
    text: str
    failed: bool


@dataclass(frozen=True)
class Line:
    """One line of a program."""

    id: str
    number: int
    text: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Source:
    """One program as it was handed in."""

    id: str
    program: str
    file: str
    """Its name, as the results show it."""
    texts: tuple[str, ...]
    left_out: int
    """Lines at the end that are not shown."""

    def line_id(self, number: int) -> str:
        return f"{self.id}-line-{number}"

    @property
    def size(self) -> str:
        return count(len(self.texts) + self.left_out, "line")

    def targets(self) -> dict[tuple[str, int], str]:
        return {(self.file, number): self.line_id(number) for number in range(1, len(self.texts) + 1)}

    def lines(self, programs: Iterable[Program]) -> list[Line]:
        """Give its lines, each with what the feedback to any program says of it."""
        marks = _marks(programs)
        return [
            Line(identifier := self.line_id(number), number, text, tuple(marks.get(identifier, ())))
            for number, text in enumerate(self.texts, 1)
        ]


def sources_of(handed_in: Mapping[str, Mapping[str, Any]]) -> dict[str, Source]:
    """Read the sources that the results of a class carry, by program."""
    sources = {}
    for place, (program, source) in enumerate(handed_in.items(), 1):
        lines = _split(str(source["text"]))
        texts = tuple(_shown(line) for line in lines[:MAX_LINES])
        left_out = max(len(lines) - MAX_LINES, 0)
        sources[program] = Source(f"source-{place}", program, visible(str(source["file"])), texts, left_out)
    return sources


def _split(text: str) -> list[str]:
    """Split as Python counts lines: not at form feeds, and not at what only Unicode calls the end of a line."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _shown(line: str) -> str:
    text = visible(line.expandtabs())
    return text if len(text) <= MAX_COLUMNS else f"{text[:MAX_COLUMNS]} …"


def _marks(programs: Iterable[Program]) -> dict[str, list[Mark]]:
    marks: dict[str, list[Mark]] = {}
    for program in programs:
        for check in program.checks:
            if check.place and not check.above:
                marks.setdefault(check.place.target, []).append(Mark(check.id, check.title, failed=True))
        for at, finding in enumerate(program.findings, 1):
            marks.setdefault(finding.target, []).append(
                Mark(f"{program.name}-finding-{at}", "Worth knowing", failed=False)
            )
    return marks
