"""Scores into the export of a Canvas gradebook, which Canvas imports again.

The form is that of Canvas's own gradebook_exporter.rb and gradebook_importer.rb
(https://github.com/instructure/canvas-lms/tree/master/lib): ``Student`` (or ``LastName``, ``FirstName``),
``ID``, ``SIS User ID``, ``SIS Login ID``, ``Section``, columns of the course's own, assignments as
``Title (id)``, totals. Under it may stand a row that says which assignments are posted by hand, then
``Points Possible``, which also marks what is read only; then the students.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from grading.reports.names import legible
from grading.reports.pairing import Key, paired
from grading.reports.rows import Row
from grading.reports.worksheet import Worksheet, WorksheetProblem, fill, number, read_worksheet, strangers

_TOTAL = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
"""No assignment, whatever stands around it: a group's name, a grading period."""
_BEFORE_STUDENTS = re.compile(r"\s*(Muted|Manual Posting.*)?\s*", re.IGNORECASE)
_TEST_STUDENTS = {"student, test", "test student"}
"""Who Canvas itself is when a teacher looks at a course as a student."""
_KEPT = {"EX": "they are excused", "N/A": "the assignment is not assigned to them"}


def fill_canvas(template: Path, into: Path, rows: Sequence[Row], assignment: str | None = None) -> list[str]:
    """Fill the scores of a class into a Canvas gradebook's export; give notes on what was left, each a sentence.

    ``assignment`` names the column, by its heading, its title or its id; not needed where there is one only.
    A student is known by ``ID``, ``SIS Login ID`` or ``SIS User ID``. Who handed in nothing gets 0. Scores are
    scaled to ``Points Possible``. Raises ``WorksheetProblem``, or ``OSError`` where it cannot be written.
    """
    sheet = read_worksheet(template)
    first = sheet.header[0].strip()
    identity = sheet.column("ID")
    if first not in ("Student", "LastName") or identity is None or sheet.column("Section") is None:
        raise WorksheetProblem(
            f"{sheet.name} is not an export of a Canvas gradebook: its header has no Student, ID and Section."
        )
    records = range(len(sheet.records))
    limits = next((record for record in records if "Points Possible" in sheet.cell(record, 0)), None)
    column = _column(sheet, limits, assignment)
    students = [record for record in records if record != limits and _is_student(sheet.records[record])]
    identities = (identity, sheet.column("SIS Login ID"), sheet.column("SIS User ID"))
    keys = [_key(sheet, place) for place in identities]
    names = [0, 1] if first == "LastName" else [0]
    pairing = paired(sheet, students, rows, keys, lambda record: sheet.text(record, names))
    possible = None if limits is None else number(sheet.cell(limits, column))
    filled = fill(
        sheet,
        column,
        pairing.pairs,
        lambda _: possible,
        lambda record: _KEPT.get(sheet.cell(record, column).strip().upper(), ""),
    )
    sheet.write(into)
    others = [
        record
        for record in students
        if record not in pairing.pairs and sheet.cell(record, 0).strip().casefold() not in _TEST_STUDENTS
    ]
    return [*filled.notes, *pairing.notes(sheet), *strangers(sheet, others, names)]


def _key(sheet: Worksheet, column: int | None) -> Key:
    return Key(lambda record: sheet.cell(record, column), lambda row: row.id)


def _is_student(cells: list[str]) -> bool:
    return not all(_BEFORE_STUDENTS.fullmatch(cell) for cell in cells)


def _column(sheet: Worksheet, limits: int | None, assignment: str | None) -> int:
    """Find the column to be filled."""
    choices = {place: head for place, head in enumerate(sheet.header) if _is_open(sheet, place, limits)}
    wanted = None if assignment is None else assignment.strip().casefold()
    found = [place for place, head in choices.items() if wanted is None or wanted in _names(head)]
    exact = [place for place in found if sheet.header[place].strip().casefold() == wanted]
    if len(exact or found) == 1:
        return (exact or found)[0]
    if not choices:
        raise WorksheetProblem(f"{sheet.name} has no assignment that can be graded.")
    listing = ", ".join(f"“{legible(head)}”" for head in choices.values())
    if wanted is None:
        raise WorksheetProblem(f"{sheet.name} has several assignments, name one: {listing}.")
    several = "several assignments" if found else "no assignment"
    raise WorksheetProblem(f"{sheet.name} has {several} “{legible(str(assignment))}”; there are {listing}.")


def _is_open(sheet: Worksheet, place: int, limits: int | None) -> bool:
    """Tell whether a column is an assignment's, and not read only: it has an id, or points."""
    head = sheet.header[place]
    limit = "" if limits is None else sheet.cell(limits, place)
    if _TOTAL.search(head) or re.search(r"read\s+only", limit, re.IGNORECASE):
        return False
    return bool(re.search(r"\([0-9]+\)\s*$", head)) or number(limit) is not None


def _names(head: str) -> set[str]:
    """Give the names of an assignment: ``Lab 1 (123)``, ``Lab 1``, ``123``."""
    title, identity = re.fullmatch(r"\s*(.*?)\s*(?:\(([0-9]+)\)\s*)?", head, re.DOTALL).groups()  # type: ignore[union-attr]  # it fits any text
    return {name.casefold() for name in (head.strip(), title, identity) if name}
