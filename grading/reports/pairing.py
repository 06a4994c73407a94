"""Which student of a worksheet is which of the class. A score in somebody else's row is worse than none."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from grading.reports.names import legible
from grading.reports.rows import Row
from grading.reports.worksheet import Worksheet, WorksheetProblem, named


@dataclass(frozen=True)
class Key:
    """One way to know a student."""

    theirs: Callable[[int], str]
    """What a record of the worksheet says; empty where it says nothing."""
    ours: Callable[[Row], str]
    certain: bool = True
    """False for a name, which two students may share."""
    local: bool = False
    """The same value is another student's elsewhere: it counts only where the names do not speak against it."""


@dataclass
class Pairing:
    """Who is who."""

    pairs: dict[int, Row] = field(default_factory=dict)
    """By record of the worksheet."""
    alike: list[Row] = field(default_factory=list)
    """Students of ours who may be several of the worksheet, or one who is claimed by several of ours."""
    absent: list[Row] = field(default_factory=list)
    """Students of ours who are not in the worksheet."""

    def notes(self, sheet: Worksheet) -> list[str]:
        found = [(self.absent, "Not in"), (self.alike, "Not filled in, for a name alone does not tell who it is in")]
        return [f"{words} {sheet.name}: {named(rows)}." for rows, words in found if rows]


def paired(
    sheet: Worksheet, records: Sequence[int], rows: Sequence[Row], keys: Sequence[Key], name: Callable[[int], str]
) -> Pairing:
    """Find students by the key that tells most of the class apart, and who is left by the other keys.

    The number that is one student's at the university may be another's in the grading system, so for a bare
    number the other keys count only where the names, of which ``name`` gives theirs, speak for it. Raises
    ``WorksheetProblem`` where two records, or two students of ours, have one id.
    """
    found = [_found(key, records, rows, name) for key in keys]
    main = max(range(len(keys)), key=lambda place: _clear(found[place]))
    result, left = Pairing(), set(range(len(rows)))
    for place in [main, *(place for place in range(len(keys)) if place != main)]:
        claims = {
            mine: [each for each in theirs if place == main or _sure(keys[place], rows[mine], name(each))]
            for mine, theirs in found[place].items()
            if mine in left
        }
        left -= _take(sheet, keys[place], rows, {mine: theirs for mine, theirs in claims.items() if theirs}, result)
    result.absent = [rows[mine] for mine in sorted(left)]
    return result


def _found(key: Key, records: Sequence[int], rows: Sequence[Row], name: Callable[[int], str]) -> dict[int, list[int]]:
    """Give the records that a key finds for each row, by its place; rows for which it finds none are left out."""
    index: dict[str, list[int]] = {}
    for record in records:
        index.setdefault(_plain(key.theirs(record)), []).append(record)
    index.pop("", None)
    found = {
        mine: [
            record
            for record in index.get(_plain(key.ours(row)), [])
            if not key.local or same_name(name(record), row) is not False
        ]
        for mine, row in enumerate(rows)
    }
    return {mine: theirs for mine, theirs in found.items() if theirs}


def _clear(found: dict[int, list[int]]) -> int:
    """Count who is one record that nobody else is."""
    times = Counter(record for theirs in found.values() for record in theirs)
    return sum(len(theirs) == 1 and times[theirs[0]] == 1 for theirs in found.values())


def _take(sheet: Worksheet, key: Key, rows: Sequence[Row], claims: dict[int, list[int]], result: Pairing) -> set[int]:
    """Pair who claims one record that nobody else claims; give the places of whoever is settled."""
    times = Counter(record for theirs in claims.values() for record in theirs)
    taken, settled = set(result.pairs), set()
    for mine, theirs in claims.items():
        if len(theirs) == 1 and times[theirs[0]] == 1:
            if theirs[0] in taken:
                continue
            result.pairs[theirs[0]] = rows[mine]
        elif not key.certain:
            result.alike.append(rows[mine])
        elif len(theirs) > 1:
            lines = " and ".join(str(sheet.lines[record]) for record in theirs[:2])
            raise WorksheetProblem(f"{sheet.name} has {legible(key.ours(rows[mine]))} twice, on lines {lines}.")
        else:
            both = named([rows[each] for each, others in claims.items() if others == theirs])
            raise WorksheetProblem(f"Line {sheet.lines[theirs[0]]} of {sheet.name} fits two students: {both}.")
        settled.add(mine)
    return settled


def _sure(key: Key, row: Row, theirs: str) -> bool:
    return not _plain(key.ours(row)).isdigit() or same_name(theirs, row) is True


def same_name(theirs: str, row: Row) -> bool | None:
    """Tell whether a name may be the same: a word of one is in the other. None where one of them is unknown.

    Generous: ``Lovelace, Ada`` is ``lovelaceada``, ``Ada Lovelace`` and ``Ada King``.
    """
    if not theirs.strip() or not row.name.strip() or row.name == row.id:
        return None
    one, other = (re.findall(r"\w+", _plain(name)) for name in (theirs, row.name))
    return (
        any(word in "".join(words) for mine, words in ((one, other), (other, one)) for word in mine if len(word) > 1)
        or one == other
    )


def _plain(text: str) -> str:
    """Write text as it is compared: two ways to write a letter, case and blanks make no difference."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
