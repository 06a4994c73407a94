"""Chooses each program of a submission among its files, or says why there is none.

Of several candidates, identical copies are one; a resubmission wins by its number, otherwise the
shallowest path wins, and a tie is a problem that names both. A symbolic link, a pipe or a device is no
candidate.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grading.submission.archive import unpack
from grading.submission.names import looks_like, match_name, shown
from grading.submission.source import MAX_PROGRAM_BYTES, problem_of_text
from grading.submission.tree import Entry, NotASubmission, read_file, walk

_MAX_SIBLINGS = 50
_MAX_SIBLING_BYTES = 1_000_000
_MAX_LISTED = 8
_MAX_NOTES = 20


@dataclass(frozen=True)
class FoundProgram:
    """One program of a submission, or what is wrong with it."""

    name: str
    """``udp_server``."""
    path: Path | None
    """A regular file; present when there is no problem, or only that of not being text."""
    shown: str
    """Its path inside the submission, as the student knows it, on one line."""
    problem: str | None = None
    """Sentences for the student: missing, doubled, a folder, not readable, not text, too large."""
    is_text: bool = True
    """False where it is there, and is no Python text."""
    siblings: tuple[Path, ...] = ()
    """Other files of its folder, to be copied beside it: a student may import an own module."""


@dataclass(frozen=True)
class Submission:
    """What was handed in."""

    path: Path
    programs: Mapping[str, FoundProgram]
    """One for each program that was asked for, in that order."""
    notes: tuple[str, ...] = ()
    """Sentences for the scorecard: what was passed over, and which of several was taken."""


@dataclass(frozen=True)
class _Candidate:
    entry: Entry
    path: Path
    resubmission: int
    digest: str
    """Of its bytes; of its name where they cannot be read, so that it equals no other."""
    problem: str | None
    is_text: bool = True


def open_submission(path: Path, programs: Sequence[str], into: Path) -> Submission:
    """Find the programs (names without ``.py``) in a folder, a zip, or a single ``.py`` file.

    A zip is unpacked into a new folder below ``into``, and so is the one zip of a folder that holds no
    program itself. ``path`` itself may be a symbolic link: the instructor named it. Raises
    ``NotASubmission`` for what cannot be graded at all.
    """
    entries, notes = _list(path, into)
    if not any(_matches(entry, programs) for entry in entries):
        archives = [entry for entry in entries if entry.kind == "file" and _is_zip(entry.base)]
        if len(archives) == 1 and archives[0].path is not None:
            inner, inner_notes = _open_inner(archives[0].name, archives[0].path, into)
            entries, notes = entries + inner, notes + inner_notes
    if not any(entry.kind != "folder" or _matches(entry, programs) for entry in entries):
        wanted = ", ".join(f"{name}.py" for name in programs)
        message = f"{shown(str(path))} holds no files: give a folder or a zip that holds {wanted}."
        raise NotASubmission(message)
    notes += [
        f"{shown(entry.name)} is a {entry.kind} and was not opened."
        for entry in entries
        if entry.kind not in ("file", "folder")
    ]
    found: dict[str, FoundProgram] = {}
    for name in programs:
        program, chosen = _choose(name, entries, programs, notes)
        siblings = _siblings(chosen, entries, programs) if chosen else ()
        found[name] = replace(program, siblings=siblings)
    return Submission(path, found, _bounded(notes))


def _list(path: Path, into: Path) -> tuple[list[Entry], list[str]]:
    """List the files of a submission, and what was not looked at."""
    name = shown(str(path))
    try:
        is_folder, is_file = path.is_dir(), path.is_file()
        exists = path.exists()
    except (OSError, ValueError) as error:  # a parent that cannot be searched, a NUL in the name
        raise NotASubmission(f"{name} cannot be reached: check the path and its permissions.") from error
    if not exists:
        raise NotASubmission(f"{name} does not exist: check the path.")
    if is_folder:
        return walk(path)
    if is_file and _is_zip(path.name):
        return _unpacked(path.resolve(), into)
    if is_file and path.suffix.lower() == ".py":
        target = path.resolve()
        # What lies beside a single file may be another student's.
        return [Entry(path.name, "file", target, target.stat().st_size)], []
    raise NotASubmission(f"{name} is neither a folder, nor a zip, nor a .py file: give one of these.")


def _unpacked(archive: Path, into: Path, prefix: str = "") -> tuple[list[Entry], list[str]]:
    into.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="unpacked-", dir=into))
    special, notes = unpack(archive, folder)
    entries, more_notes = walk(folder, prefix)
    inside = f"{prefix}/" if prefix else ""
    return entries + [replace(entry, name=inside + entry.name) for entry in special], notes + more_notes


def _open_inner(name: str, archive: Path, into: Path) -> tuple[list[Entry], list[str]]:
    try:
        entries, notes = _unpacked(archive, into, prefix=name)
    except NotASubmission as problem:
        return [], [str(problem)]
    return entries, [f"The programs were looked for inside {shown(name)}.", *notes]


def _choose(
    name: str, entries: Sequence[Entry], programs: Sequence[str], notes: list[str]
) -> tuple[FoundProgram, Entry | None]:
    """Choose one program; adds to the notes what was passed over."""
    mine = [(entry, match) for entry in entries if (match := match_name(entry.base, programs)) is not None]
    mine = [(entry, match) for entry, match in mine if match.program == name]
    candidates = [
        _candidate(entry, entry.path, match.resubmission)
        for entry, match in mine
        if entry.kind == "file" and entry.path is not None
    ]
    if not candidates:
        return FoundProgram(name, None, f"{name}.py", _missing(name, [e for e, _ in mine], entries)), None
    candidates.sort(key=lambda each: (-each.resubmission, each.entry.depth, each.entry.name))
    best = candidates[0]
    path = shown(best.entry.name)
    others = [each for each in candidates[1:] if each.digest != best.digest]
    copies = [shown(each.entry.name) for each in candidates[1:] if each.digest == best.digest]
    notes += [f"{copy} is a copy of {path}." for copy in copies]
    for other in others:
        same_rank = (other.resubmission, other.entry.depth) == (best.resubmission, best.entry.depth)
        if same_rank:
            problem = (
                f"{name}.py is there more than once, with different contents: {path} and "
                f"{shown(other.entry.name)}. Hand in only the one to be graded."
            )
            return FoundProgram(name, None, path, problem), None
    for other in others:
        why = "was handed in later" if best.resubmission > other.resubmission else "is less deep in folders"
        notes.append(f"{path} was graded, not {shown(other.entry.name)}: it {why}.")
    if best.problem is not None:
        return FoundProgram(name, None if best.is_text else best.path, path, best.problem, best.is_text), None
    return FoundProgram(name, best.path, path), best.entry


def _candidate(entry: Entry, path: Path, resubmission: int) -> _Candidate:
    name = shown(entry.name)
    try:
        data = read_file(path, MAX_PROGRAM_BYTES + 1)
    except OSError as error:
        problem = f"{name} cannot be read ({error.strerror}): hand it in again."
        return _Candidate(entry, path, resubmission, entry.name, problem)
    if len(data) > MAX_PROGRAM_BYTES:
        problem = f"{name} has {entry.size:,} bytes, which is no program: hand in the Python text alone."
        return _Candidate(entry, path, resubmission, entry.name, problem)
    digest = hashlib.sha256(data).hexdigest()
    no_text = problem_of_text(data, name)
    return _Candidate(entry, path, resubmission, digest, no_text, is_text=no_text is None)


def _missing(name: str, mine: Sequence[Entry], entries: Sequence[Entry]) -> str:
    """Say that a program is not there, and what is there instead."""
    if mine:
        first = mine[0]
        if first.kind == "folder":
            return f"{shown(first.name)} is a folder, not a program: hand in the file itself."
        return f"{shown(first.name)} is a {first.kind}, which is not opened: hand in the file itself."
    files = sorted((e for e in entries if e.kind == "file"), key=lambda e: not e.base.endswith(".py"))
    listed = [shown(entry.name) for entry in files[:_MAX_LISTED]]
    if len(files) > len(listed):
        listed.append(f"and {len(files) - len(listed)} more")
    sentence = f"{name}.py is not in the submission; found: {', '.join(listed) or 'no files'}."
    meant = looks_like(name, (entry.base for entry in files))
    return f"{sentence} If {shown(meant)} is it, rename it to {name}.py." if meant else sentence


def _siblings(chosen: Entry, entries: Sequence[Entry], programs: Sequence[str]) -> tuple[Path, ...]:
    """Choose the files that go beside a program, Python modules first, within the bounds."""
    exact = {f"{name}.py" for name in programs}
    beside = [
        entry
        for entry in entries
        if entry.folder == chosen.folder
        and entry is not chosen
        and entry.kind == "file"
        and (entry.base in exact or not _matches(entry, programs))
    ]
    beside.sort(key=lambda entry: (not entry.base.endswith(".py"), entry.base))
    siblings: list[Path] = []
    left = _MAX_SIBLING_BYTES
    for entry in beside:
        if entry.path is not None and entry.size <= left and len(siblings) < _MAX_SIBLINGS:
            siblings.append(entry.path)
            left -= entry.size
    return tuple(siblings)


def _bounded(notes: Sequence[str]) -> tuple[str, ...]:
    each = tuple(dict.fromkeys(notes))
    more = len(each) - _MAX_NOTES
    return each if more <= 0 else (*each[:_MAX_NOTES], f"There are {more} more such notes.")


def _matches(entry: Entry, programs: Sequence[str]) -> bool:
    return match_name(entry.base, programs) is not None


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")
