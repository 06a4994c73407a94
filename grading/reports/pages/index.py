"""The class at a glance: what was graded and how, what the class has not understood, and a row for each student."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from grading.reports import count, points
from grading.reports.pages.about import ISOLATION, ClassAbout
from grading.reports.pages.figures import BINS, Figures
from grading.reports.pages.lead import lead_of, lowered
from grading.reports.pages.rendering import render, write
from grading.reports.rows import Row

STATUSES = {
    "graded": "graded",
    "incomplete": "incomplete: the grader broke or was stopped, the score is a lower bound",
    "unreadable": "unreadable: nothing could be graded",
    "missing": "missing: nothing was handed in",
}


@dataclass(frozen=True)
class Student:
    """A row of the table, and what is worked out for it."""

    row: Row
    link: str
    first: str
    """The title of its first cause."""
    causes: str
    """The slugs of all its causes, for the search."""


def write_index(path: Path, rows: Iterable[Row], about: ClassAbout) -> None:
    """Write the page of a class; students' pages are expected in ``students/`` beside it.

    Raises ``OSError`` where it cannot be written: an older one is then still there.
    """
    ordered = sorted(rows, key=_order)
    write(path, render("index", _context(ordered, about)))


def _context(rows: list[Row], about: ClassAbout) -> dict[str, Any]:
    figures = Figures(rows, about)
    return {
        "about": about,
        "figures": figures,
        "statuses": [(status, text, figures.statuses[status]) for status, text in STATUSES.items()],
        "isolation": [
            ISOLATION.get(level, f"Isolation: {level or 'not known'}.") for level in sorted(figures.isolations)
        ],
        "isolated": [figures.isolations[level] for level in sorted(figures.isolations)],
        "lead": lead_of(figures),
        "spread": _spread(figures),
        "plot": _plot(figures) if figures.graded else "",
        "bins": list(zip(BINS, figures.bins, strict=True)),
        "programs": figures.programs,
        "causes": figures.causes,
        "lowered": lowered,
        "students": (_student(row, about) for row in rows),
    }


def _student(row: Row, about: ClassAbout) -> Student:
    slugs = dict.fromkeys(check.cause for check in row.checks if check.verdict == "failed" and check.cause)
    first = row.first_cause
    return Student(
        row, f"students/{quote(row.file)}.html", about.causes.get(first, first) if first else "", " ".join(slugs)
    )


def _spread(figures: Figures) -> str:
    """Say how the scores lie."""
    if not figures.graded:
        return ""
    possible = f" of {points(max(figures.max_scores))}" if len(figures.max_scores) == 1 else ""
    return (
        f"Median {points(figures.median)}, mean {figures.mean:.1f}{possible} points; "
        f"full marks: {figures.full} of {count(figures.graded, 'student')}."
    )


def _plot(figures: Figures) -> str:
    from grading.reports.pages.plot import distribution  # noqa: PLC0415  matplotlib, which students' pages do without

    return distribution(figures.bins, BINS, "Number of students by score; the table below has the figures")


def _order(row: Row) -> tuple[bool, list[tuple[bool, int, str]], str]:
    """Put what needs an eye first, then go by id, in which ``s9`` comes before ``s10``."""
    natural = []
    for text, digits in re.findall(r"([^0-9]+)|0*([0-9]+)", row.id):
        natural.append((bool(text), len(digits), digits or text))
    return row.status != "incomplete", natural, row.file
