"""Finding a class: which layout it has, whose is what, and what is no class."""

from __future__ import annotations

import os
import re
import string
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.classroom.layouts import find_class
from grading.classroom.packing import pack
from grading.classroom.places import MOST_ENTRIES, Bulk
from grading.classroom.students import FoundClass, NotAClass, Student, Unreadable, file_of, with_files
from tests.classes import PROGRAMS, TEXT, Files, by_id, programs_of, tree, zipped

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX file systems have")

Find = Callable[[Files], FoundClass]


def find(path: Path) -> FoundClass:
    return find_class(path, PROGRAMS)


def refusal(path: Path) -> str:
    with pytest.raises(NotAClass) as caught:
        find(path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.fixture(params=["folder", "zip", "zip of a folder", "folder in a folder", "zip in a folder"])
def found_in(request: pytest.FixtureRequest, tmp_path: Path) -> Find:
    """Find a class of these files, wherever it lies."""

    def of(files: Files) -> FoundClass:
        inner = {f"download/{name}": content for name, content in files.items()}
        if request.param == "folder":
            path = tree(tmp_path / "download", files)
        elif request.param == "zip":
            path = zipped(tmp_path / "download.zip", files)
        elif request.param == "zip of a folder":
            path = zipped(tmp_path / "download.zip", inner)
        elif request.param == "folder in a folder":
            path = tree(tmp_path / "class", inner)
        else:
            path = tmp_path / "class"
            path.mkdir()
            zipped(path / "download.zip", files)
        found = find(path)
        assert found.layout.endswith(", in one zip") == request.param.startswith("zip") * (
            request.param != "zip in a folder"
        )
        return found

    return of


def layout(found: FoundClass) -> str:
    return found.layout.removesuffix(", in one zip")


def strays(found: FoundClass) -> list[str]:
    return [stray.removeprefix("download/").removeprefix("download.zip/") for stray in found.strays]


CANVAS = {
    "doejane_4711_90210_udp_server.py": TEXT,
    "doejane_4711_90211_udp_client-2.py": TEXT,
    "doejane_4711_90212_helper.py": TEXT,
    "roebob_LATE_4712_90220_tcp_server-1.py": TEXT,
    "garcíamaría_4713_90230_lab1.zip": b"",
    "anon_x7Kd2_90240_udp_server.py": TEXT,
    "LATE_anon_Zz9y1_90250_udp_server.py": TEXT,
    "writer_4714_text.html": b"<p>I did it</p>",
    "linker_LATE_4715_link.html": b"",
    "grades.csv": b"",
}


class TestCanvas:
    def test_each_user_is_a_student(self, found_in: Find) -> None:
        found = found_in(CANVAS)
        assert layout(found) == "a bulk download of Canvas"
        names = {student.id: student.name for student in found.students}
        assert names == {
            "4711": "doejane", "4712": "roebob", "4713": "garcíamaría", "4714": "writer", "4715": "linker",
            "x7Kd2": "anon_x7Kd2", "Zz9y1": "anon_Zz9y1",
        }  # fmt: skip
        assert strays(found) == ["grades.csv"]

    def test_the_programs_are_found_under_the_names_they_were_handed_in_with(
        self, found_in: Find, tmp_path: Path
    ) -> None:
        students = by_id(found_in(CANVAS))
        assert programs_of(students["4711"], tmp_path / "work") == {
            "udp_server": "udp_server.py", "udp_client": "udp_client-2.py"
        }  # fmt: skip
        assert programs_of(students["x7Kd2"], tmp_path / "work") == {"udp_server": "udp_server.py"}
        assert programs_of(students["4714"], tmp_path / "work") == {}

    def test_late_is_said(self, found_in: Find) -> None:
        students = by_id(found_in(CANVAS))
        assert [each for each, student in students.items() if student.notes] == ["4712", "4715", "Zz9y1"]
        assert students["4712"].notes == ("Canvas says that it was handed in late.",)

    def test_a_late_file_and_one_in_time_are_of_one_student(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "doejane_4711_1_udp_server.py": TEXT,
            "doejane_LATE_4711_2_udp_server-1.py": b"import socket  # again\n",
        })  # fmt: skip
        (student,) = found.students
        assert programs_of(student, tmp_path / "work") == {"udp_server": "udp_server-1.py"}

    def test_two_files_of_one_name_are_both_named(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "doejane_4711_1_udp_server.py": TEXT,
            "doejane_LATE_4711_2_udp_server.py": b"import socket  # again\n",
        })  # fmt: skip
        (student,) = found.students
        with zipfile.ZipFile(bulk_of(pack(student), tmp_path)) as packed:
            assert packed.namelist() == [
                "doejane_4711_1_udp_server.py/udp_server.py", "doejane_LATE_4711_2_udp_server.py/udp_server.py"
            ]  # fmt: skip
        assert programs_of(student, tmp_path / "work") == {}

    def test_one_name_like_canvass_does_not_make_the_layout(self, found_in: Find) -> None:
        """Else one student's file name would make strays of all others."""
        found = found_in(
            {"jane.zip": b"", "bob.zip": b"", "a_1_2_x.zip": b"", "Ann_1_assignsubmission_file_x.zip": b""}
        )
        assert layout(found) == "a folder of zips"
        assert len(found.students) == 4

    def test_files_of_the_instructor_do_not_hide_the_layout(self, found_in: Find) -> None:
        found = found_in({**CANVAS, **{f"notes{number}.txt": b"" for number in range(5)}})
        assert layout(found) == "a bulk download of Canvas"
        assert len(found.students) == 7


