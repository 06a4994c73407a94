"""The files of a submission as a list, made without following or opening any of them."""

from __future__ import annotations

import os
import stat
from collections import deque
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grading.submission.names import shown

MAX_ENTRIES = 1_000
MAX_DEPTH = 20
IGNORED = frozenset({"__pycache__", "__MACOSX", "venv", "node_modules"})
"""Folders that hold nothing a student wrote; hidden files and folders are passed over too."""


class NotASubmission(Exception):  # noqa: N818  it says what the path is not; nothing went wrong in here
    """What was named cannot be graded at all; the message says, in a sentence, what to do."""


@dataclass(frozen=True)
class Entry:
    """One file or folder of a submission."""

    name: str
    """Path relative to the submission, parts joined by ``/``, as it is (not escaped)."""
    kind: str
    """``file``, ``folder``, or what it is instead, such as ``symbolic link``."""
    path: Path | None
    """Where it is; ``None`` for a link in a zip, which is not unpacked."""
    size: int = 0
    """Bytes of a file."""

    @property
    def base(self) -> str:
        """Its own name, without its folders."""
        return self.name.rpartition("/")[2]

    @property
    def folder(self) -> str:
        """The path of the folder it lies in."""
        return self.name.rpartition("/")[0]

    @property
    def depth(self) -> int:
        """How many folders it lies in."""
        return self.name.count("/")


def is_ignored(part: str) -> bool:
    """Say whether a file or folder of this name is passed over."""
    return part.startswith(".") or part in IGNORED


def walk(root: Path, prefix: str = "") -> tuple[list[Entry], list[str]]:
    """List what is below a folder, the shallowest first, and say what was not looked at.

    At most ``MAX_ENTRIES`` are looked at, ``MAX_DEPTH`` folders deep. Raises ``NotASubmission`` where
    the folder itself cannot be read.
    """
    entries: list[Entry] = []
    notes: list[str] = []
    folders = deque([(root, prefix, 0)])
    left = MAX_ENTRIES
    while folders:
        folder, name, depth = folders.popleft()
        try:
            with os.scandir(folder) as listing:
                children = list(islice(listing, left + 1))
        except OSError as error:
            if folder == root:
                message = f"{shown(str(root))} cannot be read ({error.strerror}): check its permissions."
                raise NotASubmission(message) from error
            notes.append(f"The folder {shown(name)} could not be read ({error.strerror}).")
            continue
        if len(children) > left:
            notes.append(f"There are more than {MAX_ENTRIES:,} files and folders: not all were looked at.")
            folders.clear()
            del children[left:]
        left -= len(children)
        for child in sorted(children, key=lambda child: child.name):
            if is_ignored(child.name):
                continue
            entry = _entry(child, f"{name}/{child.name}" if name else child.name)
            entries.append(entry)
            if entry.kind == "folder" and depth + 1 < MAX_DEPTH:
                folders.append((Path(child.path), entry.name, depth + 1))
            elif entry.kind == "folder":
                notes.append(f"Folders more than {MAX_DEPTH} deep were not looked at.")
    return entries, list(dict.fromkeys(notes))


def kind_of(mode: int) -> str:
    """Name what a file mode stands for, in the words of the notes."""
    if stat.S_ISREG(mode):
        return "file"
    if stat.S_ISDIR(mode):
        return "folder"
    if stat.S_ISLNK(mode):
        return "symbolic link"
    if stat.S_ISFIFO(mode):
        return "named pipe"
    return "device" if stat.S_ISCHR(mode) or stat.S_ISBLK(mode) else "special file"


def read_file(path: Path, at_most: int) -> bytes:
    """Read a regular file, up to ``at_most`` bytes; raises ``OSError`` for anything else.

    The file may have become something else since it was listed: a link is not followed, and a pipe
    does not block.
    """
    flags = os.O_RDONLY
    for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
        flags |= int(getattr(os, name, 0))
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(0, "it is not a file")
        return file.read(at_most)


def _entry(child: os.DirEntry[str], name: str) -> Entry:
    try:
        info = child.stat(follow_symlinks=False)
    except OSError:
        return Entry(name, "unreadable file", None)
    kind = kind_of(info.st_mode)
    if kind == "folder" and getattr(child, "is_junction", bool)():
        kind = "symbolic link"
    return Entry(name, kind, Path(child.path), info.st_size)
