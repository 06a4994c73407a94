"""The page of usual mistakes: every cause, in the words of its row.

``python -m grading.diagnosis.mistakes`` (``make mistakes``) writes it to ``labs/MISTAKES.md``.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from grading.diagnosis.causes import GROUPS, Cause, Group

PAGE = Path(__file__).parents[2] / "labs" / "MISTAKES.md"
WIDTH = 105
"""Columns of the page's text, as in the other pages."""

_INTRODUCTION = """\
Every failed check has one cause, and here is more about each: how it looks, why it happens, how to mend
it, and where to read on. Come with the cause that your report names, or with what you see: the table
says what went wrong. Lines of code use the names of the labs' programs.

`pytest grading --explain CAUSE` prints one of these in the terminal, as does
`make grade ARGS="--explain wrong-port"`.

The page is made of the grader's own table of causes: change it in `grading/diagnosis/causes/`, and run
`make mistakes`."""


class Section(NamedTuple):
    """One of the things to know about a cause."""

    heading: str
    text: str
    """A paragraph a line."""
    code: str = ""


def sections(cause: Cause) -> list[Section]:
    """Say what is to be known about a cause, in the order in which it is read."""
    ways = (f"UDP: {cause.udp}", f"TCP: {cause.tcp}") if cause.udp != cause.tcp else (str(cause.udp),)
    return [
        Section("How it looks", cause.looks),
        Section("Why it happens", cause.why),
        Section("How to mend it", cause.advice, cause.code),
        Section("Where to read on", "\n".join(ways)),
    ]


def page(groups: Sequence[Group] = GROUPS) -> str:
    """Write the page of all causes, as Markdown."""
    parts = ["# Usual mistakes", _INTRODUCTION, _contents(groups)]
    for group in groups:
        parts += [f"## {group.title}", _wrapped(group.about)]
        for cause in group.causes:
            parts += _entry(cause)
    return "\n\n".join(parts) + "\n"


def _contents(groups: Sequence[Group]) -> str:
    rows = ["| cause | what went wrong |", "| --- | --- |"]
    for group in groups:
        rows.append(f"| **[{group.title}](#{_anchor(group.title)})** | |")
        rows += [f"| [{cause.slug}](#{cause.slug}) | {cause.title} |" for cause in group.causes]
    return "\n".join(rows)


def _entry(cause: Cause) -> list[str]:
    parts = [f"### {cause.slug}", _wrapped(f"**{cause.title}.**")]
    for heading, text, code in sections(cause):
        if "\n" in text:
            parts += [f"*{heading}.*", "\n".join(f"- {line}" for line in text.split("\n"))]
        else:
            parts.append(_wrapped(f"*{heading}.* {text}"))
        if code:
            parts.append(f"```python\n{code}\n```")
    return parts


def _anchor(title: str) -> str:
    """Give the anchor that Markdown's renderers make of a heading."""
    return "".join(char for char in title.lower().replace(" ", "-") if char.isalnum() or char == "-")


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    """Write the page anew."""
    PAGE.write_text(page(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