def bulk_of(data: bytes, folder: Path) -> Path:
    path = folder / "packed.zip"
    path.write_bytes(data)
    return path


class TestMoodle:
    def test_folders(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "Jane van der Doe_657737_assignsubmission_file/udp_server.py": TEXT,
            "Jane van der Doe_657737_assignsubmission_onlinetext/onlinetext.html": b"<p>",
            "María-José Ñandú_657738_assignsubmission_file_/lab/tcp_server.py": TEXT,
            "王小明_657739_assignsubmission_onlinetext/onlinetext.html": b"<p>",
            "Default team_assignsubmission_file/udp_client.py": TEXT,
            "worksheet.csv": b"",
        })  # fmt: skip
        assert layout(found) == "a bulk download of Moodle, with folders"
        students = by_id(found)
        assert {each: student.name for each, student in students.items()} == {
            "657737": "Jane van der Doe", "657738": "María-José Ñandú", "657739": "王小明",
            "Default team": "Default team",
        }  # fmt: skip
        assert strays(found) == ["worksheet.csv"]
        work = tmp_path / "work"
        assert students["657737"].notes == ()
        assert programs_of(students["657737"], work) == {"udp_server": "udp_server.py"}
        assert programs_of(students["657738"], work) == {"tcp_server": "lab/tcp_server.py"}
        assert programs_of(students["657739"], work) == {}

    def test_flat(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "Jane Doe_4711_assignsubmission_file_udp_server.py": TEXT,
            "Jane Doe_4711_assignsubmission_file_udp_client.py": TEXT,
            "Jane Doe_4711_assignsubmission_onlinetext_onlinetext.html": b"<p>",
            "Bob Roe_4712_assignsubmission_file_tcp_server-1.py": TEXT,
        })  # fmt: skip
        assert layout(found) == "a bulk download of Moodle, in one folder"
        students = by_id(found)
        assert [*students] == ["4711", "4712"]
        assert programs_of(students["4711"], tmp_path / "work") == {
            "udp_server": "udp_server.py", "udp_client": "udp_client.py"
        }  # fmt: skip
        assert programs_of(students["4712"], tmp_path / "work") == {"tcp_server": "tcp_server-1.py"}

    def test_a_zip_in_a_students_folder_is_opened_by_the_grader(self, tmp_path: Path) -> None:
        inner = zipped(tmp_path / "lab.zip", {"udp_server.py": TEXT}).read_bytes()
        found = find(tree(tmp_path / "class", {"Jane Doe_4711_assignsubmission_file/lab.zip": inner}))
        assert programs_of(found.students[0], tmp_path / "work") == {"udp_server": "lab.zip/udp_server.py"}


