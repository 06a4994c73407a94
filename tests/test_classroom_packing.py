"""Packing: what a student handed in gets the verdict and the notes that it gets alone, and nothing hostile gets out."""

from __future__ import annotations

import io
import os
import pickle
import re
import shutil
import stat
import struct
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.classroom.layouts import find_class
from grading.classroom.packing import Packed, pack
from grading.classroom.places import OnDisk
from grading.classroom.students import Part, Student, Unreadable
from grading.submission import NotASubmission, Submission, open_submission
from tests.classes import PROGRAMS, TEXT, by_id, tree, zipped

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX file systems have")

OTHER = b"import socket  # another\n"


def student_of(folder: Path) -> Student:
    return Student("jane", "jane", "jane", (Part(OnDisk(folder, "folder"), ""),))


def bulk_student(path: Path, files: Mapping[str, bytes]) -> Student:
    """Give the student jane of a bulk download, in which she has these files."""
    inside = {f"jane/{name}": content for name, content in files.items()}
    return by_id(find_class(zipped(path, {**inside, "bob/udp_server.py": TEXT, "ann/udp_server.py": TEXT}), PROGRAMS))[
        "jane"
    ]


def opened(data: bytes, into: Path) -> Submission:
    path = Path(tempfile.mkdtemp(dir=into)) / "submission.zip"
    path.write_bytes(data)
    return open_submission(path, PROGRAMS, into)


def told(submission: Submission) -> tuple[object, ...]:
    """Give all that a submission's verdicts and notes hang on."""
    programs = {
        name: (
            found.shown,
            found.problem,
            found.is_text,
            found.path.read_bytes() if found.path else None,
            [(path.name, path.read_bytes()) for path in found.siblings],
        )
        for name, found in submission.programs.items()
    }
    return programs, sorted(submission.notes)


def unreadable(student: Student) -> str:
    with pytest.raises(Unreadable) as caught:
        pack(student)
    assert "\n" not in str(caught.value)
    return str(caught.value)


inner = io.BytesIO()
with zipfile.ZipFile(inner, "w") as made:
    made.writestr("lab/udp_server.py", TEXT)
INNER = inner.getvalue()

CASES: dict[str, dict[str, bytes]] = {
    "all four": {f"{name}.py": TEXT for name in PROGRAMS},
    "in folders": {"lab1_udp/udp_server.py": TEXT, "lab2_tcp/tcp_server.py": TEXT, "README.md": b""},
    "a module beside": {"udp_server.py": TEXT, "helper.py": b"X = 1\n", "data.txt": b"x", "deep/helper.py": b""},
    "copies": {"udp_server.py": TEXT, "copy/udp_server.py": TEXT},
    "the less deep": {"udp_server.py": TEXT, "old/udp_server.py": OTHER},
    "a tie": {"a/udp_server.py": TEXT, "b/udp_server.py": OTHER},
    "a resubmission": {"udp_server.py": TEXT, "udp_server-1.py": OTHER},
    "no program": {"udpserver.py": TEXT, "notes.txt": b"", "image.png": b"\x89PNG"},
    "not text": {"udp_server.py": b"\xff\xfei\0m\0", "udp_client.py": b"# caf\xe9\n", "tcp_server.py": b"a\0b"},
    "too large a program": {"udp_server.py": b"#" * 1_000_001, "udp_client.py": TEXT},
    "a folder of a program's name": {"udp_server.py/": b"", "udp_client.py/x": b""},
    "empty folders": {"empty/": b"", "udp_server.py": TEXT},
    "one zip": {"lab.zip": INNER, "README.md": b""},
    "a broken zip": {"lab.zip": b"PK no"},
    "two zips": {"lab1.zip": INNER, "lab2.zip": INNER},
    "a zip beside programs": {"udp_server.py": TEXT, "lab.zip": INNER},
    "names in any script": {"Übung/udp_server.py": TEXT, "作业/tcp_server.py": TEXT, "Übung/Ђ.py": b""},
    "ignored": {
        ".git/udp_server.py": OTHER,
        "venv/udp_server.py": OTHER,
        "__pycache__/x.pyc": b"",
        "udp_server.py": TEXT,
    },
    "a large file": {"udp_server.py": TEXT, "core": b"\0" * 2_000_000},
    "deep": {"/".join("abcdefghijklmnopqrstuvwxyz") + "/udp_server.py": TEXT, "udp_client.py": TEXT},
    "names of systems": {"doe_1_2_udp_server.py": TEXT, "J D_1_assignsubmission_file_tcp_server.py": TEXT},
    "odd names": {"a\nb.py": b"", "=1+1.py": b"", "<b>.py": b"", "udp_server (1).py": TEXT},
}


