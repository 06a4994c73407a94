"""A grading system's own CSV file, to be given back with scores in it and nothing else changed.

Canvas and Moodle import the files that they export. What a spreadsheet or the system's language made of one
(separator, byte order mark, line ends, decimal sign) is kept, and so is every cell that is not filled.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.reports import points
from grading.reports.files import write_whole
from grading.reports.names import legible
from grading.reports.rows import Row

_NAMED = 20
"""As many students are named in a note; the others are counted."""


class WorksheetProblem(Exception):  # noqa: N818  what is wrong is the file, and no error of ours
    """Why a worksheet cannot be filled, in one sentence for whoever gave it."""


@dataclass
class Worksheet:
    """The cells of a CSV file, and how they are written."""

    name: str
    """The file's name, for notes."""
    header: list[str]
    records: list[list[str]]
    """All lines after the header, as they are: blank ones, and shorter ones than the header, too."""
    lines: list[int]
    """The line of the file at which each record begins, counted from 1."""
    delimiter: str
    end: str
    """Line end of the header."""
    bom: bool
    ended: bool
    """The last line has an end."""
    quoted: bool
    """Every cell is in quotes."""

    def column(self, *names: str) -> int | None:
        """Find the first column with one of these headings, in upper or lower case."""
        wanted = {name.casefold() for name in names}
        return next((place for place, head in enumerate(self.header) if head.strip().casefold() in wanted), None)

    def cell(self, record: int, column: int | None) -> str:
        """Give a cell; an empty one where the record or the worksheet has none there."""
        cells = self.records[record]
        return cells[column] if column is not None and column < len(cells) else ""

    def text(self, record: int, columns: Sequence[int]) -> str:
        """Give the cells of some columns in one, such as last and first name."""
        return " ".join(filter(None, (self.cell(record, column) for column in columns)))

    def put(self, record: int, column: int, text: str) -> None:
        cells = self.records[record]
        cells += [""] * (column + 1 - len(cells))
        cells[column] = text

    def content(self) -> bytes:
        """Write it as it was read."""
        lines = self.end.join(self._line(cells) for cells in [self.header, *self.records])
        return (codecs.BOM_UTF8 if self.bom else b"") + (lines + self.end * self.ended).encode()

    def _line(self, cells: list[str]) -> str:
        text = io.StringIO(newline="")
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator="\r\n",  # a cell is quoted where it holds a character of it: both of them
            quoting=csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL,
        ).writerow(cells)
        return text.getvalue().removesuffix("\r\n")

    def write(self, into: Path) -> None:
        """Write it whole or not at all. Raises ``OSError``."""
        write_whole(into, self.content())


