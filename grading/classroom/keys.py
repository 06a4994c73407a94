"""By what a result is known again: what was handed in, and the checks that looked at it."""

from __future__ import annotations

import hashlib
import json
import sys
from functools import lru_cache
from pathlib import Path

from grading.classroom.students import Student
from grading.classroom.task import Manner

_GRADING = Path(__file__).parent.parent
_NO_VERDICTS = ("reports", "classroom", "platforms", "__main__.py")
"""What of ``grading/`` has no part in a verdict."""


@lru_cache(maxsize=1)
def checks_version() -> str:
    """Hash all that has a part in a verdict: our code, the reference solutions, the version of Python."""
    ours = [path for path in _GRADING.rglob("*.py") if path.relative_to(_GRADING).parts[0] not in _NO_VERDICTS]
    ours += [*_GRADING.rglob("*.bpf"), *(_GRADING.parent / "solutions").rglob("*.py")]
    return _hash_of(ours)


def reports_version() -> str:
    """Hash all that has a part in how a report looks."""
    return _hash_of([path for path in (_GRADING / "reports").rglob("*.*") if path.suffix != ".pyc"])


def _hash_of(files: list[Path]) -> str:
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(_GRADING.parent).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:16]


def content_of(submission: bytes) -> str:
    """Hash what was handed in."""
    return hashlib.sha256(submission).hexdigest()[:32]


def key_of(student: Student, content: str, seed: int, manner: Manner, notes: tuple[str, ...]) -> str:
    """Hash all that a student's result hangs on: with the same key it is the same result."""
    known = [student.id, student.name, student.file, content, seed, manner.version, manner.isolation, manner.deadline]
    return hashlib.sha256(json.dumps([*known, *notes]).encode()).hexdigest()[:32]