class TestAsAlone:
    @pytest.mark.parametrize("case", CASES)
    def test_a_folder(self, case: str, tmp_path: Path) -> None:
        folder = tree(tmp_path / "jane", CASES[case])
        alone = told(open_submission(folder, PROGRAMS, tmp_path / "alone"))
        assert told(opened(pack(student_of(folder)), tmp_path)) == alone

    @pytest.mark.parametrize("case", CASES)
    def test_a_folder_of_a_bulk_download(self, case: str, tmp_path: Path) -> None:
        folder = tree(tmp_path / "jane", CASES[case])
        alone = told(open_submission(folder, PROGRAMS, tmp_path / "alone"))
        assert told(opened(pack(bulk_student(tmp_path / "class.zip", CASES[case])), tmp_path)) == alone

    @pytest.mark.parametrize("case", CASES)
    def test_a_zip(self, case: str, tmp_path: Path) -> None:
        path = zipped(tmp_path / "jane.zip", CASES[case])
        students = by_id(find_class(tree(tmp_path, {"bob.zip": b""}), PROGRAMS))
        data = pack(students["jane"])
        assert data == path.read_bytes()

    names = st.sampled_from([
        "udp_server.py", "UDP_SERVER.PY", "udp_server-1.py", "udp_server-2.py", "udp_client.py", "helper.py", "x.txt",
        "lab.zip", ".hidden.py", "udp_server (1).py", "doe_1_2_tcp_server.py", "UDPServer.py",
    ])  # fmt: skip
    folders = st.sampled_from(["", "a/", "b/", "a/c/", ".git/", "udp_server.py.d/", "__MACOSX/", "é/"])
    contents = st.sampled_from([TEXT, OTHER, b"", b"\xff", b"a\0", INNER])

    @settings(max_examples=60, deadline=None)
    @given(st.dictionaries(st.tuples(folders, names).map("".join), contents, min_size=1, max_size=8))
    def test_any_files(self, files: dict[str, bytes]) -> None:
        with tempfile.TemporaryDirectory() as made:
            work = Path(made)
            folder = tree(work / "jane", files)
            for student in (student_of(folder), bulk_student(work / "class.zip", files)):
                try:
                    alone = told(open_submission(folder, PROGRAMS, work / "alone"))
                except NotASubmission:
                    assert "holds no files" in unreadable(student)
                else:
                    assert told(opened(pack(student), work)) == alone

    @posix
    def test_what_is_no_file_is_listed_and_never_opened(self, tmp_path: Path) -> None:
        secret = tree(tmp_path / "secret", {"udp_server.py": b"SECRET = 1\n"})
        folder = tree(tmp_path / "jane", {"udp_client.py": TEXT})
        (folder / "udp_server.py").symlink_to(secret / "udp_server.py")
        (folder / "lab").symlink_to(secret)
        os.mkfifo(folder / "tcp_server.py")
        data = bytes(pack(student_of(folder)))
        assert b"SECRET" not in data
        alone = open_submission(folder, PROGRAMS, tmp_path / "alone")
        assert sorted(alone.notes) == [
            "lab is a symbolic link and was not opened.", "tcp_server.py is a named pipe and was not opened.",
            "udp_server.py is a symbolic link and was not opened.",
        ]  # fmt: skip
        assert told(opened(data, tmp_path)) == told(alone)

    def test_links_in_a_bulk_download_are_listed_too(self, tmp_path: Path) -> None:
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, mode in {
                "udp_server.py": stat.S_IFLNK,
                "tcp_server.py": stat.S_IFCHR,
                "udp_client.py": 0,
            }.items():
                info = zipfile.ZipInfo(f"jane/{name}")
                info.external_attr = (mode | 0o644) << 16
                archive.writestr(info, "/etc/passwd")
            archive.writestr("bob/udp_server.py", TEXT)
        submission = opened(pack(by_id(find_class(path, PROGRAMS))["jane"]), tmp_path)
        assert sorted(submission.notes) == [
            "tcp_server.py is a device and was not opened.", "udp_server.py is a symbolic link and was not opened."
        ]  # fmt: skip
        assert submission.programs["udp_server"].path is None

    @posix
    @pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
    def test_a_folder_that_may_not_be_read_is_a_note(self, tmp_path: Path) -> None:
        folder = tree(tmp_path / "jane", {"udp_server.py": TEXT, "closed/x.py": b""})
        (folder / "closed").chmod(0)
        try:
            assert "The folder closed could not be read (Permission denied)." in pack(student_of(folder)).notes
        finally:
            (folder / "closed").chmod(0o700)


