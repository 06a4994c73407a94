"""Who is in the class, from the CSV that a learning system exports, and who of them handed in something.

Systems name their columns in many ways, and one student has several ids. All columns that may hold an id are kept, and
those that were found are looked for in each of them.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from grading.classroom.students import FoundClass, Student, file_of, with_files
from grading.submission.names import shown

_MOST_BYTES = 100_000_000
_DELIMITERS = ",;\t|"
_IDS = (
    "studentid", "userid", "id", "canvasuserid", "identifier", "participant", "participantid", "username", "user",
    "userlogin", "login", "loginid", "sisloginid", "netid", "sisuserid", "sisid", "integrationid", "idnumber",
    "studentnumber", "studentno", "number", "sid", "uid", "matriculationnumber", "matriculation", "matrikelnummer",
    "matrikel", "orgdefinedid", "externalid", "githubusername", "githubid", "github", "gitlabusername", "handle",
    "emailaddress", "email", "mail", "emails",
)  # fmt: skip
"""Names of columns that hold an id, letters and digits alone, the likeliest first."""
_NAMES = ("fullname", "name", "studentname", "displayname", "sortablename", "student", "learner", "nameofstudent")
_FIRST = ("firstname", "first", "givenname", "givennames", "forename", "vorname", "prenom", "nombre")
_LAST = ("lastname", "last", "surname", "familyname", "nachname", "nom", "apellidos", "lastnames")
_NOBODY = re.compile(r"\s*(points possible|student, test|test student)\s*", re.IGNORECASE)
"""Rows of Canvas that are no students."""


class NotARoster(Exception):  # noqa: N818  it says what the file is not; nothing went wrong in here
    """What was named is no roster; the message says, in a sentence, what to do."""


@dataclass(frozen=True)
class Member:
    """One student of a roster."""

    ids: tuple[str, ...]
    """One for each of the roster's columns of ids; empty where the student has none."""
    name: str

    @property
    def id(self) -> str:
        """The first id there is."""
        return next(each for each in self.ids if each)


@dataclass(frozen=True)
class Roster:
    """A class by its roster."""

    columns: tuple[str, ...]
    """The columns of ids, by the names that they have in the file, the likeliest first."""
    members: tuple[Member, ...]
    notes: tuple[str, ...] = ()
    """Sentences about lines that were passed over."""


class Match(NamedTuple):
    """A class beside its roster."""

    missing: tuple[Student, ...]
    """On the roster, and handed in nothing."""
    strangers: tuple[str, ...]
    """Ids of those who handed in something, and are not on the roster."""
    notes: tuple[str, ...]
    """Sentences that say how they were matched."""


def read_roster(path: Path) -> Roster:
    """Read a roster. Raises `NotARoster` for a file that has no line of ids."""
    name = shown(str(path))
    rows = _rows(_text(path, name), name)
    header = [_plain(cell) for cell in rows[0]] if rows else []
    ids = sorted((_IDS.index(cell), place) for place, cell in enumerate(header) if cell in _IDS)
    columns = [place for _, place in ids]
    if not columns:
        shown_header = ", ".join(shown(cell.strip()) for cell in rows[0][:8]) if rows else "nothing"
        raise NotARoster(
            f"{name} has no column of ids in its first line ({shown_header}): name one of them id, username or email."
        )
    members: dict[tuple[str, ...], Member] = {}
    without = doubled = 0
    for row in rows[1:]:
        cells = [cell.strip() for cell in row] + [""] * (len(header) - len(row))
        member = Member(tuple(cells[place] for place in columns), _name(header, cells))
        if _NOBODY.fullmatch(member.name) or not any(cells):
            continue
        without += not any(member.ids)
        doubled += member.ids in members
        if any(member.ids):
            members.setdefault(member.ids, member)
    if not members:
        raise NotARoster(f"{name} has no student below its first line: export it again.")
    notes = [f"{without} of the roster's lines have no id and were passed over."] * bool(without)
    notes += [f"{doubled} of the roster's lines say the same student again."] * bool(doubled)
    return Roster(tuple(rows[0][place].strip() for place in columns), tuple(members.values()), tuple(notes))


def match(found: FoundClass, roster: Roster) -> Match:
    """Match the students of a class with a roster: the strictest way first, and never by a guess."""
    pairing = _Pairing(found.students, roster.members)
    columns = _best_first(found.students, roster)
    for keys in (_exact, _loose):
        for column in columns:
            pairing.pair(roster.columns[column], keys, _of_column(keys, column))
    pairing.pair("the part of an address before its @", _local, lambda member: set().union(*map(_local, member.ids)))
    pairing.pair("name", None, lambda member: _names(member.name))
    at = columns[0]
    missing = (
        Student(identity, member.name or identity, file_of(identity))
        for member in pairing.members.values()
        for identity in [member.ids[at] or member.id]
    )
    taken = [student.file for student in found.students]
    strangers = tuple(student.id for student in pairing.students.values())
    return Match(with_files(missing, taken), strangers, (pairing.note(len(found.students)), *roster.notes))