class TestNbgrader:
    def test_submitted(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "submitted", {
            "jane/lab1/udp_server.py": TEXT, "jane/lab1/timestamp.txt": b"2026-11-25 10:00:00 UTC\n",
            "bob/lab1/udp_server.py": TEXT, "README": b"",
        })  # fmt: skip
        found = find(path)
        assert found.layout == "nbgrader's submitted folder"
        students = by_id(found)
        assert [*students] == ["bob", "jane"]
        assert found.strays == ("README",)
        assert programs_of(students["jane"], tmp_path / "work") == {"udp_server": "lab1/udp_server.py"}

    def test_the_folder_of_the_course(self, found_in: Find) -> None:
        found = found_in({
            "submitted/jane/lab1/udp_server.py": TEXT, "submitted/bob/lab1/udp_server.py": TEXT,
            "submitted/note.txt": b"", "source/lab1/udp_server.py": TEXT, "gradebook.db": b"",
        })  # fmt: skip
        assert layout(found) == "nbgrader's submitted folder"
        assert [*by_id(found)] == ["bob", "jane"]
        assert strays(found) == ["submitted/note.txt"]
        assert "Only the folder submitted was looked at." in found.notes

    def test_a_student_of_that_name_is_a_student(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"submitted/lab/udp_server.py": TEXT, "bob/udp_server.py": TEXT})
        assert [*by_id(find(path))] == ["bob", "submitted"]

    def test_nobody_makes_strays_of_others_with_a_timestamp(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"jane/lab1/timestamp.txt": b"", "bob.zip": b""})
        assert [*by_id(find(path))] == ["bob", "jane"]

    def test_its_timestamps_tell_it_under_any_name(self, found_in: Find) -> None:
        found = found_in({
            "jane/lab1/udp_server.py": TEXT, "jane/lab1/timestamp.txt": b"", "bob/lab1/udp_client.py": TEXT,
        })  # fmt: skip
        assert layout(found) == "nbgrader's submitted folder"


class TestGitHubClassroom:
    def test_ids_are_what_follows_the_assignment(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "lab-1-jane/.git/config": b"[core]", "lab-1-jane/udp_server.py": TEXT,
            "lab-1-ann-lee/.git/config": b"", "lab-1-ann-lee/lab1_udp/udp_server.py": TEXT,
            "lab-1-bob/.git/config": b"",
            "classroom_roster.csv": b"",
        })  # fmt: skip
        assert layout(found) == "GitHub Classroom's folder of clones"
        assert "The ids are what follows lab-1- in the folders' names." in found.notes
        students = by_id(found)
        assert [*students] == ["ann-lee", "bob", "jane"]
        assert strays(found) == ["classroom_roster.csv"]
        assert programs_of(students["ann-lee"], tmp_path / "work") == {"udp_server": "lab1_udp/udp_server.py"}

    def test_the_folder_of_the_download_says_what_the_assignment_is(self, tmp_path: Path) -> None:
        """Two users whose names begin alike are not cut in the middle."""
        path = tree(tmp_path / "lab1-submissions", {"lab1-ann-lee/.git/HEAD": b"", "lab1-ann-kim/.git/HEAD": b""})
        assert [*by_id(find(path))] == ["ann-kim", "ann-lee"]

    def test_users_with_a_file_where_git_has_a_folder(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"lab1-jane/.git": b"gitdir: elsewhere", "lab1-bob/.git": b""})
        assert [*by_id(find(path))] == ["bob", "jane"]

    def test_without_a_common_beginning_the_names_are_the_ids(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"jane-lab1/.git/HEAD": b"", "bob-lab1/.git/HEAD": b""})
        assert [*by_id(find(path))] == ["bob-lab1", "jane-lab1"]

    def test_one_clone_is_one_student(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"lab1-jane/.git/HEAD": b"", "lab1-jane/udp_server.py": TEXT})
        assert [*by_id(find(path))] == ["lab1-jane"]