class TestBytes:
    def test_are_the_same_each_time(self, tmp_path: Path) -> None:
        first = tree(tmp_path / "a" / "jane", {"b.py": b"", "udp_server.py": TEXT, "c/d.py": b""})
        second = tree(tmp_path / "b" / "jane", {"c/d.py": b"", "udp_server.py": TEXT, "b.py": b""})
        os.utime(second / "udp_server.py", (0, 1_000_000_000))
        (second / "udp_server.py").chmod(0o755)
        assert pack(student_of(first)) == pack(student_of(second))

    def test_of_a_folder_and_a_bulk_download_are_the_same(self, tmp_path: Path) -> None:
        files = {"lab/udp_server.py": TEXT, "x/y/helper.py": b""}
        on_disk = pack(student_of(tree(tmp_path / "jane", files)))
        assert pack(bulk_student(tmp_path / "class.zip", files)) == on_disk

    def test_differ_where_a_file_differs(self, tmp_path: Path) -> None:
        first = tree(tmp_path / "a" / "jane", {"udp_server.py": TEXT})
        second = tree(tmp_path / "b" / "jane", {"udp_server.py": OTHER})
        assert pack(student_of(first)) != pack(student_of(second))

    def test_travel_with_their_notes(self) -> None:
        packed = Packed(b"zip")
        packed.notes = ("It came late.",)
        assert pickle.loads(pickle.dumps(packed)).notes == packed.notes  # noqa: S301  our own


