"""The one sentence an instructor should take along: which idea the class has not understood yet."""

from __future__ import annotations

from dataclasses import dataclass

from grading.reports import count
from grading.reports.pages.figures import Figures, Missed

FEW = 5
"""A class that is smaller says nothing about what is hard."""
RARE = 0.1
"""An idea that fewer missed is not what the class has to hear about again."""


@dataclass(frozen=True)
class Lead:
    """What to say first."""

    sentence: str
    more: str = ""
    missed: Missed | None = None
    """The idea that the sentence is about."""


def lead_of(figures: Figures) -> Lead:
    """Say it, or say that there is nothing to be said."""
    graded = figures.graded
    if graded == 0:
        return Lead("No submission has been graded.")
    if graded < FEW:
        few = "one submission" if graded == 1 else f"{graded} submissions"
        return Lead(f"With {few} graded, nothing can be said of a class; what was missed is listed below.")
    if not figures.causes:
        if figures.full == graded:
            return Lead("Everybody whose work was graded has full marks: no idea is missing.")
        return Lead("No check failed for a cause that is known.")
    missed = figures.missed[0] if figures.missed else None
    besides = ""
    if figures.without_an_idea >= RARE * graded:
        whose = _of(figures.without_an_idea, graded)
        besides = f"Besides, {whose} have a program that is missing, cannot start, breaks off or hangs."
    if missed is None or missed.students < max(2, RARE * graded):
        often = figures.causes[0]
        return Lead(
            "No idea is missing in many places.",
            besides or f"Most frequent: {lowered(often.title)} ({_of(often.students, graded)}).",
        )
    return Lead(f"Not understood yet by {_of(missed.students, graded)}: {lowered(missed.idea.title)}.", besides, missed)


def _of(students: int, graded: int) -> str:
    return f"{students} of {count(graded, 'student')}"


def lowered(title: str) -> str:
    """Write a title inside a sentence: ``TODO`` and ``Python`` keep their capitals."""
    first = title.partition(" ")[0]
    return title if first in ("Python", "I") or first[1:] != first[1:].lower() else title[:1].lower() + title[1:]
