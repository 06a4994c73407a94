"""Layouts in which the name of each file or folder says whose it is: those of Canvas and Moodle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from grading.classroom.layouts.sorting import Sorted
from grading.classroom.places import Place
from grading.classroom.students import Part
from grading.submission.names import LONGEST_NAME

_CANVAS = re.compile(
    r"(?:(?P<late>LATE_)?(?P<hidden>anon_[A-Za-z0-9]{5,32})|(?P<name>.+?)_(?P<late_too>LATE_)?(?P<id>[0-9]+))"
    r"_(?:[0-9]+_(?P<file>.+)|(?P<entry>text|link)\.html)",
    re.DOTALL,
)
_MOODLE = re.compile(
    r"(?P<name>.+?)(?:_(?P<id>[0-9]+))?_assignsubmission_(?P<plugin>[a-z]+)_?(?P<file>.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class _Owner:
    id: str
    name: str
    file: str
    """The name that the student gave the file; empty for a folder, whose content is meant."""
    late: bool = False


def canvas(children: Sequence[Place]) -> Sorted | None:
    """Sort the files of a bulk download of Canvas; ``None`` if it is none."""
    owners = {place.name: owner for place in children if (owner := _of_canvas(place))}
    files = sum(place.kind == "file" for place in children)
    return _sorted("a bulk download of Canvas", children, owners) if 2 * len(owners) > files else None


def moodle(children: Sequence[Place]) -> Sorted | None:
    """Sort the folders or the files of a bulk download of Moodle; ``None`` if it is none."""
    owners = {place.name: owner for place in children if (owner := _of_moodle(place))}
    flat = any(owner.file for owner in owners.values())
    layout = f"a bulk download of Moodle, {'in one folder' if flat else 'with folders'}"
    return _sorted(layout, children, owners) if 2 * len(owners) > len(children) else None


def _of_canvas(place: Place) -> _Owner | None:
    match = _CANVAS.fullmatch(place.name) if len(place.name) <= LONGEST_NAME else None
    if match is None or place.kind == "folder":
        return None
    identity = match["id"] or match["hidden"].removeprefix("anon_")
    file = match["file"] or f"{match['entry']}.html"
    return _Owner(identity, match["name"] or match["hidden"], file, late=bool(match["late"] or match["late_too"]))


def _of_moodle(place: Place) -> _Owner | None:
    match = _MOODLE.fullmatch(place.name) if len(place.name) <= LONGEST_NAME else None
    if match is None or (place.kind != "folder") != bool(match["file"]):
        return None
    return _Owner(match["id"] or match["name"], match["name"], match["file"])


def _sorted(layout: str, children: Sequence[Place], owners: dict[str, _Owner]) -> Sorted:
    result = Sorted(layout, whole=False)
    for place in children:
        if owner := owners.get(place.name):
            notes = ("Canvas says that it was handed in late.",) if owner.late else ()
            result.add(owner.id, owner.name, Part(place, owner.file), notes)
        else:
            result.strays.append(place.name)
    return result
