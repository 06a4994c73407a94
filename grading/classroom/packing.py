"""Packs what one student handed in: the bytes of a zip that `grading.submission.open_submission` opens.

The verdict and the notes are to be those that the same submission gets alone. So this room decides as little as it can:

- a zip that a student handed in is passed on as it is;
- anything else becomes a zip with the same paths, whatever is no file among them as an entry that says what it is;
- what is passed over anyway (``.git``, ``venv`` and the like) stays where it is;
- where all of it would be too much, what no program can need stays behind first, and a note says so.

The same files give the same bytes, on every machine: entries are sorted, without times, and stored uncompressed.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from grading.classroom.places import OnDisk, Place
from grading.classroom.students import Part, Student, Unreadable
from grading.submission.archive import MAX_BYTES, MAX_PACKED
from grading.submission.names import shown
from grading.submission.source import MAX_PROGRAM_BYTES
from grading.submission.tree import MAX_DEPTH, MAX_ENTRIES, NotASubmission, is_ignored, walk

ARCHIVES = (".7z", ".bz2", ".gz", ".rar", ".tar", ".tgz", ".xz")
"""Endings of archives that are not opened."""
_MOST_LISTED = 5
_MODES = {
    "file": stat.S_IFREG | 0o644,
    "folder": stat.S_IFDIR | 0o755,
    "symbolic link": stat.S_IFLNK | 0o777,
    "named pipe": stat.S_IFIFO | 0o644,
    "device": stat.S_IFCHR | 0o644,
}
_OTHER_MODE = stat.S_IFSOCK | 0o644
"""Of any other kind: it is listed as a special file."""


class Packed(bytes):
    """The bytes of a zip, and what there is to say about the submission that they do not say themselves."""

    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Entry:
    """One file, folder or special file on its way into the zip."""

    path: str
    place: Place
    cut: bool = False
    """Whether its beginning is enough to see that it is too large for a program."""

    @property
    def base(self) -> str:
        return self.path.rpartition("/")[2]

    @property
    def folder(self) -> str:
        return self.path.rpartition("/")[0]

    @property
    def needed(self) -> bool:
        """Whether it is, or holds, what may be a program."""
        return self.path.lower().endswith((".py", ".zip"))


def pack(student: Student) -> Packed:
    """Read what a student handed in. Raises `Unreadable` for what cannot be graded at all."""
    notes = [*student.notes]
    only = student.parts[0].place if len(student.parts) == 1 else None
    if only and only.kind not in ("file", "folder"):
        raise Unreadable(
            f"{shown(only.name)} is a {only.kind}, which is not opened: put what it stands for in its place."
        )
    if only and only.kind == "file" and only.name.lower().endswith(ARCHIVES):
        raise Unreadable(f"{shown(only.name)} is an archive of a kind that is not opened: ask for a zip.")
    if only and only.kind == "file" and only.name.lower().endswith(".zip"):
        data = _read(only, only.name, MAX_PACKED)
    else:
        entries = _collect(student.parts, notes)
        if not any(entry.place.kind != "folder" for entry in entries):
            raise Unreadable(f"{shown(student.name)} holds no files: ask for the programs.")
        data = _zip_of(_fitting(entries, notes), notes)
    packed = Packed(data)
    packed.notes = tuple(dict.fromkeys(notes))
    return packed


def _collect(parts: Sequence[Part], notes: list[str]) -> list[_Entry]:
    """List everything that was handed in, each at its path in the submission."""
    found = [(part, _entries_of(part, notes)) for part in parts]
    times = Counter(entry.path for _, entries in found for entry in entries)
    files = {entry.path for _, entries in found for entry in entries if entry.place.kind != "folder"}
    taken: dict[str, _Entry] = {}
    for part, entries in found:
        # Two of one path are both handed in, side by side: which one counts is not for this room to say.
        doubled = any(times[entry.path] > 1 and entry.path in files for entry in entries)
        inside = f"{part.place.name}/" if doubled else ""
        for entry in entries:
            taken.setdefault(inside + entry.path, replace(entry, path=inside + entry.path))
    if len(taken) > MAX_ENTRIES:
        raise Unreadable(f"It has more than {MAX_ENTRIES:,} files and folders: ask for the programs alone.")
    for entry in taken.values():
        _refuse(entry.path, entry.place)
        if entry.place.again:
            notes.append(f"{shown(entry.path)} is in the download more than once: the last one was taken.")
    return [taken[path] for path in sorted(taken)]


def _entries_of(part: Part, notes: list[str]) -> list[_Entry]:
    place = part.place
    if place.kind == "folder":
        below = [*_below(place, notes)]
        return [replace(entry, path=f"{part.name}/{entry.path}") for entry in below] if part.name else below
    return [_Entry(part.name or place.name, place)]


def _refuse(path: str, place: Place) -> None:
    if place.refused:
        raise Unreadable(f"{shown(path)} {shown(place.refused)}: ask for the programs alone.")


def _below(root: Place, notes: list[str]) -> Iterator[_Entry]:
    _refuse(root.name, root)
    if isinstance(root, OnDisk):
        try:
            entries, more = walk(root.path)
        except NotASubmission as problem:
            why = getattr(problem.__cause__, "strerror", None) or "it is gone"
            raise Unreadable(f"{shown(root.name)} cannot be read ({why}): check its permissions.") from problem
        notes += more
        for each in entries:
            # Only what is a file is read, and what is one has a path.
            yield _Entry(each.name, OnDisk(each.path or root.path, each.kind, each.size))
        return
    folders = deque([(root, "", 0)])
    left = MAX_ENTRIES
    while folders:
        folder, path, depth = folders.popleft()
        for child in folder.children():
            if is_ignored(child.name):
                continue
            left -= 1
            if left < 0:
                raise Unreadable(f"It has more than {MAX_ENTRIES:,} files and folders: ask for the programs alone.")
            yield (entry := _Entry(f"{path}/{child.name}" if path else child.name, child))
            if child.kind == "folder" and depth + 1 < MAX_DEPTH:
                folders.append((child, entry.path, depth + 1))
            elif child.kind == "folder":
                notes.append(f"Folders more than {MAX_DEPTH} deep were not looked at.")


def _fitting(entries: Sequence[_Entry], notes: list[str]) -> list[_Entry]:
    """Leave behind what no program can need, where all of it would be more than a submission may have."""
    files = [entry for entry in entries if entry.place.kind == "file"]
    if sum(entry.place.size for entry in files) <= MAX_BYTES:
        return [*entries]
    homes = {entry.folder for entry in files if entry.base.lower().endswith(".py")}

    def need(entry: _Entry) -> tuple[bool, bool, bool, bool, str]:
        # As `grading.submission` chooses: programs, then what lies beside them, modules first.
        python = entry.base.lower().endswith(".py")
        return entry.place.size > MAX_PROGRAM_BYTES, not entry.needed, entry.folder not in homes, not python, entry.path

    kept: dict[str, _Entry] = {}
    left = MAX_BYTES
    behind: list[str] = []
    for entry in sorted(files, key=need):
        cut = entry.place.size > MAX_PROGRAM_BYTES and entry.base.lower().endswith(".py")
        size = MAX_PROGRAM_BYTES + 1 if cut else entry.place.size
        if size <= left:
            kept[entry.path] = replace(entry, cut=cut)
            left -= size
        elif entry.needed and entry.place.size <= MAX_BYTES:
            raise Unreadable(
                f"More than {MAX_BYTES // 1_000_000} MB were handed in, {shown(entry.path)} among them: "
                "ask for the programs alone."
            )
        else:
            behind.append(shown(entry.path))
    notes += [
        f"{shown(entry.path)} has {entry.place.size:,} bytes, of which only the beginning was looked at."
        for entry in kept.values()
        if entry.cut
    ]
    if behind:
        notes.append(_left_out(behind))
    return [kept.get(entry.path, entry) for entry in entries if entry.place.kind != "file" or entry.path in kept]


def _left_out(behind: Sequence[str]) -> str:
    more = len(behind) - _MOST_LISTED
    listed = ", ".join(behind[:_MOST_LISTED]) + (f" and {more} more" if more > 0 else "")
    return f"More than {MAX_BYTES // 1_000_000} MB were handed in; left out, as no program was: {listed}."


def _zip_of(entries: Sequence[_Entry], notes: list[str]) -> bytes:
    names: set[str] = set()
    target = io.BytesIO()
    left = MAX_BYTES
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            name = _travelling(entry.path)
            while name in names:
                name += "_"
            names.add(name)
            kind, data = entry.place.kind, b""
            if kind == "file":
                try:
                    data = _read(entry.place, entry.path, left, cut=entry.cut)
                except Unreadable as problem:
                    if entry.needed or not isinstance(problem.__cause__, OSError):
                        raise
                    notes.append(str(problem))
                    continue
            left -= len(data)
            info = zipfile.ZipInfo(name + "/" * (kind == "folder"))
            info.create_system = 3  # the modes are those of Unix, wherever this runs
            info.external_attr = _MODES.get(kind, _OTHER_MODE) << 16
            archive.writestr(info, data)
    return target.getvalue()


def _read(place: Place, path: str, at_most: int, *, cut: bool = False) -> bytes:
    _refuse(path, place)
    try:
        data = place.read(MAX_PROGRAM_BYTES + 1 if cut else at_most + 1)
    except OSError as error:
        why = error.strerror or "it is broken"
        raise Unreadable(f"{shown(path)} cannot be read ({why}): check it and its permissions.") from error
    if len(data) > at_most:
        raise Unreadable(
            f"{shown(path)} has more than {max(at_most, MAX_BYTES) // 1_000_000} MB: ask for the programs alone."
        )
    return data


def _travelling(path: str) -> str:
    r"""Write a path as any zip may have it: no backslash, no drive, no half of a character.

    No file of the labs has such a name.
    """
    path = re.sub(r"^([A-Za-z]):", r"\1%3A", path)
    return re.sub(r"[\\\ud800-\udfff]", lambda found: f"%{ord(found[0]):02X}", path)
