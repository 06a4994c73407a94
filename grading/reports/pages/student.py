"""A student's page: the terminal's feedback, the runs drawn, the programs with the lines at fault marked.

It is made of that student's results alone, and names nobody else: it can be sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.reports import count, points
from grading.reports.pages.about import ISOLATION
from grading.reports.pages.feedback import Check, Program, programs_of
from grading.reports.pages.rendering import render, write
from grading.reports.pages.source import sources_of

_STATUS = {
    "missing": "Nothing was handed in.",
    "unreadable": "Nothing of what was handed in could be graded.",
}


@dataclass(frozen=True)
class First:
    """What to mend first in a program."""

    program: str
    check: Check


def write_student(path: Path, results: Mapping[str, Any], *, title: str = "Socket Labs") -> None:
    """Write the page of one student from the ``results.json`` of a class; ``title`` names the course.

    Raises ``KeyError``, ``TypeError`` or ``ValueError`` for what is no such file, ``OSError`` where the page cannot
    be written: an older one is then still there.
    """
    write(path, ["".join(render("student", _context(results, title)))])


def _context(results: Mapping[str, Any], title: str) -> dict[str, Any]:
    extra = results["extra_data"]
    sources = sources_of(extra["sources"])
    targets = {place: line for source in sources.values() for place, line in source.targets().items()}
    files = {program: source.file for program, source in sources.items()}
    programs = programs_of(results["tests"], files, targets)
    broken = [check for program in programs for check in program.having("error")]
    final = extra["status"] != "incomplete" and not broken
    return {
        "title": title,
        "name": str(extra["student"]["name"]),
        "id": str(extra["student"]["id"]),
        "score": float(results["score"]),
        "max_score": float(results["max_score"]),
        "final": final,
        "why_not_final": "" if final else _why_not_final(broken),
        "said": _STATUS.get(str(extra["status"]), ""),
        "notes": [str(note) for note in extra["notes"]],
        "programs": programs,
        "first": _first(programs),
        "sources": sources,
        "rest": [source for program, source in sources.items() if program not in {each.name for each in programs}],
        "isolation": ISOLATION.get(str(extra["isolation"]), f"Isolation: {extra['isolation']}.") if programs else "",
        "seed": str(extra["seed"]) if "seed" in extra else "",
    }


def _first(programs: list[Program]) -> list[First]:
    return [First(program.name, failed[0]) for program in programs if (failed := program.having("failed"))]


def _why_not_final(broken: list[Check]) -> str:
    if not broken:
        return "The run stopped before all checks were made: the score is not final."
    open_points = points(sum(check.max_score for check in broken))
    return (
        f"The grader itself broke in {count(len(broken), 'check')}. No points are lost by that, but the "
        f"score is not final ({open_points} points are open). Please tell your instructor."
    )
