"""Which layout a class has: the systems' own first, then folders, zips and files."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from grading.classroom.layouts.named import canvas, moodle
from grading.classroom.layouts.plain import FLAT, clones, each, listed, programs_in
from grading.classroom.layouts.sorting import Sorted, is_litter
from grading.classroom.places import Bulk, OnDisk, Place, on_disk
from grading.classroom.students import FoundClass, NotAClass
from grading.submission.names import match_name, shown

_KINDS = "a folder, or one zip, that holds a folder, a zip or files for each student"
_COURSE = frozenset({"autograded", "feedback", "gradebook.db", "nbgrader_config.py", "release", "source"})
"""What lies beside the folder submitted in a course of nbgrader."""
_LAB = re.compile(r"lab[ _-]?[0-9].*", re.IGNORECASE | re.DOTALL)


def find_class(path: Path, programs: Sequence[str]) -> FoundClass:
    """Find the students of a class in a folder, or in one zip of them all.

    ``programs`` are names without ``.py``. Raises `NotAClass` where there is no class.
    """
    name = shown(str(path))
    root = _root(path, name)
    try:
        children = [place for place in root.children() if not is_litter(place)]
    except OSError as error:
        raise NotAClass(f"{name} cannot be read ({error.strerror}): check its permissions.") from error
    if not children:
        raise NotAClass(f"{name} is empty: give {_KINDS}.")
    found = _of_system(root, children) or _wrapped(children, programs)
    if found is None:
        if _is_one(children, programs):
            raise NotAClass(_one(path))
        found = each(children, programs)
        if found is None:
            raise NotAClass(f"{name} holds no submissions: give {_KINDS}.")
        found.notes += _doubts(children, programs)
    layout = found.layout if isinstance(root, OnDisk) else f"{found.layout}, in one zip"
    return FoundClass(layout, found.students(), tuple(found.strays), tuple(found.notes))


def _root(path: Path, name: str) -> Place:
    try:
        place = on_disk(path)
    except FileNotFoundError as error:
        raise NotAClass(f"{name} does not exist: check the path.") from error
    except (OSError, RuntimeError, ValueError) as error:  # may not be searched; a circle of links; a NUL
        raise NotAClass(f"{name} cannot be reached: check the path and its permissions.") from error
    if place.kind == "folder":
        return place
    if place.kind == "file" and path.suffix.lower() == ".py":
        raise NotAClass(_one(path))
    if place.kind != "file" or path.suffix.lower() != ".zip":
        raise NotAClass(f"{name} is neither a folder nor a zip: give {_KINDS}.")
    try:
        return Bulk(place.path).root
    except OSError as error:
        raise NotAClass(f"{name} cannot be read ({error.strerror}): check its permissions.") from error
    except ValueError as error:
        raise NotAClass(f"{name} is broken or not a zip at all: download it again.") from error


def _one(path: Path) -> str:
    return f"{shown(str(path))} looks like one submission: pytest grading --submission {shown(shlex.quote(str(path)))}"


def _of_system(folder: Place, children: Sequence[Place]) -> Sorted | None:
    """Recognise what only a learning system makes."""
    return moodle(children) or canvas(children) or _nbgrader(folder, children) or clones(folder, children)


def _nbgrader(folder: Place, children: Sequence[Place]) -> Sorted | None:
    """Sort ``submitted/``, or what lies beside it in the course's folder."""
    submitted = next((place for place in children if place.name == "submitted" and place.kind == "folder"), None)
    if submitted and not _COURSE & {place.name for place in children}:
        submitted = None
    if submitted is None and folder.name != "submitted" and not _has_times(children):
        return None
    found = each([place for place in listed(submitted) if not is_litter(place)] if submitted else children, ())
    if found is None:
        return None
    found.layout = "nbgrader's submitted folder"
    if submitted:
        found.strays = [f"submitted/{stray}" for stray in found.strays]
        found.notes.append("Only the folder submitted was looked at.")
    return found


def _has_times(children: Sequence[Place]) -> bool:
    """Say whether folders of assignments have the note of the time that nbgrader leaves in them."""
    folders = [place for place in children if place.kind == "folder"][:5]
    assignments = [place for folder in folders for place in listed(folder) if place.kind == "folder"][:20]
    return any(place.name == "timestamp.txt" for assignment in assignments for place in listed(assignment))


def _wrapped(children: Sequence[Place], programs: Sequence[str]) -> Sorted | None:
    """Recognise a class in the one folder, or the one zip, that there is."""
    folders = [place for place in children if place.kind == "folder"]
    zips = [place for place in children if place.kind == "file" and place.name.lower().endswith(".zip")]
    if len(folders) + len(zips) != 1:
        return None
    (wrapper,) = [*folders, *zips]
    inner = wrapper if folders else _opened(wrapper)
    below = [place for place in listed(inner) if not is_litter(place)] if inner else []
    if inner is None or not below:
        return None
    found = _of_system(inner, below)
    if found is None:
        found = each(below, programs)
        if found is None or not (found.layout == FLAT or _is_crowd(below, programs)):
            return None
    found.strays = [f"{wrapper.name}/{stray}" for stray in found.strays]
    found.strays += [place.name for place in children if place is not wrapper]
    found.notes.append(f"The students are in {shown(wrapper.name)}.")
    return found


def _opened(place: Place) -> Place | None:
    try:
        return Bulk(place.path).root if isinstance(place, OnDisk) else None
    except (OSError, ValueError):
        return None  # a student's broken zip, then


def _is_crowd(children: Sequence[Place], programs: Sequence[str]) -> bool:
    """Say whether several students lie here, beyond doubt: no submission has so many zips, or a program twice."""
    zips = sum(place.name.lower().endswith(".zip") for place in children)
    return zips > 1 or max(_times(children, programs).values(), default=0) > 1


def _is_one(children: Sequence[Place], programs: Sequence[str]) -> bool:
    """Say whether this is one submission: its programs lie here, or in the folders of their labs."""
    here = any(place.kind == "file" and match_name(place.name, programs) for place in children)
    folders = [place.name for place in children if place.kind == "folder"]
    labs = bool(folders) and all(_LAB.fullmatch(name) for name in folders)
    return (here or labs) and not _is_crowd(children, programs)


def _times(children: Sequence[Place], programs: Sequence[str]) -> Counter[str]:
    """Count in how many folders each program lies, until one lies in two."""
    times: Counter[str] = Counter()
    for place in children:
        if place.kind == "folder":
            times.update(programs_in(place, programs))
            if max(times.values(), default=0) > 1:
                break
    return times


def _doubts(children: Sequence[Place], programs: Sequence[str]) -> list[str]:
    """Say what looks odd in a folder of folders."""
    if len(children) == 1 or any(place.kind == "file" and place.name.lower().endswith(".zip") for place in children):
        return []
    times = _times(children, programs)
    if any(place.kind == "folder" for place in children) and not times:
        return [f"None of the folders has a program in it: expected {', '.join(f'{each}.py' for each in programs)}."]
    if times and max(times.values()) == 1 and len([place for place in children if place.kind == "folder"]) > 1:
        return ["No program is there twice: if this is one submission, pytest grading --submission grades it."]
    return []