class TestPlain:
    def test_a_folder_of_folders(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "jane/udp_server.py": TEXT, "bob/deep/down/udp_server.py": TEXT, "Ann Lee/notes.txt": b"", "notes.txt": b"",
            ".DS_Store": b"", "__MACOSX/jane/._udp_server.py": b"",
        })  # fmt: skip
        assert layout(found) == "a folder of folders"
        students = by_id(found)
        assert [*students] == ["Ann Lee", "bob", "jane"]
        assert strays(found) == ["notes.txt"]
        assert programs_of(students["bob"], tmp_path / "work") == {"udp_server": "deep/down/udp_server.py"}

    def test_a_folder_of_zips(self, found_in: Find, tmp_path: Path) -> None:
        jane = zipped(tmp_path / "x", {"udp_server.py": TEXT}).read_bytes()
        found = found_in({"jane.zip": jane, "bob.ZIP": b"no zip", "README.txt": b""})
        assert layout(found) == "a folder of zips"
        students = by_id(found)
        assert [*students] == ["bob", "jane"]
        assert pack(students["jane"]) == jane, "a student's zip is passed on as it is"
        assert strays(found) == ["README.txt"]

    def test_a_folder_of_both(self, found_in: Find) -> None:
        found = found_in({"jane/udp_server.py": TEXT, "ann/udp_server.py": TEXT, "bob.zip": b"", "cleo.tar.gz": b""})
        assert layout(found) == "a folder of folders and zips"
        assert [*by_id(found)] == ["ann", "bob", "cleo", "jane"]

    def test_a_folder_of_files(self, found_in: Find, tmp_path: Path) -> None:
        found = found_in({
            "jane_udp_server.py": TEXT, "jane_udp_client (1).py": TEXT, "jane_helper.py": TEXT, "jane.txt": b"",
            "ann-marie-udp_server.py": TEXT, "ann_udp_server-1.py": TEXT, "ann-marie-extra.py": TEXT,
            "janet.py": TEXT, "solution.pdf": b"",
        })  # fmt: skip
        assert layout(found) == "a folder of files, named after their students"
        students = by_id(found)
        assert [*students] == ["ann", "ann-marie", "jane"]
        assert [part.name for part in students["jane"].parts] == [
            "jane.txt", "helper.py", "udp_client (1).py", "udp_server.py"
        ]  # fmt: skip
        assert [part.name for part in students["ann-marie"].parts] == ["extra.py", "udp_server.py"]
        assert strays(found) == ["janet.py", "solution.pdf"]
        assert programs_of(students["ann"], tmp_path / "work") == {"udp_server": "udp_server-1.py"}

    def test_a_solution_among_many_folders_is_a_stray(self, found_in: Find) -> None:
        found = found_in({"udp_server.py": TEXT, "jane/udp_server.py": TEXT, "bob/udp_server.py": TEXT})
        assert [*by_id(found)] == ["bob", "jane"]
        assert strays(found) == ["udp_server.py"]

    def test_a_folder_and_a_zip_of_one_name_are_one_student(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"jane/udp_server.py": TEXT, "bob/udp_server.py": TEXT, "jane.zip": b""})
        students = by_id(find(path))
        assert [*students] == ["bob", "jane"]
        assert students["jane"].notes == ("Several things were handed in, and taken together: jane, jane.zip.",)
        assert programs_of(students["jane"], tmp_path / "work") == {"udp_server": "udp_server.py"}

    def test_one_folder_is_a_class_of_one(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"jane/lab1/udp_server.py": TEXT, "jane/lab2/tcp_server.py": TEXT})
        assert [*by_id(find(path))] == ["jane"]

    def test_an_empty_folder_is_a_student_who_handed_in_nothing(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"jane/": b"", "bob/udp_server.py": TEXT})
        with pytest.raises(Unreadable, match="jane holds no files: ask for the programs"):
            pack(by_id(find(path))["jane"])

    def test_what_looks_odd_is_said(self, tmp_path: Path) -> None:
        nothing = find(tree(tmp_path / "a", {"jane/x.py": TEXT, "bob/y.py": TEXT}))
        assert nothing.notes[0].startswith("None of the folders has a program in it: expected udp_client.py")
        once = find(tree(tmp_path / "b", {"udp/udp_server.py": TEXT, "tcp/tcp_server.py": TEXT}))
        assert once.notes[0].startswith("No program is there twice")
        assert find(tree(tmp_path / "c", {"a/udp_server.py": TEXT, "b/udp_server.py": TEXT})).notes == ()

    @posix
    def test_links_are_never_followed(self, tmp_path: Path) -> None:
        secret = tree(tmp_path / "secret", {"udp_server.py": b"SECRET = 1\n"})
        path = tree(tmp_path / "class", {"bob/udp_server.py": TEXT})
        (path / "jane").symlink_to(secret)
        (path / "ann.zip").symlink_to(secret / "udp_server.py")
        (path / "link.txt").symlink_to(secret)
        os.mkfifo(path / "pipe.py")
        (path / "bob" / "tcp_server.py").symlink_to(secret / "udp_server.py")
        found = find(path)
        students = by_id(found)
        assert found.strays == ("link.txt", "pipe.py")
        for name in ("jane", "ann"):
            with pytest.raises(Unreadable, match=rf"{name}.* is a symbolic link, which is not opened"):
                pack(students[name])
        assert b"SECRET" not in bytes(pack(students["bob"]))
        assert programs_of(students["bob"], tmp_path / "work") == {"udp_server": "udp_server.py"}