def read_worksheet(path: Path) -> Worksheet:
    """Read a CSV file. Raises ``WorksheetProblem`` for what is none."""
    name = legible(path.name)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WorksheetProblem(f"{legible(str(path))} cannot be read: {error.strerror}.") from error
    if content.startswith(b"PK\x03\x04"):
        raise WorksheetProblem(f"{name} is a spreadsheet's own file, not CSV: export it again, or save it as CSV.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorksheetProblem(f"{name} is not UTF-8: export it again, or save it as “CSV UTF-8”.") from error
    physical = list(io.StringIO(text, newline=""))
    try:
        # The separator is what makes the most columns of the header
        delimiter = max(",;\t", key=lambda each: len(next(csv.reader(physical, delimiter=each), [])))
        header, records, lines, end = _parsed(physical, delimiter)
    except csv.Error as error:
        raise WorksheetProblem(f"{name} is not CSV: {error}.") from error
    if len(header) < 2:
        raise WorksheetProblem(f"{name} is not CSV with a header of several columns.")
    sheet = Worksheet(
        name=name,
        header=header,
        records=records,
        lines=lines,
        delimiter=delimiter,
        end=end or "\n",
        bom=content.startswith(codecs.BOM_UTF8),
        ended=text.endswith(("\r", "\n")),
        quoted=True,
    )
    sheet.quoted = sheet.content() == content
    return sheet


def _parsed(physical: list[str], delimiter: str) -> tuple[list[str], list[list[str]], list[int], str]:
    """Give header, records, the lines at which they begin, and the header's line end."""
    limit = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a text handed in online is one cell
    try:
        reader = csv.reader(physical, delimiter=delimiter, strict=True)
        header = next(reader, [])
        last = physical[reader.line_num - 1] if physical else ""
        records, lines, begins = [], [], reader.line_num + 1
        for record in reader:
            records.append(record)
            lines.append(begins)
            begins = reader.line_num + 1
    finally:
        csv.field_size_limit(limit)
    return header, records, lines, last[len(last.rstrip("\r\n")) :]


def number(cell: str) -> float | None:
    """Read a number as the systems write it: no thousands, a decimal point or comma."""
    return float(cell.strip().replace(",", ".")) if re.fullmatch(r"\s*[0-9]+([.,][0-9]+)?\s*", cell) else None


@dataclass(frozen=True)
class Filled:
    """What became of the students of a worksheet."""

    written: Mapping[int, Row]
    """By record: whose score was written."""
    notes: list[str]


def fill(
    sheet: Worksheet,
    column: int,
    pairs: Mapping[int, Row],
    possible: Callable[[int], float | None],
    kept: Callable[[int], str],
    figures: Sequence[int] = (),
) -> Filled:
    """Write the scores of ``pairs`` (by record) into a column, with two decimals as both systems do.

    ``possible`` gives the points that the system knows: scores are scaled to them. ``kept`` says why a
    cell stays as it was; empty where it does not. A result that is not final is not written. Where the
    column, or one of ``figures``, has numbers with a decimal comma, it gets more of them.
    """
    there = (sheet.cell(record, place) for record in range(len(sheet.records)) for place in (column, *figures))
    comma = any(re.fullmatch(r"\s*[0-9]+,[0-9]+\s*", cell) for cell in there)
    written: dict[int, Row] = {}
    left: dict[str, list[Row]] = {}
    replaced: list[Row] = []
    scales: dict[tuple[float, float | None], None] = {}
    for record, row in sorted(pairs.items()):
        whole = possible(record)
        reason = kept(record) or _unfit(row, whole)
        if reason:
            left.setdefault(reason, []).append(row)
            continue
        score = row.score if not whole or whole == row.max_score else row.score / row.max_score * whole
        text = f"{score:.2f}".replace(".", "," if comma else ".")
        before = sheet.cell(record, column)
        if number(before) not in (None, number(text)):
            replaced.append(row)
        if not whole or whole != row.max_score:
            scales[row.max_score, whole] = None
        sheet.put(record, column, text)
        written[record] = row
    head = legible(sheet.header[column])
    notes = [_scaled(head, ours, theirs) for ours, theirs in scales]
    notes += [f"Left as they were, for {reason}: {named(rows)}." for reason, rows in left.items()]
    notes += [f"Other scores stood there, and are replaced: {named(replaced)}."] if replaced else []
    return Filled(written, notes)


def named(rows: Sequence[Row]) -> str:
    """Name students in a note."""
    return listed([f"{legible(row.name)} ({legible(row.id)})" for row in rows])


def listed(names: Sequence[str]) -> str:
    """Write names one after the other, and of many how many more there are."""
    more = [f"and {len(names) - _NAMED} more"] if len(names) > _NAMED else []
    return "; ".join([*names[:_NAMED], *more])  # Canvas has commas in names


def strangers(sheet: Worksheet, records: Iterable[int], columns: Sequence[int]) -> list[str]:
    """Note whom the worksheet has and the class has not."""
    names = [legible(sheet.text(record, columns)) for record in records]
    return [f"Left as they were, for they are not in this class: {listed(names)}."] if names else []


def _unfit(row: Row, whole: float | None) -> str:
    if row.status == "incomplete":
        return "their results are not final"
    return "" if row.max_score > 0 or not whole else "no check of theirs has points"


def _scaled(head: str, ours: float, theirs: float | None) -> str:
    if not theirs:
        return f"“{head}” does not say how many points are possible: scores are out of {points(ours)}."
    return f"Scores out of {points(ours)} were scaled to the {points(theirs)} points of “{head}”."
