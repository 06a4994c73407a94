"""Scores and comments into Moodle's offline grading worksheet, which Moodle imports again.

The form is that of Moodle's own mod/assign/gradingtable.php and mod/assign/feedback/offline
(https://github.com/moodle/moodle): the first column is the identifier, ``Participant 123`` in the words of
the site's language; which others follow depends on the assignment. Moodle finds them by their headings, so
those of its other languages are known here too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from grading.reports import points
from grading.reports.names import legible
from grading.reports.pairing import Key, paired
from grading.reports.rows import Row
from grading.reports.worksheet import (
    Worksheet,
    WorksheetProblem,
    fill,
    listed,
    number,
    read_worksheet,
    strangers,
)

# English, German, French, Spanish: Moodle's own translations
_NAME = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo")
_ID_NUMBER = ("ID number", "ID-Nummer", "Numéro d'identification", "Número de ID", "Número ID")
_GRADE = ("Grade", "Bewertung", "Note", "Calificación")
_MAXIMUM = ("Maximum grade", "Bestwertung", "Note maximale", "Calificación máxima")
_SCALE = ("Scale", "Skala", "Barème", "Escala")
_CHANGEABLE = (
    "Grade can be changed", "Bewertung kann geändert werden", "La note peut être modifiée",
    "La calificación puede cambiarse", "La calificación puede ser cambiada",
)  # fmt: skip
_COMMENTS = (
    "Feedback comments", "Feedback als Kommentar", "Feedback par commentaires", "Comentarios de retroalimentación",
)  # fmt: skip
_NO = {"no", "nein", "non"}

_OURS = re.compile(r"(<[^>]*>)*[0-9.]+ of [0-9.]+ points\.")
"""How a comment begins that was written here."""


def fill_moodle(worksheet: Path, into: Path, rows: Sequence[Row]) -> list[str]:
    """Fill the scores of a class into a grading worksheet, and comments; give notes on what was left.

    A student is known by the participant's number, which stands in the names of the submissions too, else by
    ID number or email address, else by the full name where only one has it. Who handed in nothing gets 0. Scores are
    scaled to the maximum grade. A comment that somebody wrote stays. Raises ``WorksheetProblem``, or ``OSError``
    where it cannot be written.
    """
    sheet = read_worksheet(worksheet)
    records = range(len(sheet.records))
    students = [record for record in records if _participant(sheet, record)]
    grade = sheet.column(*_GRADE)
    if not students or grade is None:
        raise WorksheetProblem(
            f"{sheet.name} is not a grading worksheet of Moodle: it has no column {' / '.join(_GRADE)}"
            " or no participant with a number in its first column."
        )
    if sheet.column(*_SCALE) is not None:
        raise WorksheetProblem(f"{sheet.name} is of an assignment that is graded on a scale, not in points.")
    names, numbers, emails = sheet.column(*_NAME), sheet.column(*_ID_NUMBER), _emails(sheet, students)
    keys = [
        Key(lambda record: _participant(sheet, record), lambda row: row.id, local=True),  # another in each assignment
        Key(lambda record: sheet.cell(record, numbers), lambda row: row.id),
        Key(lambda record: sheet.cell(record, emails), lambda row: row.id),
        Key(lambda record: sheet.cell(record, names), lambda row: row.name, certain=False),
    ]
    pairing = paired(sheet, students, rows, keys, lambda record: sheet.cell(record, names))
    maximum, changeable = sheet.column(*_MAXIMUM), sheet.column(*_CHANGEABLE)
    filled = fill(
        sheet,
        grade,
        pairing.pairs,
        lambda record: number(sheet.cell(record, maximum)),
        lambda record: (
            "their grades cannot be changed in Moodle"
            if sheet.cell(record, changeable).strip().casefold() in _NO
            else ""
        ),
        figures=() if maximum is None else (maximum,),
    )
    notes = [*filled.notes, *_comment(sheet, filled.written), *pairing.notes(sheet)]
    sheet.write(into)
    notes += strangers(sheet, [each for each in students if each not in pairing.pairs], [names or 0])
    if sheet.delimiter != ",":
        notes.append(f"Moodle reads commas only: {sheet.name} was saved with another separator by a spreadsheet.")
    return notes


def comment(row: Row) -> str:
    """Say a student's score and what to mend first, in one line of HTML."""
    score = f"{points(row.score)} of {points(row.max_score)} points."
    first = next((check for check in row.checks if check.verdict == "failed"), None)
    if row.status == "missing":
        more = "Nothing was handed in."
    elif row.status == "unreadable":
        more = " ".join(["What was handed in could not be graded.", *row.notes])
    elif first is not None:
        more = f"To mend first, in {first.program}: {first.title} ({first.cause})."
    else:
        more = ""
    return html.escape(legible(f"{score} {more}".strip()), quote=False)


def _comment(sheet: Worksheet, written: Mapping[int, Row]) -> list[str]:
    """Write the comments, where there is a column for them."""
    column = sheet.column(*_COMMENTS)
    if column is None:
        return [f"{sheet.name} has no column {_COMMENTS[0]}: no comments were written."]
    kept = []
    for record, row in written.items():
        before = sheet.cell(record, column).strip()
        if before and not _OURS.match(before):
            kept.append(legible(f"{row.name} ({row.id})"))
        else:
            sheet.put(record, column, comment(row))
    return [f"Comments that somebody wrote were left as they were: {listed(kept)}."] if kept else []


def _emails(sheet: Worksheet, students: Sequence[int]) -> int | None:
    """Find the column of addresses, whatever it is called."""
    return next(
        (place for place in range(1, len(sheet.header)) if all("@" in sheet.cell(r, place) for r in students)), None
    )


def _participant(sheet: Worksheet, record: int) -> str:
    """Give the number of a participant; empty where the first cell has none."""
    found = re.fullmatch(r".*?([0-9]+)\s*", sheet.cell(record, 0), re.DOTALL)
    return found.group(1) if found else ""
