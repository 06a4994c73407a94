"""Zips that are the same, byte for byte, wherever and whenever they are made from the same files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can name
_UNIX = 3
_FILE, _PROGRAM = 0o100644, 0o100755


@dataclass(frozen=True)
class Entry:
    """One file of a package."""

    name: str
    """Where it goes, parts joined by ``/``."""
    data: bytes
    executable: bool = False


def zipped(entries: Iterable[Entry]) -> bytes:
    """Pack files, in the order of their names, without anything of the machine that packs them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry in sorted(entries, key=lambda entry: entry.name):
            info = zipfile.ZipInfo(entry.name, _LONG_AGO)
            info.create_system = _UNIX
            info.external_attr = (_PROGRAM if entry.executable else _FILE) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, entry.data)
    return packed.getvalue()
