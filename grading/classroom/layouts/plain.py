"""Layouts in which a student has a folder, a zip, or files that begin with the student's id."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from grading.classroom.layouts.sorting import Sorted
from grading.classroom.packing import ARCHIVES
from grading.classroom.places import Place
from grading.classroom.students import Part
from grading.submission.names import LONGEST_NAME, match_name, shown
from grading.submission.tree import is_ignored

_SEPARATOR = re.compile(r"[ ._-]+")
FLAT = "a folder of files, named after their students"
_DEEP = 4
_MANY = 200


def clones(folder: Place, children: Sequence[Place]) -> Sorted | None:
    """Sort GitHub Classroom's folder of clones; ``None`` if most folders are no clones."""
    folders = [place for place in children if _is_folder(place)]
    repositories = [place.name for place in folders if any(child.name == ".git" for child in listed(place))]
    if not repositories or 2 * len(repositories) <= len(folders):
        return None
    prefix = _prefix(repositories, folder.name)
    result = Sorted("GitHub Classroom's folder of clones")
    if prefix:
        result.notes.append(f"The ids are what follows {shown(prefix)} in the folders' names.")
    for place in children:
        if _is_folder(place):
            identity = place.name.removeprefix(prefix) or place.name
            result.add(identity, identity, Part(place, ""))
        else:
            result.strays.append(place.name)
    return result


def each(children: Sequence[Place], programs: Sequence[str]) -> Sorted | None:
    """Sort a folder of folders, of zips, or of files; ``None`` if there is nothing like it."""
    folders = [place for place in children if _is_folder(place)]
    zips = [place for place in children if not _is_folder(place) and _is_archive(place)]
    files = [place for place in children if not (_is_folder(place) or _is_archive(place))]
    flat = {} if folders or zips else {place.name: owner for place in files if (owner := _owner(place, programs))}
    if not folders and not zips and len(set(flat.values())) < 2:
        return None
    kinds = ["folders"] * bool(folders) + ["zips"] * bool(zips)
    result = Sorted(f"a folder of {' and '.join(kinds)}" if kinds else FLAT)
    for place in folders:
        result.add(place.name, place.name, Part(place, ""))
    for place in zips:
        stem = _stem(place.name)
        result.add(stem, stem, Part(place, place.name))
    ids = result.ids | set(flat.values())
    for place in files:
        owner = flat.get(place.name) or _begins(place.name, ids)
        if place.kind == "file" and owner and not place.name.startswith("."):
            result.add(owner, owner, Part(place, _own_name(place.name, owner)))
        else:
            result.strays.append(place.name)
    return result


def programs_in(place: Place, programs: Sequence[str]) -> set[str]:
    """Give the programs that lie in a folder, not far down."""
    found: set[str] = set()
    folders = [(place, 1)]
    seen = 0
    while folders:
        folder, depth = folders.pop()
        for child in listed(folder):
            seen += 1
            if seen > _MANY:
                return found
            if child.kind == "folder" and depth < _DEEP and not is_ignored(child.name):
                folders.append((child, depth + 1))
            elif child.kind == "file" and (match := match_name(child.name, programs)):
                found.add(match.program)
    return found


def listed(place: Place) -> list[Place]:
    """List a folder; nothing where it cannot be read, which is said when it is packed."""
    try:
        return place.children()
    except OSError:
        return []


def _is_folder(place: Place) -> bool:
    """Say whether it is a student's folder; a link without an ending stands for one, and gets its row."""
    if is_ignored(place.name):
        return False
    return place.kind == "folder" or (place.kind == "symbolic link" and "." not in place.name)


def _is_archive(place: Place) -> bool:
    name = place.name.lower()
    return place.kind != "folder" and name.endswith((".zip", *ARCHIVES)) and not name.startswith(".")


def _stem(name: str) -> str:
    stem = re.sub(r"\.[A-Za-z0-9]+$", "", name)
    return re.sub(r"\.tar$", "", stem, flags=re.IGNORECASE)


def _prefix(names: Sequence[str], folder: str) -> str:
    """Give what stands before the user's name: the assignment's, which its folder has too, or what all share."""
    assignment = folder.removesuffix("-submissions") + "-"
    if all(name.startswith(assignment) for name in names):
        return assignment
    prefix = ""
    for words in zip(*(name.split("-")[:-1] for name in names), strict=False):  # something has to be left for each
        if len(names) < 2 or len(set(words)) > 1:
            break
        prefix += f"{words[0]}-"
    return prefix


def _owner(place: Place, programs: Sequence[str]) -> str:
    """Give what stands before a program's name, if anything does: ``jane`` of ``jane_udp_server.py``."""
    if place.kind != "file":
        return ""
    for before, rest in _splits(place.name):
        if match_name(rest, programs):
            return before
    return ""


def _begins(name: str, ids: set[str]) -> str:
    """Give the longest id that a file's name begins with."""
    return next((before for before, _ in _splits(name) if before in ids), "")


def _own_name(name: str, owner: str) -> str:
    rest = _SEPARATOR.sub("", name[len(owner) :], count=1)
    return rest if "." in rest.strip(".") else name


def _splits(name: str) -> Iterator[tuple[str, str]]:
    """Cut a name at each separator, the last first."""
    if len(name) <= LONGEST_NAME:
        for cut in reversed([*_SEPARATOR.finditer(name)]):
            if cut.start():
                yield name[: cut.start()], name[cut.end() :]
