"""What belongs to which student, while it is being sorted."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from grading.classroom.places import Place
from grading.classroom.students import Part, Student, file_of, with_files
from grading.submission.names import shown

_LITTER = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini", ".DS_Store", ".git", ".gitignore", ".gitkeep"})
"""What systems leave in any folder: nobody's, and not worth a line."""


@dataclass
class _Pile:
    id: str
    name: str
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Sorted:
    """The places of a class, by student."""

    layout: str
    whole: bool = True
    """Whether a student has one folder or one zip, so that several are worth a note."""
    strays: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _piles: dict[str, _Pile] = field(default_factory=dict)

    def add(self, identity: str, name: str, part: Part, notes: tuple[str, ...] = ()) -> None:
        """Give a part to a student, who may have some already."""
        # The same letters in two compositions are one id: macOS writes names in another one.
        pile = self._piles.setdefault(unicodedata.normalize("NFC", identity), _Pile(identity, name))
        pile.parts.append(part)
        pile.notes += [note for note in notes if note not in pile.notes]

    @property
    def ids(self) -> set[str]:
        return {pile.id for pile in self._piles.values()}

    def students(self) -> tuple[Student, ...]:
        """Give the students, each once."""
        return with_files(
            Student(
                pile.id,
                pile.name,
                file_of(pile.id),
                tuple(pile.parts),
                (*pile.notes, *(_several(pile) if self.whole else ())),
            )
            for pile in self._piles.values()
        )


def is_litter(place: Place) -> bool:
    """Say whether a system left this, not a person."""
    return place.name in _LITTER or place.name.startswith("._")


def _several(pile: _Pile) -> list[str]:
    """Say where a student has folders or zips of several names."""
    whole = [shown(part.place.name) for part in pile.parts if not part.name or part.name.lower().endswith(".zip")]
    return [f"Several things were handed in, and taken together: {', '.join(whole)}."] if len(whole) > 1 else []
