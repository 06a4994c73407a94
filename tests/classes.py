"""Classes to be found and packed: trees of files by path, on disk and as zips."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from grading.classroom.packing import pack
from grading.classroom.students import FoundClass, Student
from grading.submission import open_submission

PROGRAMS = ("udp_client", "udp_server", "tcp_client", "tcp_server")
TEXT = b"import socket\n"

Files = Mapping[str, bytes]


def tree(root: Path, files: Files) -> Path:
    """Write files by path; a path that ends with a slash is an empty folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return root


def zipped(path: Path, files: Files) -> Path:
    """Write a zip with entries of these names, whatever they are."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def by_id(found: FoundClass) -> dict[str, Student]:
    """Give the students by id, each of whom is there once."""
    students = {student.id: student for student in found.students}
    assert len(students) == len(found.students)
    assert len({student.file.lower() for student in found.students}) == len(students)
    return students


def programs_of(student: Student, work: Path) -> dict[str, str]:
    """Give what the grader takes of a student's submission: each program's path in it."""
    work.mkdir(parents=True, exist_ok=True)
    path = work / f"{student.file}.zip"
    path.write_bytes(pack(student))
    opened = open_submission(path, PROGRAMS, work)
    return {name: found.shown for name, found in opened.programs.items() if found.problem is None}
