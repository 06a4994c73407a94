"""Where the files of a class lie: on disk, or inside a bulk download, which is not unpacked.

A place is a file, a folder, or what is neither and is never opened. Both kinds have one interface, so that a layout
is recognised alike in a folder and in a zip of that folder. Nothing is read before it is asked for.
"""

from __future__ import annotations

import os
import re
import stat
import threading
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

from grading.submission.archive import BROKEN
from grading.submission.tree import MAX_DEPTH, kind_of, read_file

MOST_ENTRIES = 1_000_000
"""Entries of a bulk download: a department's, a hundred times over."""
_DEEPEST = 2 * MAX_DEPTH
"""Folders of an entry that make places: a name has room for thousands, and nothing looks so deep."""
_CHUNK = 65_536
_UTF_8 = 0x800
_ENCRYPTED = 0x1
_UNICODE_PATH = 0x7075


class Place(Protocol):
    """A file or a folder of a class."""

    @property
    def name(self) -> str:
        """Its own name, as text that can be written anywhere."""

    @property
    def kind(self) -> str:
        """``file``, ``folder``, or what it is instead, such as ``symbolic link``."""

    @property
    def size(self) -> int:
        """Bytes of a file, as somebody claims."""

    @property
    def refused(self) -> str:
        """Why nothing of it may be taken, as the end of a sentence; mostly empty."""

    @property
    def again(self) -> bool:
        """Whether others of the same path were passed over."""

    def children(self) -> list[Place]:
        """List a folder, sorted by name. Raises ``OSError``."""

    def read(self, at_most: int) -> bytes:
        """Read a file, up to ``at_most`` bytes. Raises ``OSError``."""


@dataclass(frozen=True)
class OnDisk:
    """A place in the file system."""

    path: Path
    kind: str
    size: int = 0
    refused: str = ""
    again: bool = False

    @property
    def name(self) -> str:
        return readable(self.path.name)

    def children(self) -> list[Place]:
        with os.scandir(self.path) as listing:
            found = [_on_disk(child) for child in listing]
        return [*sorted(found, key=lambda place: place.path.name)]

    def read(self, at_most: int) -> bytes:
        return read_file(self.path, at_most)


@dataclass(eq=False, slots=True)
class InZip:
    """A place inside a zip."""

    bulk: Bulk
    name: str
    kind: str = "folder"
    size: int = 0
    refused: str = ""
    info: zipfile.ZipInfo | None = field(default=None, repr=False)
    below: dict[str, InZip] = field(default_factory=dict, repr=False)
    again: bool = False
    """Whether there are several entries of its name; it is the last one."""

    def become(self, info: zipfile.ZipInfo) -> None:
        """Be what an entry says."""
        mode = info.external_attr >> 16
        self.again = self.info is not None
        self.kind = kind_of(mode) if stat.S_IFMT(mode) else "file"
        self.size, self.info, self.refused = info.file_size, info, ""
        if info.flag_bits & _ENCRYPTED:
            self.refused = "is encrypted"
        elif info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            # zipfile bounds only these two while it unpacks; a kilobyte of the others can fill the memory.
            self.refused = "is compressed in an unusual way"

    def check(self) -> None:
        """Refuse what would have to be two things."""
        if self.info is not None and self.below:
            self.refused = "is a file and a folder at once"

    def children(self) -> list[Place]:
        return [self.below[name] for name in sorted(self.below)]

    def read(self, at_most: int) -> bytes:
        if self.info is None:
            return b""
        return self.bulk.read(self.info, at_most)


class Bulk:
    """A zip of a whole class: its directory is read, its entries only when they are asked for."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises ``OSError`` or ``ValueError`` for what is no zip."""
        self.path = path
        self._lock = threading.Lock()
        try:
            self._opened = zipfile.ZipFile(path)
        except OSError:
            raise
        except BROKEN as error:
            raise ValueError(str(error)) from error
        if len(self._opened.filelist) > MOST_ENTRIES:
            raise ValueError(f"more than {MOST_ENTRIES:,} entries")

    @cached_property
    def root(self) -> InZip:
        """All entries as a tree. An entry that would lie outside it has a name of its own at the top."""
        root = InZip(self, readable(self.path.name))
        for info in self._opened.filelist:
            self._plant(root, info)
        return root

    def _plant(self, root: InZip, info: zipfile.ZipInfo) -> None:
        name = readable(name_of(info))
        parts = [part for part in re.split(r"[/\\]", name) if part not in ("", ".")]
        if not parts:
            return
        if name.startswith(("/", "\\")) or parts[0] == ".." or "\0" in parts[0] or re.match("[A-Za-z]:", name):
            root.below[name] = InZip(self, name, "file that would land outside")
            return
        parts[_DEEPEST:] = ["/".join(parts[_DEEPEST:])] * bool(parts[_DEEPEST:])
        here, passed = root, [root]
        for part in parts[:-1]:
            if part == "..":
                break
            here = here.below.setdefault(part, InZip(self, part))
            passed.append(here)
        if ".." in parts or "\0" in name:
            here.refused = f"has an entry that would land outside its folder ({name})"
            return
        leaf = here.below.setdefault(parts[-1], InZip(self, parts[-1]))
        if not (info.is_dir() or name.endswith("\\")):
            leaf.become(info)
        for place in (*passed, leaf):
            place.check()

    def read(self, info: zipfile.ZipInfo, at_most: int) -> bytes:
        """Read an entry, counting what comes out of it, whatever its header claims."""
        data = bytearray()
        try:
            with self._lock, self._opened.open(info) as stream:
                while len(data) < at_most and (chunk := stream.read(min(_CHUNK, at_most - len(data)))):
                    data += chunk
        except BROKEN as error:
            raise OSError(0, "it is broken in the zip") from error
        return bytes(data)


def on_disk(path: Path) -> OnDisk:
    """Give the place that an instructor named: a link that stands there is followed. Raises ``OSError``."""
    real = path.resolve(strict=True)
    info = real.stat()
    return OnDisk(real, kind_of(info.st_mode), info.st_size)


def name_of(info: zipfile.ZipInfo) -> str:
    """Give the name of an entry as it was meant.

    A name is UTF-8 where its flag or its Unicode extra field says so, and code page 437 by the letter of the format;
    the zips of macOS hold UTF-8 and no flag.
    """
    name = info.orig_filename
    if info.flag_bits & _UTF_8:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for candidate in (_unicode_path(info.extra, raw), raw):
        try:
            if candidate:
                return candidate.decode()
        except UnicodeDecodeError:
            continue
    return name


def _unicode_path(extra: bytes, raw: bytes) -> bytes:
    """Give the name in Info-ZIP's extra field, where it belongs to this name."""
    while len(extra) >= 4:
        kind, length = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        content, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and content[:1] == b"\1":
            return content[5:] if int.from_bytes(content[1:5], "little") == zlib.crc32(raw) else b""
    return b""


def readable(name: str) -> str:
    """Make text of a name that holds bytes which are no text."""
    return name.encode("utf-8", "backslashreplace").decode()


def _on_disk(child: os.DirEntry[str]) -> OnDisk:
    try:
        info = child.stat(follow_symlinks=False)
    except OSError:
        return OnDisk(Path(child.path), "unreadable file")
    kind = kind_of(info.st_mode)
    if kind == "folder" and getattr(child, "is_junction", bool)():
        kind = "symbolic link"
    return OnDisk(Path(child.path), kind, info.st_size)
