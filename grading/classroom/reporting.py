"""Writes what people read of a class: from rows, and from the results of one student at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.classroom.store import Store
from grading.diagnosis.causes import CAUSES, GROUPS
from grading.diagnosis.causes.endings import ENDINGS
from grading.diagnosis.causes.starting import STARTING
from grading.reports.canvas import fill_canvas
from grading.reports.gradebook import write_gradebook
from grading.reports.junit import write_junit
from grading.reports.moodle import fill_moodle
from grading.reports.pages import ClassAbout, Idea, write_index, write_student
from grading.reports.rows import Row

_NO_IDEA = (STARTING, ENDINGS)
"""Groups whose causes have nothing in common that could be understood."""


@dataclass(frozen=True)
class Forms:
    """Tables of other systems that are to be filled in."""

    canvas: Path | None = None
    moodle: Path | None = None
    assignment: str | None = None
    """Name of the column of Canvas's that is filled in; where there is only one it needs no name."""

    def fill(self, into: Path, rows: Sequence[Row]) -> list[str]:
        """Write ``canvas.csv`` and ``moodle.csv``, as asked for; give sentences on what was left as it was."""
        notes: list[str] = []
        if self.canvas:
            notes += fill_canvas(self.canvas, into / "canvas.csv", rows, self.assignment)
        if self.moodle:
            notes += fill_moodle(self.moodle, into / "moodle.csv", rows)
        return notes


def prepare_reports() -> None:
    """Import what takes longest, in time that would be waited through."""
    from grading.reports.pages import plot  # noqa: F401, PLC0415  matplotlib


def write_page(store: Store, results: Mapping[str, Any]) -> None:
    """Write the page of one student."""
    page = store.page_of(results["extra_data"]["student"]["file"])
    page.parent.mkdir(exist_ok=True)
    write_student(page, results)


def write_reports(
    store: Store,
    rows: Sequence[Row],
    programs: Sequence[tuple[str, float]],
    about: Mapping[str, Any],
    forms: Forms,
) -> list[str]:
    """Write all that is about the class as a whole; give sentences on what could not be filled in.

    ``about`` has the ``layout``, the ``strays`` and the ``notes`` of the class.
    """
    write_gradebook(store.out / "gradebook.csv", rows, programs)
    write_index(store.out / "index.html", rows, _class_about(about, programs))
    write_junit(store.out / "junit.xml", store.results(rows))
    return forms.fill(store.out, rows)


def _class_about(about: Mapping[str, Any], programs: Sequence[tuple[str, float]]) -> ClassAbout:
    return ClassAbout(
        layout=about["layout"],
        causes={slug: cause.title for slug, cause in CAUSES.items()},
        reads={(slug, program): str(cause.place(program)) for slug, cause in CAUSES.items() for program, _ in programs},
        ideas={
            cause.slug: Idea(group.title, group.about)
            for group in GROUPS
            if group not in _NO_IDEA
            for cause in group.causes
        },
        strays=tuple(about["strays"]),
        notes=tuple(about["notes"]),
    )
