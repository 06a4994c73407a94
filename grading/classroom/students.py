"""The students of a class, and what each handed in, before anything of it was read."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grading.classroom.places import Place

_LONGEST = 60
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for devices, whatever comes after the first dot."""
_HASHED = re.compile(r".*-[0-9a-f]{8,}", re.DOTALL | re.IGNORECASE)


class NotAClass(Exception):  # noqa: N818  it says what the path is not; nothing went wrong in here
    """What was named holds no class; the message says, in a sentence, what to do."""


class Unreadable(Exception):  # noqa: N818  it says what the submission is
    """A submission that cannot be graded at all; the message says why, in a sentence."""


@dataclass(frozen=True)
class Part:
    """One thing that a student handed in, and where it goes in the submission."""

    place: Place
    name: str
    """Its name in the submission; empty for a folder whose content is the submission's."""


@dataclass(frozen=True)
class Student:
    """One student of a class."""

    id: str
    """As the layout gives it: the system's user id, else the folder's name or the zip's stem."""
    name: str
    """As it was handed in: any script, any character."""
    file: str
    """The id as a stem of file names: safe, and unique in the class; see `file_of`."""
    parts: tuple[Part, ...] = field(default=(), repr=False)
    """What was handed in; nothing for one who is only on the roster."""
    notes: tuple[str, ...] = ()
    """Sentences about the submission, such as that it came late."""


@dataclass(frozen=True)
class FoundClass:
    """A class, as it was found."""

    layout: str
    """Which layout was recognised, as a phrase: ``a folder of zips``."""
    students: Sequence[Student]
    """Sorted by id."""
    strays: Sequence[str] = ()
    """Paths, from the class, of what belongs to no student."""
    notes: Sequence[str] = ()
    """Sentences about the class as a whole."""


def file_of(identity: str) -> str:
    """Make a stem of file names from an id: letters, digits, ``.``, ``_`` and ``-`` of ASCII.

    An id that is such a name is its own stem. Any other gets a hash of itself at the end, so that no two
    stems are the same, on file systems that ignore case either, and none hangs on who else is in the class.
    """
    composed = unicodedata.normalize("NFC", identity)
    plain = unicodedata.normalize("NFKD", composed).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", plain)
    stem = re.sub(r"\.{2,}", ".", stem).strip("-._")[:_LONGEST].rstrip("-._")
    if _RESERVED.fullmatch(stem):
        stem = stem.replace(".", "-")
    elif stem and stem == composed and stem == stem.lower() and not _HASHED.fullmatch(stem):
        return stem
    return f"{stem or 'student'}-{_digest(composed)}"


def with_files(students: Iterable[Student], others: Iterable[str] = ()) -> tuple[Student, ...]:
    """Sort students by id; where a stem is taken already, against all odds, lengthen the hash of the later one."""
    taken = {stem.lower() for stem in others}
    done = []
    for student in sorted(students, key=lambda student: student.id):
        stem, length = student.file, 8
        while stem.lower() in taken:
            length += 8
            stem = f"{student.file}-{_digest(student.id, length)}"
        taken.add(stem.lower())
        done.append(Student(student.id, student.name, stem, student.parts, student.notes))
    return tuple(done)


def _digest(text: str, length: int = 8) -> str:
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:length]
