"""Lines of text with styles, laid out for a terminal of a given width.

A line is a sequence of pieces of text, each with the name of a style; ``MARKUP`` says what each style is
to pytest's terminal writer, and ``plain`` gives the text alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from grading.reports import visible
from grading.results import Verdict

Line = tuple[tuple[str, str], ...]
"""Pieces of one line: text and style."""

MARKUP: Mapping[str, Mapping[str, bool]] = {
    "": {},
    "title": {"bold": True},
    "good": {"green": True},
    "bad": {"red": True},
    "warn": {"yellow": True},
    "source": {"cyan": True},
    "dim": {"light": True},
}
"""Each style as keyword arguments of ``TerminalWriter.write``."""

_SIGNS = {Verdict.PASSED: "✓", Verdict.FAILED: "✗", Verdict.SKIPPED: "\N{EN DASH}", Verdict.ERROR: "!"}
_ASCII_SIGNS = {Verdict.PASSED: "+", Verdict.FAILED: "x", Verdict.SKIPPED: "-", Verdict.ERROR: "!"}
STYLES = {Verdict.PASSED: "good", Verdict.FAILED: "bad", Verdict.SKIPPED: "dim", Verdict.ERROR: "warn"}


@dataclass
class Page:
    """Lines of at most ``width`` columns, as they are added."""

    width: int
    ascii_only: bool
    lines: list[Line] = field(default_factory=list)

    def line(self, *pieces: tuple[str, str]) -> None:
        """Add one line as it is, but for what does not print."""
        self.lines.append(tuple((visible(text, ascii_only=self.ascii_only), style) for text, style in pieces))

    def gap(self) -> None:
        """Leave one line empty, not two, and none at the top."""
        if self.lines and self.lines[-1]:
            self.lines.append(())

    def paragraph(self, text: str, indent: int = 0, style: str = "", hanging: int = 0) -> None:
        """Add a text, wrapped."""
        for line in self.wrap(text, self.width - indent, hanging):
            self.line((" " * indent, ""), (line, style))

    def row(self, pieces: Sequence[tuple[str, str]], right: str, style: str) -> None:
        """Write pieces, the last of them wrapped, with points at the right of the first line."""
        start, (text, text_style) = pieces[:-1], pieces[-1]
        indent = sum(len(piece) for piece, _ in start)
        first, *rest = self.wrap(text, self.width - indent - len(right) - 2)
        space = " " * (self.width - indent - len(first) - len(right))
        self.line(*start, (first, text_style), (space, ""), (right, style))
        for line in rest:
            self.line((" " * indent, ""), (line, text_style))

    def sign(self, verdict: Verdict) -> tuple[str, str]:
        """Give the sign of a verdict, and the space after it."""
        signs = _ASCII_SIGNS if self.ascii_only else _SIGNS
        return f"{signs[verdict]} ", STYLES[verdict]

    def wrap(self, text: str, width: int, hanging: int = 0) -> list[str]:
        """Break text into lines; nothing of it is lost."""
        return textwrap.wrap(
            visible(text, ascii_only=self.ascii_only),
            width,
            subsequent_indent=" " * hanging,
            break_on_hyphens=False,
        ) or [""]


def plain(lines: Iterable[Line]) -> str:
    """Give the text alone, as a terminal without colours shows it."""
    return "".join("".join(text for text, _ in line).rstrip() + "\n" for line in lines)
