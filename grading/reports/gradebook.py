r"""``gradebook.csv``: one row a student, for a spreadsheet or a script.

RFC 4180: commas, ``\r\n``, quotes where they are needed. UTF-8 with a byte order mark, without which Excel
takes every name for the system's own encoding; read it with ``encoding="utf-8-sig"``. The same rows give the
same bytes, in whatever order they come: they are sorted by id.

Names and ids come from submissions, and a spreadsheet runs a cell that begins like a formula. Such a cell
gets an apostrophe in front, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from grading.reports import points
from grading.reports.files import write_whole
from grading.reports.names import legible
from grading.reports.rows import Row

_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_FORMULA = set("=+-@")
_SEPARATORS = set(",;")
"""What some spreadsheet splits cells at, quoted or not."""


def write_gradebook(path: Path, rows: Iterable[Row], programs: Sequence[tuple[str, float]]) -> None:
    """Write one row a student, sorted by id; ``programs`` are names and possible points, in the rubric's order.

    A student who handed in nothing that could be graded (``missing``, ``unreadable``) has 0 in every
    program, as in all; a program that was not graded (``-k``, a run that was stopped) is blank. Raises
    ``OSError`` where it cannot be written; an older file is then still there, untouched.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    columns = [f"{legible(name)} (of {points(possible)})" for name, possible in programs]
    writer.writerow(["id", "name", "status", "isolation", *columns, "score", "max_score", "first_cause"])
    for row in sorted(rows, key=lambda row: (row.id, row.file)):
        scores = [_score(row, program) for program, _ in programs]
        cells = [row.id, row.name, row.status, row.isolation, *scores]
        cells += [points(row.score), points(row.max_score), row.first_cause or ""]
        writer.writerow([harmless(cell) for cell in cells])
    write_whole(path, text.getvalue().encode("utf-8-sig"))


def harmless(text: str) -> str:
    """Make text a cell that no spreadsheet runs: one line, with an apostrophe before what begins a formula.

    Blanks, quotes and characters without width before it do not hide it, nor do wide forms of the signs;
    behind a comma or a semicolon a spreadsheet of another country may begin a cell. Numbers stay numbers.
    """
    shown = legible(text)
    if _NUMBER.fullmatch(shown):
        return shown
    cell, begins = [], True
    for char in shown:
        if begins and unicodedata.normalize("NFKC", char) in _FORMULA:
            cell.append("'")
        begins = char in _SEPARATORS or (begins and _hides(char))
        cell.append(char)
    return "".join(cell)


def _hides(char: str) -> bool:
    return char == '"' or char.isspace() or unicodedata.category(char) == "Cf"


def _score(row: Row, program: str) -> str:
    if row.status in ("missing", "unreadable"):
        return "0"
    return points(row.programs[program][0]) if program in row.programs else ""