class _Pairing:
    """Who of two lists is who, as far as it was found out."""

    def __init__(self, students: Sequence[Student], members: Sequence[Member]) -> None:
        self.students = dict(enumerate(students))
        """Those that have no member yet; and the other way round."""
        self.members = dict(enumerate(members))
        self._by: Counter[str] = Counter()

    def pair(self, how: str, of_id: Callable[[str], set[str]] | None, of_member: Callable[[Member], set[str]]) -> None:
        """Pair those that share a key which nobody else has, on either side."""
        ours, theirs = defaultdict(list), defaultdict(list)
        for place, student in self.students.items():
            for key in of_id(student.id) if of_id else _names(student.name):
                ours[key].append(place)
        for place, member in self.members.items():
            for key in of_member(member):
                theirs[key].append(place)
        for key in sorted(ours.keys() & theirs.keys()):
            if len(ours[key]) == len(theirs[key]) == 1:
                (student_at,), (member_at,) = ours[key], theirs[key]
                if student_at in self.students and member_at in self.members:
                    del self.students[student_at], self.members[member_at]
                    self._by[how] += 1

    def note(self, students: int) -> str:
        if not self._by:
            return "Nobody who handed in something is on the roster: is it another class's?"
        ways = ", ".join(f"{times} by {shown(how)}" for how, times in self._by.most_common())
        return f"{sum(self._by.values())} of {students} students were found on the roster: {ways}."


def _best_first(students: Sequence[Student], roster: Roster) -> list[int]:
    """Give the columns of ids, the one in which most of the students are found first."""
    ours = set().union(*(_loose(student.id) for student in students))
    hits = [
        sum(bool(ours & _loose(ids)) for ids in column) for column in zip(*(m.ids for m in roster.members), strict=True)
    ]
    return sorted(range(len(hits)), key=lambda column: -hits[column])


def _of_column(keys: Callable[[str], set[str]], column: int) -> Callable[[Member], set[str]]:
    return lambda member: keys(member.ids[column])


def _exact(identity: str) -> set[str]:
    return {identity} if identity else set()


def _loose(identity: str) -> set[str]:
    """Give an id without case and blanks; Moodle's without its word, a number also without its leading zeros."""
    key = unicodedata.normalize("NFC", identity).strip().casefold()
    key = re.sub(r"^participant ([0-9]+)$", r"\1", key)
    return {key, key.lstrip("0") or key} if key.isdecimal() else {key} - {""}


def _local(identity: str) -> set[str]:
    return {identity.strip().casefold().partition("@")[0]} - {""}


def _names(name: str) -> set[str]:
    """Give a name without case, accents and order; and, as Canvas writes it, in one word."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    words = re.findall(r"\w+", "".join(char for char in decomposed if not unicodedata.combining(char)))
    in_one = {"".join(words[at:] + words[:at]) for at in range(min(len(words), 10))}
    return in_one | {" ".join(sorted(words))} - {""}


def _text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "it has a zero byte in its name"
        raise NotARoster(f"{name} cannot be read ({why}): give the CSV that your system exports.") from error
    if len(data) > _MOST_BYTES or data.startswith((b"PK", b"\xd0\xcf")):
        raise NotARoster(f"{name} is no CSV: export the roster as CSV, not as a workbook.")
    # Excel writes UTF-16 where it says Unicode, and else what the machine's language has.
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _rows(text: str, name: str) -> list[list[str]]:
    """Read the lines that are not blank; the delimiter is that which cuts the first of them most often."""
    text = text.replace("\0", "")
    if declared := re.match(r"sep=(.)\r?\n", text):
        text = text[declared.end() :]
    first = re.sub(r'"[^"]*"', "", next((line for line in text.splitlines() if line.strip()), ""))
    delimiter = declared[1] if declared else max(_DELIMITERS, key=first.count)
    try:
        rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise NotARoster(f"{name} is no CSV ({error}): export the roster again.") from error
    return [row for row in rows if any(cell.strip() for cell in row)]


def _plain(cell: str) -> str:
    """Give the letters and digits of a column's name, in ASCII: ``SIS Login ID`` is ``sisloginid``."""
    decomposed = unicodedata.normalize("NFKD", cell.casefold())
    return re.sub(r"[^a-z0-9]", "", decomposed)


def _name(header: Sequence[str], cells: Sequence[str]) -> str:
    """Give the name of a line, in one cell or in two."""
    for column in _NAMES:
        if column in header and (name := cells[header.index(column)]):
            return name
    parts = [cells[header.index(column)] for columns in (_FIRST, _LAST) for column in columns if column in header]
    return " ".join(part for part in parts if part)
