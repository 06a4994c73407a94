"""Unpacks a zip that nobody vouches for.

``extractall`` trusts too much: sizes from headers, names, modes. Here every byte is counted as it comes
out of the decompressor, a name has to stay in its folder, and a link stays a note.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path

from grading.submission.names import shown
from grading.submission.tree import MAX_ENTRIES, Entry, NotASubmission, is_ignored, kind_of, read_file

MAX_BYTES = 20_000_000
MAX_PACKED = 25_000_000
_CHUNK = 65_536
_CENTRAL_HEADER = b"PK\x01\x02"
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError,
           OverflowError, IndexError, KeyError)  # fmt: skip
"""What ``zipfile`` has been seen to raise for bytes that are no zip."""
_BAD_NAME = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ, errno.EEXIST, errno.ENOENT,
                       errno.ENOTDIR, errno.EISDIR})  # fmt: skip


def unpack(archive: Path, into: Path) -> tuple[list[Entry], list[str]]:
    """Unpack a zip into an empty folder.

    Returns the entries that are no files (links and the like), which are not unpacked, and notes. Raises
    ``NotASubmission`` where the zip is broken, encrypted, empty or too large, or has an entry that would
    land outside its folder; ``OSError`` where the folder cannot be written.
    """
    name = shown(archive.name)
    try:
        packed = read_file(archive, MAX_PACKED + 1)
    except OSError as error:
        raise NotASubmission(f"{name} cannot be read ({error.strerror}): check its permissions.") from error
    if len(packed) > MAX_PACKED:
        raise NotASubmission(_too_large(name))
    # The directory of a zip is read whole by zipfile, before its entries can be counted.
    if packed.count(_CENTRAL_HEADER) > 10 * MAX_ENTRIES:
        raise NotASubmission(_too_many(name))
    try:
        opened = zipfile.ZipFile(io.BytesIO(packed))
    except BROKEN as error:
        raise NotASubmission(_broken(name)) from error
    with opened:
        infos = opened.infolist()
        _refuse(name, infos)
        return _unpack_entries(opened, infos, into, name)


def _refuse(name: str, infos: list[zipfile.ZipInfo]) -> None:
    """Refuse a zip for what its directory says."""
    if len(infos) > MAX_ENTRIES:
        raise NotASubmission(_too_many(name))
    for info in infos:
        if _leaves_its_folder(info.orig_filename):
            raise NotASubmission(
                f"{name} has an entry that would land outside its folder ({shown(info.orig_filename)}): "
                "zip the programs again with the system's own tool."
            )
        if info.flag_bits & 0x1:
            raise NotASubmission(f"{name} is encrypted: zip the programs again without a password.")
        # zipfile bounds only these two while it unpacks; a kilobyte of the others can fill the memory.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotASubmission(
                f"{name} is compressed in an unusual way: zip the programs again with the system's own tool."
            )


def _unpack_entries(
    opened: zipfile.ZipFile, infos: list[zipfile.ZipInfo], into: Path, name: str
) -> tuple[list[Entry], list[str]]:
    special: list[Entry] = []
    notes: list[str] = []
    left = MAX_BYTES
    last = {info.filename: info for info in infos}
    for info in infos:
        data = _read(opened, info, left, name)
        left -= len(data)
        parts = [part for part in info.filename.split("/") if part not in ("", ".")]
        mode = info.external_attr >> 16
        if any(is_ignored(part) for part in parts) or not parts:
            continue
        if last[info.filename] is not info:
            notes.append(f"{shown(info.filename)} is in {name} more than once: the last one was taken.")
        elif stat.S_IFMT(mode) and kind_of(mode) not in ("file", "folder"):
            special.append(Entry("/".join(parts), kind_of(mode), None))
        elif not _write(into.joinpath(*parts), None if info.is_dir() else data):
            notes.append(f"{shown(info.filename)} could not be unpacked under that name.")
    return special, list(dict.fromkeys(notes))


def _read(opened: zipfile.ZipFile, info: zipfile.ZipInfo, at_most: int, name: str) -> bytes:
    if info.is_dir():
        return b""
    data = bytearray()
    try:
        with opened.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                data += chunk
                if len(data) > at_most:
                    break
    except BROKEN as error:
        raise NotASubmission(_broken(name)) from error
    if len(data) > at_most:
        raise NotASubmission(_too_large(name))
    return bytes(data)


def _write(target: Path, data: bytes | None) -> bool:
    """Write a file, or make a folder (``None``); False where the file system cannot have that name."""
    try:
        if data is None:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                file.write(data)
    except UnicodeEncodeError:
        return False
    except OSError as error:
        if error.errno in _BAD_NAME:
            return False
        raise  # a full disk is nothing that a student did
    return True


def _leaves_its_folder(entry: str) -> bool:
    return (
        entry.startswith("/")
        or "\\" in entry
        or "\0" in entry
        or ".." in entry.split("/")
        or re.match(r"[A-Za-z]:", entry) is not None
        or (os.name == "nt" and ":" in entry)
    )


def _broken(name: str) -> str:
    return f"{name} is broken or not a zip at all: zip the programs again."


def _too_many(name: str) -> str:
    return f"{name} has more than {MAX_ENTRIES:,} entries: zip the programs alone."


def _too_large(name: str) -> str:
    return f"{name} unpacks to more than {MAX_BYTES // 1_000_000} MB: zip the programs alone."