class TestTooMuch:
    def test_what_no_program_needs_stays_behind(self, tmp_path: Path) -> None:
        files = {
            "udp_server.py": TEXT,
            "helper.py": b"",
            "video.mp4": b"\1" * 12_000_000,
            "film.avi": b"\2" * 12_000_000,
        }
        for student in (student_of(tree(tmp_path / "jane", files)), bulk_student(tmp_path / "class.zip", files)):
            packed = pack(student)
            assert packed.notes == ("More than 20 MB were handed in; left out, as no program was: video.mp4.",)
            submission = opened(packed, tmp_path)
            assert submission.programs["udp_server"].path is not None
            assert [path.name for path in submission.programs["udp_server"].siblings] == ["helper.py"]

    def test_repositories_and_environments_are_left_where_they_are(self, tmp_path: Path) -> None:
        files = {"udp_server.py": TEXT, **{f".git/objects/{number}": b"x" * 1000 for number in range(1100)}}
        in_bulk = bulk_student(tmp_path / "class.zip", files)
        for student in (in_bulk, student_of(tree(tmp_path / "jane", files))):
            packed = pack(student)
            assert len(packed) < 1000
            assert packed.notes == ()

    def test_a_program_that_is_too_large_costs_no_other(self, tmp_path: Path) -> None:
        files = {"udp_server.py": b"#" * 20_000_001, "udp_client.py": TEXT}
        for student in (student_of(tree(tmp_path / "jane", files)), bulk_student(tmp_path / "class.zip", files)):
            packed = pack(student)
            assert packed.notes == ("udp_server.py has 20,000,001 bytes, of which only the beginning was looked at.",)
            submission = opened(packed, tmp_path)
            assert "which is no program" in (submission.programs["udp_server"].problem or "")
            assert submission.programs["udp_client"].problem is None

    def test_a_zip_goes_before_a_film(self, tmp_path: Path) -> None:
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w") as archive:
            archive.writestr("udp_server.py", TEXT)
            archive.writestr("data", b"\1" * 12_000_000)
        student = student_of(tree(tmp_path / "jane", {"lab.zip": stored.getvalue(), "a.mp4": b"\2" * 12_000_000}))
        packed = pack(student)
        assert "left out, as no program was: a.mp4." in packed.notes[0]
        assert opened(packed, tmp_path).programs["udp_server"].problem is None

    def test_a_zip_that_has_no_room_is_no_missing_program(self, tmp_path: Path) -> None:
        files = {"lab.zip": b"PK" * 5_000_000, **{f"{number}.py": b"#" * 1_000_000 for number in range(15)}}
        assert unreadable(student_of(tree(tmp_path / "jane", files))) == (
            "More than 20 MB were handed in, lab.zip among them: ask for the programs alone."
        )

    def test_a_zip_that_is_too_large(self, tmp_path: Path) -> None:
        tree(tmp_path, {"jane.zip": b"P" * 25_000_001, "bob.zip": b""})
        student = by_id(find_class(tmp_path, PROGRAMS))["jane"]
        assert unreadable(student) == "jane.zip has more than 25 MB: ask for the programs alone."

    def test_more_files_than_are_looked_at(self, tmp_path: Path) -> None:
        files = {"udp_server.py": TEXT, **{f"x/{number}.txt": b"" for number in range(1100)}}
        folder = tree(tmp_path / "jane", files)
        packed = pack(student_of(folder))
        alone = open_submission(folder, PROGRAMS, tmp_path / "alone")
        assert packed.notes == alone.notes == ("There are more than 1,000 files and folders: not all were looked at.",)
        assert told(opened(packed, tmp_path))[0] == told(alone)[0]
        assert unreadable(bulk_student(tmp_path / "class.zip", files)) == (
            "It has more than 1,000 files and folders: ask for the programs alone."
        )

    def test_a_bomb_is_not_unpacked(self, tmp_path: Path) -> None:
        """A header may claim less than there is: what comes out is counted, and is not what it claims."""
        path = zipped(tmp_path / "class.zip", {
            "jane/udp_server.py": b"\0" * 50_000_000, "bob/udp_server.py": TEXT, "ann/udp_server.py": TEXT
        })  # fmt: skip
        jane = by_id(find_class(path, PROGRAMS))["jane"]
        assert "udp_server.py has 50,000,000 bytes, of which only the beginning was looked at." in pack(jane).notes
        path.write_bytes(path.read_bytes().replace(struct.pack("<L", 50_000_000), struct.pack("<L", 5_000)))
        jane = by_id(find_class(path, PROGRAMS))["jane"]
        assert (
            unreadable(jane) == "udp_server.py cannot be read (it is broken in the zip): check it and its permissions."
        )


