"""Which program a file name stands for, after what learning systems and browsers do to names.

========================  ===========================================================
as written                ``udp_server.py``, in any case
Canvas                    ``doejane_LATE_4711_90210_udp_server.py``, ``udp_server-1.py``
Moodle                    ``Jane Doe_4711_assignsubmission_file_udp_server.py``
a browser's second copy   ``udp_server (1).py``, ``udp_server(1).py``
========================  ===========================================================

A name with anything else around it, such as ``my_old_udp_server_backup.py``, is another file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST_NAME = 255
"""Longer names are matched by nothing: no file system has them, and patterns need a bound."""

_PREFIX = r"(?:.+_[0-9]+_assignsubmission_(?:file|onlinetext)_|.+?_(?:late_)?[0-9]+_[0-9]+_)?"
_SUFFIX = r"(?:-(?P<again>[0-9]{1,6}))?(?:[ _]?\([0-9]{1,6}\))?\.py"


@dataclass(frozen=True)
class NameMatch:
    """The program that a file name stands for."""

    program: str
    resubmission: int
    """The number that Canvas adds to a file handed in again; 0 for the first."""


def match_name(file_name: str, programs: Sequence[str]) -> NameMatch | None:
    """Say which of the programs (names without ``.py``) a file name stands for, if any."""
    if not programs or len(file_name) > LONGEST_NAME:
        return None
    match = _pattern(tuple(programs)).fullmatch(file_name)
    if match is None:
        return None
    return NameMatch(
        program=next(name for name in programs if name.lower() == match["program"].lower()),
        resubmission=int(match["again"] or 0),
    )


def looks_like(program: str, file_names: Iterable[str]) -> str | None:
    """Find a name that was probably meant: ``UDPServer.py`` or ``udp_server.py.txt``."""
    wanted = _letters(program)
    for name in file_names:
        parts = name.split(".")
        if _letters(parts[0]) == wanted and {part.lower() for part in parts[1:]} <= {"py", "txt", "ipynb"}:
            return name
    return None


def shown(name: str) -> str:
    """Show a name on one line: what does not print is escaped."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in name)


@lru_cache(maxsize=8)
def _pattern(programs: tuple[str, ...]) -> re.Pattern[str]:
    alternatives = "|".join(re.escape(program) for program in programs)
    return re.compile(f"{_PREFIX}(?P<program>{alternatives}){_SUFFIX}", re.IGNORECASE | re.ASCII | re.DOTALL)


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