class TestNoClass:
    def test_nothing_there(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / "gone").endswith("gone does not exist: check the path.")
        assert "cannot be reached" in refusal(Path("a\0b"))

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert "is empty: give a folder, or one zip, that holds" in refusal(tmp_path)
        tree(tmp_path, {".DS_Store": b""})
        assert "is empty" in refusal(tmp_path)

    @pytest.mark.parametrize("files", [
        {"udp_server.py": TEXT},
        {"udp_server.py": TEXT, "udp_client.py": TEXT, "old/udp_server.py": TEXT, "__pycache__/x.pyc": b""},
        {"lab1_udp/udp_server.py": TEXT, "lab2_tcp/tcp_server.py": TEXT, "README.md": b""},
    ])  # fmt: skip
    def test_one_submission(self, files: Files, tmp_path: Path) -> None:
        folder = tree(tmp_path / "my lab", files)
        advice = f"looks like one submission: pytest grading --submission '{folder}'"
        assert refusal(folder).endswith(advice)
        assert "looks like one submission" in refusal(zipped(tmp_path / "one.zip", files))

    def test_a_program(self, tmp_path: Path) -> None:
        path = tree(tmp_path, {"udp_server.py": TEXT}) / "udp_server.py"
        assert refusal(path).endswith(f"looks like one submission: pytest grading --submission {path}")

    def test_files_that_are_nobodys(self, tmp_path: Path) -> None:
        assert "holds no submissions: give a folder" in refusal(tree(tmp_path, {"a.txt": b"", "b.py": b""}))

    def test_another_kind_of_file(self, tmp_path: Path) -> None:
        assert "is neither a folder nor a zip" in refusal(tree(tmp_path, {"class.rar": b""}) / "class.rar")
        assert "is broken or not a zip at all: download it again" in refusal(tree(tmp_path, {"c.zip": b"PK"}) / "c.zip")

    def test_a_zip_of_nothing(self, tmp_path: Path) -> None:
        assert "is empty" in refusal(zipped(tmp_path / "class.zip", {}))

    @posix
    def test_a_circle_of_links_and_a_pipe(self, tmp_path: Path) -> None:
        (tmp_path / "circle").symlink_to(tmp_path / "circle")
        assert "cannot be reached" in refusal(tmp_path / "circle")
        os.mkfifo(tmp_path / "pipe")
        assert "is neither a folder nor a zip" in refusal(tmp_path / "pipe")

    def test_a_folder_that_may_not_be_read(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "scandir", refuse)
        assert refusal(tmp_path).endswith("cannot be read (Permission denied): check its permissions.")

    def test_too_many_entries(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        assert MOST_ENTRIES > 100_000
        monkeypatch.setattr("grading.classroom.places.MOST_ENTRIES", 1)
        with pytest.raises(ValueError, match="more than 1 entries"):
            Bulk(zipped(tmp_path / "class.zip", {"a/x": b"", "b/x": b""}))

    @posix
    def test_an_instructors_own_link_is_followed(self, tmp_path: Path) -> None:
        tree(tmp_path / "class", {"jane/udp_server.py": TEXT, "bob/udp_server.py": TEXT})
        (tmp_path / "link").symlink_to(tmp_path / "class")
        assert len(find(tmp_path / "link").students) == 2


HOSTILE = [
    "=cmd|' calc'!A0", "new\nline", 'quote"s', "<script>alert(1)", "&amp;", "a..dots", "trailing.", " blank ",
    "CON", "nul", "com1.zip.zip", "x" * 200, "王小明", "Ђорђе", "עברית", "é", "E", "e", "a b", "a-b", "a_b",
    "-rf", "@SUM(1)", "\N{RIGHT-TO-LEFT OVERRIDE}gpj", "\N{PILE OF POO}", "%s%n", "$(reboot)", "a\tb", "\x1b[31mred",
]  # fmt: skip


class TestNames:
    @posix
    def test_hostile_ones_each_have_a_row(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {f"{name}/udp_server.py": TEXT for name in HOSTILE})
        students = by_id(find(path))
        assert sorted(students) == sorted(HOSTILE)
        for name, student in students.items():
            assert student.name == name
            assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,79}", student.file), student.file
            assert programs_of(student, tmp_path / "work") == {"udp_server": "udp_server.py"}

    @pytest.mark.skipif(sys.platform != "linux", reason="other systems have no names that are no text")
    def test_bytes_that_are_no_text(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {"bob/udp_server.py": TEXT})
        (jane := path / os.fsdecode(b"jan\xe9")).mkdir()
        (jane / os.fsdecode(b"caf\xe9.py")).write_bytes(TEXT)
        (jane / "back\\slash.py").write_bytes(TEXT)
        (jane / "c:drive.py").write_bytes(TEXT)
        (jane / "udp_server.py").write_bytes(TEXT)
        students = by_id(find(path))
        assert [*students] == ["bob", "jan\\udce9"]
        assert programs_of(students["jan\\udce9"], tmp_path / "work") == {"udp_server": "udp_server.py"}
        for student in students.values():
            student.name.encode()

    @pytest.mark.parametrize("name", ["jane", "s123", "a.b_c-d", "0042"])
    def test_a_name_that_is_safe_is_left_alone(self, name: str) -> None:
        assert file_of(name) == name

    @pytest.mark.parametrize("name, stem", [
        ("Jane Doe", "Jane-Doe"), ("Zoë", "Zoe"), ("王小明", "student"), ("con", "con"), ("con.a", "con-a"),
        ("../../x", "x"), (".hidden", "hidden"), ("x" * 300, "x" * 60), ("", "student"),
        ("jane@uni.edu", "jane-uni.edu"),
    ])  # fmt: skip
    def test_any_other_gets_a_hash(self, name: str, stem: str) -> None:
        assert re.fullmatch(re.escape(stem) + "-[0-9a-f]{8}", file_of(name))

    def test_a_name_that_looks_hashed_is_hashed(self) -> None:
        """Else a student might take the name that another one gets."""
        assert file_of(stem := file_of("Jane Doe").lower()) != stem

    @given(st.lists(st.text(max_size=8) | st.text(string.ascii_letters + "._- ", max_size=3), unique=True, max_size=20))
    def test_files_are_safe_and_unique_on_any_file_system(self, names: list[str]) -> None:
        students = with_files(Student(name, name, file_of(name)) for name in names)
        assert {student.id for student in students} == set(names)
        assert len({student.file.lower() for student in students}) == len(names)
        for student in students:
            assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]*", student.file)
            assert not student.file.endswith(".")
            assert not re.fullmatch(r"(?i)(con|nul|prn|aux|com\d|lpt\d)(\..*)?", student.file)

    def test_a_late_student_renames_nobody(self, tmp_path: Path) -> None:
        path = tree(tmp_path / "class", {f"{name}/udp_server.py": TEXT for name in ("Jane", "JANE", "bob", "A B")})
        before = {student.id: student.file for student in find(path).students}
        tree(path, {f"{name}/udp_server.py": TEXT for name in ("jane", "A-B", "a b", "Bob")})
        after = {student.id: student.file for student in find(path).students}
        assert before.items() <= after.items()

    def test_the_same_letters_composed_otherwise_are_one_student(self, tmp_path: Path) -> None:
        composed, decomposed = (unicodedata.normalize(form, "José") for form in ("NFC", "NFD"))
        path = zipped(tmp_path / "class.zip", {
            f"{composed}/udp_server.py": TEXT, f"{decomposed}/tcp_server.py": TEXT, "bob/udp_server.py": TEXT,
        })  # fmt: skip
        students = find(path).students
        assert len(students) == 2
        jose = next(student for student in students if student.id != "bob")
        assert [*programs_of(jose, tmp_path / "work")] == ["udp_server", "tcp_server"]