class TestUnreadable:
    @pytest.mark.parametrize("files", [{}, {"empty/": b""}, {".git/config": b""}, {"__MACOSX/x": b""}])
    def test_nothing_in_it(self, files: dict[str, bytes], tmp_path: Path) -> None:
        assert unreadable(student_of(tree(tmp_path / "jane", files))) == "jane holds no files: ask for the programs."

    def test_a_folder_that_is_gone(self, tmp_path: Path) -> None:
        assert "jane cannot be read (No such file or directory)" in unreadable(student_of(tmp_path / "jane"))

    @pytest.mark.parametrize("name", ["jane.rar", "jane.tar.gz", "jane.7z"])
    def test_another_kind_of_archive(self, name: str, tmp_path: Path) -> None:
        tree(tmp_path, {name: b"", "bob.zip": b""})
        student = by_id(find_class(tmp_path, PROGRAMS))["jane"]
        assert unreadable(student) == f"{name} is an archive of a kind that is not opened: ask for a zip."

    def test_a_program_that_cannot_be_read_blames_nobody(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = OnDisk.read

        def read(place: OnDisk, at_most: int) -> bytes:
            if place.name in closed:
                raise PermissionError(13, "Permission denied")
            return real(place, at_most)

        monkeypatch.setattr(OnDisk, "read", read)
        folder = tree(tmp_path / "jane", {"udp_server.py": TEXT, "notes.txt": b""})
        closed = {"udp_server.py"}
        sentence = "udp_server.py cannot be read (Permission denied): check it and its permissions."
        assert unreadable(student_of(folder)) == sentence
        closed = {"notes.txt"}
        assert pack(student_of(folder)).notes == (sentence.replace("udp_server.py", "notes.txt"),)

    def test_encrypted_and_oddly_compressed_entries(self, tmp_path: Path) -> None:
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("jane/udp_server.py", TEXT, zipfile.ZIP_BZIP2)
            archive.writestr("bob/udp_server.py", TEXT)
            archive.writestr("ann/udp_server.py", TEXT)
        data = bytearray(path.read_bytes())
        for found in re.finditer(re.escape(b"PK\1\2") + b".{42}bob", bytes(data), re.DOTALL):
            data[found.start() + 8] |= 1
        path.write_bytes(data)
        students = by_id(find_class(path, PROGRAMS))
        assert "udp_server.py is compressed in an unusual way" in unreadable(students["jane"])
        assert "udp_server.py is encrypted" in unreadable(students["bob"])
        assert pack(students["ann"])

    def test_an_entry_that_is_there_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("jane/udp_server.py", OTHER)
            with pytest.warns(UserWarning, match="Duplicate name"):
                archive.writestr("jane/udp_server.py", TEXT)
            archive.writestr("bob/udp_server.py", TEXT)
        packed = pack(by_id(find_class(path, PROGRAMS))["jane"])
        assert packed.notes == ("udp_server.py is in the download more than once: the last one was taken.",)
        taken = opened(packed, tmp_path).programs["udp_server"].path
        assert taken is not None
        assert taken.read_bytes() == TEXT

    def test_a_file_that_is_a_folder_too(self, tmp_path: Path) -> None:
        student = bulk_student(tmp_path / "class.zip", {"lab": TEXT, "lab/udp_server.py": TEXT})
        assert "lab is a file and a folder at once" in unreadable(student)

    def test_a_file_that_grows_while_it_is_read(self, tmp_path: Path) -> None:
        folder = tree(tmp_path / "jane", {"udp_server.py": TEXT})
        place = OnDisk(folder / "udp_server.py", "file", 5)
        (folder / "udp_server.py").write_bytes(b"#" * 20_000_001)
        student = Student("jane", "jane", "jane", (Part(place, "udp_server.py"),))
        assert unreadable(student) == "udp_server.py has more than 20 MB: ask for the programs alone."

    @posix
    def test_a_file_that_became_a_link(self, tmp_path: Path) -> None:
        folder = tree(tmp_path / "jane", {"udp_server.py": TEXT})
        place = OnDisk(folder / "udp_server.py", "file", 5)
        shutil.move(folder / "udp_server.py", tmp_path / "elsewhere")
        (folder / "udp_server.py").symlink_to(tmp_path / "elsewhere")
        assert "udp_server.py cannot be read" in unreadable(Student("j", "j", "j", (Part(place, "udp_server.py"),)))