class TestBulk:
    def test_names_in_any_script_survive(self, tmp_path: Path) -> None:
        """With the flag that says UTF-8, as PHP and Python write it; without, as macOS does; in code page 437."""
        path = tmp_path / "class.zip"
        names = ["王小明", "Ђорђе", "José"]
        zipped(path, {f"{name}/udp_server.py": TEXT for name in names})
        assert sorted(by_id(find(path))) == sorted(names)
        path.write_bytes(without_flag(path.read_bytes()))
        assert sorted(by_id(find(path))) == sorted(names)
        old = {"J\xfcrgen".encode("cp437") + b"/udp_server.py": TEXT, b"bob/udp_server.py": TEXT}
        zipped(path, {name.decode("cp437").encode("ascii", "replace").decode(): text for name, text in old.items()})
        data = path.read_bytes().replace(b"J?rgen", "Jürgen".encode("cp437"))
        path.write_bytes(data)
        assert sorted(by_id(find(path))) == ["Jürgen", "bob"]

    def test_a_name_in_the_extra_field_is_the_name(self, tmp_path: Path) -> None:
        """As Info-ZIP writes it beside one in the machine's own code page; of another name it says nothing."""
        path = tmp_path / "class.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, crc_of in {"W?/udp_server.py": "W?/udp_server.py", "X?/udp_server.py": "other"}.items():
                info = zipfile.ZipInfo(name)
                content = b"\1" + zlib.crc32(crc_of.encode()).to_bytes(4, "little") + "王/udp_server.py".encode()
                info.extra = b"\x75\x70" + len(content).to_bytes(2, "little") + content
                archive.writestr(info, TEXT)
        assert [*by_id(find(path))] == ["X?", "王"]

    def test_an_entry_never_leaves_its_place(self, tmp_path: Path) -> None:
        found = find(zipped(tmp_path / "class.zip", {
            "jane/udp_server.py": TEXT, "jane/../bob/udp_server.py": b"EVIL", "jane/../../../etc/passwd": b"EVIL",
            "dora/lab/../../bob/x.py": b"EVIL", "dora/udp_server.py": TEXT,
            "bob/udp_server.py": TEXT, "/etc/passwd": b"EVIL", "../up.py": b"EVIL", "C:/x/udp_server.py": b"EVIL",
            "cleo\\udp_server.py": TEXT, "a/" * 500: b"",
        }))  # fmt: skip
        students = by_id(found)
        assert [*students] == ["a", "bob", "cleo", "dora", "jane"]
        assert sorted(found.strays) == ["../up.py", "/etc/passwd", "C:/x/udp_server.py"]
        with pytest.raises(Unreadable, match="jane has an entry that would land outside its folder"):
            pack(students["jane"])
        with pytest.raises(Unreadable, match="lab has an entry that would land outside its folder"):
            pack(students["dora"])
        assert b"EVIL" not in bytes(pack(students["bob"]))
        assert programs_of(students["cleo"], tmp_path / "work") == {"udp_server": "udp_server.py"}

    def test_nothing_is_read_before_it_is_packed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = zipped(tmp_path / "class.zip", {f"s{number}/udp_server.py": TEXT for number in range(5)})
        opened: list[str] = []
        real = Bulk.read

        def read(bulk: Bulk, info: zipfile.ZipInfo, at_most: int) -> bytes:
            opened.append(info.filename)
            return real(bulk, info, at_most)

        monkeypatch.setattr(Bulk, "read", read)
        found = find(path)
        assert opened == []
        pack(found.students[3])
        assert opened == ["s3/udp_server.py"]

    def test_a_thousand_students(self, tmp_path: Path) -> None:
        files = {f"s{number:04}/lab/{name}.py": TEXT for number in range(1000) for name in PROGRAMS}
        found = find(zipped(tmp_path / "class.zip", files))
        assert len(by_id(found)) == 1000
        assert len({pack(student) for student in found.students}) == 1
        assert len(find(tree(tmp_path / "class", dict.fromkeys([*files][::4], TEXT))).students) == 1000


def without_flag(data: bytes) -> bytes:
    """Clear the flag for UTF-8 in each header of a zip."""
    changed = bytearray(data)
    for signature, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            changed[start + offset + 1] &= ~0x08 & 0xFF
    return bytes(changed)
