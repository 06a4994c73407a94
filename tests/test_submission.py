"""Finding the programs of one submission, however it was handed in."""

from __future__ import annotations

import io
import os
import struct
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.submission import NotASubmission, Submission, open_submission
from grading.submission.names import match_name
from grading.submission.tree import MAX_ENTRIES, read_file, walk

PROGRAMS = ("udp_client", "udp_server", "tcp_client", "tcp_server")
TEXT = "import socket\n"

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX file systems have")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make an empty folder to be handed in."""
    path = tmp_path / "jane"
    path.mkdir()
    return path


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """Name the folder in which zips are unpacked."""
    return tmp_path / "work"


@pytest.fixture
def hand_in(folder: Path, into: Path) -> Callable[..., Submission]:
    """Hand in a folder of these files, given by path."""

    def of(files: Mapping[str, str | bytes]) -> Submission:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return open_submission(folder, PROGRAMS, into)

    return of


def zip_of(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def problem(submission: Submission, program: str = "udp_server") -> str:
    found = submission.programs[program]
    assert (found.path is None) == found.is_text, f"{found.shown} was taken"
    assert found.problem is not None
    return found.problem


def taken(submission: Submission, program: str = "udp_server") -> str:
    found = submission.programs[program]
    assert found.problem is None, found.problem
    assert found.path is not None
    assert found.path.is_file()
    return found.shown


class TestNames:
    @pytest.mark.parametrize(
        "name, resubmission",
        [
            ("udp_server.py", 0),
            ("UDP_Server.PY", 0),
            ("udp_server-2.py", 2),
            ("doejane_4711_90210_udp_server.py", 0),
            ("doejane_LATE_4711_90210_udp_server-1.py", 1),
            ("Jane Doe_4711_assignsubmission_file_udp_server.py", 0),
            ("Jane van der Doe-Smith_4711_assignsubmission_file_udp_server-3.py", 3),
            ("udp_server (1).py", 0),
            ("udp_server(2).py", 0),
            ("udp_server-1 (1).py", 1),
        ],
    )
    def test_what_systems_and_browsers_add_is_seen_through(self, name: str, resubmission: int) -> None:
        match = match_name(name, PROGRAMS)
        assert match is not None
        assert (match.program, match.resubmission) == ("udp_server", resubmission)

    @pytest.mark.parametrize(
        "name",
        [
            "my_old_udp_server_backup.py",
            "my_udp_server.py",
            "old_1_udp_server.py",
            "udp_server_old.py",
            "udp_server.py.txt",
            "udp_server.pyc",
            "udp_server-.py",
            "udp_server-old.py",
            "udp_\N{LATIN SMALL LETTER LONG S}erver.py",
            "jane_4711_assignsubmission_file_my_udp_server.py",
            "udp_server",
            "\n.py",
            "x" * 300 + "_1_1_udp_server.py",
        ],
    )
    def test_other_files_stay_other_files(self, name: str) -> None:
        assert match_name(name, PROGRAMS) is None

    @given(st.text(max_size=80), st.sampled_from(["", "_1_2_udp_server.py", "-1.py", "/udp_server.py"]))
    def test_no_name_is_too_odd_to_be_matched(self, start: str, end: str) -> None:
        match_name(start + end, PROGRAMS)

    def test_no_programs_match_nothing(self) -> None:
        assert match_name("udp_server.py", ()) is None
        assert match_name(".py", ()) is None


class TestChoosing:
    def test_programs_are_found_anywhere(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"a/b/udp_server.py": TEXT, "lab 1/UDP_Client.py": TEXT, "tcp_server.py": TEXT})
        assert taken(submission) == "a/b/udp_server.py"
        assert taken(submission, "udp_client") == "lab 1/UDP_Client.py"
        assert taken(submission, "tcp_server") == "tcp_server.py"
        assert list(submission.programs) == list(PROGRAMS)
        assert submission.notes == ()

    def test_what_is_missing_is_said_with_what_is_there(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"b.txt": "", "a.py": "", "udp_client.py": TEXT})
        assert problem(submission) == ("udp_server.py is not in the submission; found: a.py, udp_client.py, b.txt.")

    def test_a_long_list_of_what_is_there_is_cut(self, hand_in: Callable[..., Submission]) -> None:
        assert problem(hand_in({f"{n}.py": "" for n in range(30)})).endswith("14.py, 15.py, and 22 more.")

    @pytest.mark.parametrize("name", ["UDPServer.py", "udp-server.py", "udp_server.py.txt", "udp_server.txt"])
    def test_a_name_that_was_nearly_right_is_pointed_at(self, hand_in: Callable[..., Submission], name: str) -> None:
        assert problem(hand_in({name: TEXT})).endswith(f"If {name} is it, rename it to udp_server.py.")

    def test_identical_copies_are_one(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"a/udp_server.py": TEXT, "b/udp_server.py": TEXT})
        assert taken(submission) == "a/udp_server.py"
        assert submission.notes == ("b/udp_server.py is a copy of a/udp_server.py.",)

    def test_a_resubmission_wins_by_its_number(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in(
            {
                "udp_server.py": "1",
                "udp_server-2.py": "2",
                "new/udp_server-10.py": "3",
                "udp_server-9.py": "4",
            }
        )
        assert taken(submission) == "new/udp_server-10.py"
        assert "new/udp_server-10.py was graded, not udp_server.py: it was handed in later." in submission.notes

    def test_otherwise_the_shallowest_path_wins(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"a/a/udp_server.py": "1", "z/udp_server.py": "2"})
        assert taken(submission) == "z/udp_server.py"
        assert submission.notes == ("z/udp_server.py was graded, not a/a/udp_server.py: it is less deep in folders.",)

    def test_a_tie_is_a_problem_that_names_both(self, hand_in: Callable[..., Submission]) -> None:
        said = problem(hand_in({"a/udp_server.py": "1", "b/udp_server.py": "2"}))
        assert "a/udp_server.py and b/udp_server.py" in said

    def test_a_tie_beside_identical_copies_is_still_a_tie(self, hand_in: Callable[..., Submission]) -> None:
        files = {"a/udp_server.py": "1", "b/udp_server.py": "1", "c/udp_server.py": "2"}
        assert "a/udp_server.py and c/udp_server.py" in problem(hand_in(files))

    @pytest.mark.parametrize("place", [".git", ".venv", "venv", "__pycache__", "__MACOSX", "node_modules", ".hidden"])
    def test_folders_nobody_wrote_are_passed_over(self, hand_in: Callable[..., Submission], place: str) -> None:
        problem(hand_in({f"{place}/udp_server.py": TEXT, "._udp_server.py": TEXT, "readme.txt": ""}))

    def test_notes_are_bounded(self, hand_in: Callable[..., Submission]) -> None:
        notes = hand_in({f"{n}/udp_server.py": TEXT for n in range(200)}).notes
        assert len(notes) == 21
        assert notes[-1] == "There are 179 more such notes."

    def test_notes_and_names_are_one_line_each(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"a\u202eb/udp_server.py": TEXT, "\u200bb/udp_server.py": TEXT})
        assert taken(submission) == "a\\u202eb/udp_server.py"
        assert submission.notes == ("\\u200bb/udp_server.py is a copy of a\\u202eb/udp_server.py.",)


class TestBadPrograms:
    def test_a_folder_of_that_name(self, hand_in: Callable[..., Submission], folder: Path) -> None:
        (folder / "udp_server.py").mkdir()
        assert problem(hand_in({})).startswith("udp_server.py is a folder, not a program")

    def test_a_folder_of_that_name_with_the_program_in_it(self, hand_in: Callable[..., Submission]) -> None:
        assert taken(hand_in({"udp_server.py/udp_server.py": TEXT})) == "udp_server.py/udp_server.py"

    @pytest.mark.parametrize(
        "content, said",
        [
            (b"import socket\n\0\0", "is not text"),
            (TEXT.encode("utf-16"), "is saved as UTF-16"),
            (b"x = 1\ny = 1\n# caf\xe9\n", "has a character in line 3 that is not UTF-8"),
            (b"# caf\xe9\n", "has a character in line 1 that is not UTF-8"),
            (b"# coding: klingon\n", "declares an encoding that Python does not know"),
            (b"# coding: rot13\n", "declares an encoding that Python does not know"),
            (b"# coding: punycode\n#-", "declares an encoding that Python does not know"),
            (b"# coding: ascii\n\n'\xc3\xa9'", "has a character in line 3 that is not ASCII"),
            (b"#" * 1_000_001, "has 1,000,001 bytes"),
        ],
    )
    def test_what_python_could_not_even_read(
        self, hand_in: Callable[..., Submission], content: bytes, said: str
    ) -> None:
        submission = hand_in({"udp_server.py": content})
        assert f"udp_server.py {said}" in problem(submission)
        assert submission.programs["udp_server"].is_text == said.startswith("has 1")  # that one is too large

    @pytest.mark.parametrize(
        "content",
        [b"", b"\xef\xbb\xbfx = 1\n", b"# coding: latin-1\n# caf\xe9\n", b"#" * 1_000_000, b"x = ("],
    )
    def test_what_python_can_read(self, hand_in: Callable[..., Submission], content: bytes) -> None:
        taken(hand_in({"udp_server.py": content}))

    @posix
    def test_a_symbolic_link_is_not_followed(
        self, hand_in: Callable[..., Submission], folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "secret.py").write_text(TEXT)
        (folder / "udp_server.py").symlink_to(tmp_path / "secret.py")
        submission = hand_in({})
        assert problem(submission).startswith("udp_server.py is a symbolic link, which is not opened")
        assert submission.notes == ("udp_server.py is a symbolic link and was not opened.",)

    @posix
    def test_a_linked_folder_is_not_followed(
        self, hand_in: Callable[..., Submission], folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "elsewhere" / "udp_server.py").write_text(TEXT)
        (folder / "link").symlink_to(tmp_path / "elsewhere")
        assert problem(hand_in({})) == "udp_server.py is not in the submission; found: no files."

    @posix
    def test_a_real_file_deeper_down_is_taken_before_a_link(
        self, hand_in: Callable[..., Submission], folder: Path
    ) -> None:
        (folder / "udp_server.py").symlink_to("a/udp_server.py")
        assert taken(hand_in({"a/udp_server.py": TEXT})) == "a/udp_server.py"

    @posix
    def test_a_named_pipe_does_not_block(self, hand_in: Callable[..., Submission], folder: Path) -> None:
        os.mkfifo(folder / "udp_server.py")
        submission = hand_in({})
        assert problem(submission).startswith("udp_server.py is a named pipe, which is not opened")
        assert submission.notes == ("udp_server.py is a named pipe and was not opened.",)

    @posix
    def test_a_file_that_became_a_pipe_does_not_block(self, folder: Path) -> None:
        os.mkfifo(folder / "udp_server.py")
        with pytest.raises(OSError, match="not a file"):
            read_file(folder / "udp_server.py", 10)

    @posix
    def test_a_name_with_a_newline_stays_on_its_line(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"a\nScore 100\x1b[2J/udp_server.py": TEXT})
        assert taken(submission) == "a\\nScore 100\\x1b[2J/udp_server.py"

    @posix
    def test_a_name_that_is_no_text(self, folder: Path, into: Path) -> None:
        (folder / os.fsdecode(b"caf\xe9")).mkdir()
        (folder / os.fsdecode(b"caf\xe9") / "udp_server.py").write_text(TEXT)
        assert taken(open_submission(folder, PROGRAMS, into)) == "caf\\udce9/udp_server.py"

    @posix
    def test_a_program_that_cannot_be_read(
        self, hand_in: Callable[..., Submission], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path, flags: int) -> int:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr("grading.submission.tree.os.open", refuse)  # root may read everything
        said = problem(hand_in({"udp_server.py": TEXT}))
        assert said == "udp_server.py cannot be read (Permission denied): hand it in again."


class TestSiblings:
    def test_an_own_module_goes_beside_its_program(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"a/udp_server.py": TEXT, "a/shout.py": "", "b/other.py": "", "a/data.txt": ""})
        siblings = submission.programs["udp_server"].siblings
        assert [path.name for path in siblings] == ["shout.py", "data.txt"]
        assert submission.programs["udp_client"].siblings == ()

    def test_other_versions_of_programs_do_not(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in(
            {"udp_server.py": "1", "udp_server-1.py": "2", "j_1_2_udp_client.py": "", "tcp_server.py": ""}
        )
        siblings = submission.programs["udp_server"].siblings
        assert [path.name for path in siblings] == ["tcp_server.py", "udp_server.py"]

    def test_they_are_bounded_in_number(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"udp_server.py": TEXT} | {f"{n:03}.py": "" for n in range(60)})
        assert len(submission.programs["udp_server"].siblings) == 50

    def test_they_are_bounded_in_bytes(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"udp_server.py": TEXT, "a.bin": b"a" * 900_000, "b.bin": b"b" * 900_000})
        assert [path.name for path in submission.programs["udp_server"].siblings] == ["a.bin"]

    def test_a_single_file_has_none(self, hand_in: Callable[..., Submission], folder: Path, into: Path) -> None:
        hand_in({"udp_server.py": TEXT, "someone_else.py": ""})
        submission = open_submission(folder / "udp_server.py", PROGRAMS, into)
        assert submission.programs["udp_server"].siblings == ()


class TestSingleFile:
    def test_it_is_found_under_its_name(self, folder: Path, into: Path) -> None:
        (folder / "doejane_1_2_udp_server.py").write_text(TEXT)
        submission = open_submission(folder / "doejane_1_2_udp_server.py", PROGRAMS, into)
        assert taken(submission) == "doejane_1_2_udp_server.py"
        assert problem(submission, "udp_client") == (
            "udp_client.py is not in the submission; found: doejane_1_2_udp_server.py."
        )

    def test_another_name_is_a_submission_without_programs(self, folder: Path, into: Path) -> None:
        (folder / "server.py").write_text(TEXT)
        submission = open_submission(folder / "server.py", PROGRAMS, into)
        assert problem(submission) == "udp_server.py is not in the submission; found: server.py."


class TestZip:
    def test_programs_are_found_in_it(self, tmp_path: Path, into: Path) -> None:
        files = {
            "lab/": "",
            "lab/udp_server.py": TEXT,
            "lab/shout.py": "",
            "__MACOSX/lab/._udp_server.py": "\0",
            ".venv/udp_server.py": "other",
        }
        submission = open_submission(zip_of(tmp_path / "jane.ZIP", files), PROGRAMS, into)
        assert taken(submission) == "lab/udp_server.py"
        assert [path.name for path in submission.programs["udp_server"].siblings] == ["shout.py"]
        assert submission.notes == ()
        assert sorted(path.name for path in into.rglob("*") if path.is_file()) == [
            "shout.py",
            "udp_server.py",
        ]

    def test_a_link_in_it_is_not_made(self, tmp_path: Path, into: Path) -> None:
        link = zipfile.ZipInfo("udp_server.py")
        link.external_attr = 0o120777 << 16
        link.create_system = 3
        with zipfile.ZipFile(tmp_path / "jane.zip", "w") as archive:
            archive.writestr(link, "/etc/passwd")
        submission = open_submission(tmp_path / "jane.zip", PROGRAMS, into)
        assert problem(submission).startswith("udp_server.py is a symbolic link, which is not opened")
        assert submission.notes == ("udp_server.py is a symbolic link and was not opened.",)
        assert list(into.glob("*/*")) == []

    def test_two_submissions_do_not_mix(self, tmp_path: Path, into: Path) -> None:
        open_submission(zip_of(tmp_path / "a.zip", {"udp_server.py": TEXT}), PROGRAMS, into)
        other = open_submission(zip_of(tmp_path / "b.zip", {"udp_client.py": TEXT}), PROGRAMS, into)
        problem(other, "udp_server")

    def test_the_last_of_two_entries_with_one_name_is_taken(self, tmp_path: Path, into: Path) -> None:
        with zipfile.ZipFile(tmp_path / "jane.zip", "w") as archive:
            archive.writestr("udp_server.py", "1")
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("udp_server.py", "2")
        submission = open_submission(tmp_path / "jane.zip", PROGRAMS, into)
        path = submission.programs["udp_server"].path
        assert path is not None
        assert path.read_text() == "2"
        assert submission.notes == ("udp_server.py is in jane.zip more than once: the last one was taken.",)

    def test_a_name_the_file_system_cannot_have_is_noted(self, tmp_path: Path, into: Path) -> None:
        files = {"a" * 300 + ".py": "", "udp_server.py": TEXT, "udp_server.py/x": ""}
        submission = open_submission(zip_of(tmp_path / "jane.zip", files), PROGRAMS, into)
        assert taken(submission) == "udp_server.py"
        assert len(submission.notes) == 2
        assert all("could not be unpacked under that name" in note for note in submission.notes)

    def test_a_zip_in_a_folder_is_opened_when_no_program_is_beside_it(
        self, hand_in: Callable[..., Submission], folder: Path
    ) -> None:
        zip_of(folder / "lab1.zip", {"x/udp_server.py": TEXT})
        submission = hand_in({"readme.txt": ""})
        assert taken(submission) == "lab1.zip/x/udp_server.py"
        assert submission.notes == ("The programs were looked for inside lab1.zip.",)

    def test_a_broken_zip_in_a_folder_is_noted(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"lab1.zip": b"PK nonsense"})
        assert problem(submission) == "udp_server.py is not in the submission; found: lab1.zip."
        assert submission.notes == ("lab1.zip is broken or not a zip at all: zip the programs again.",)


class TestNotASubmission:
    def refused(self, path: Path, into: Path) -> str:
        with pytest.raises(NotASubmission) as refusal:
            open_submission(path, PROGRAMS, into)
        assert "\n" not in str(refusal.value)
        return str(refusal.value)

    def test_a_path_that_does_not_exist(self, tmp_path: Path, into: Path) -> None:
        assert "does not exist: check the path" in self.refused(tmp_path / "no\nwhere", into)

    def test_a_path_that_cannot_be(self, tmp_path: Path, into: Path) -> None:
        self.refused(tmp_path / "a\0b", into)
        self.refused(tmp_path / ("a" * 5000), into)

    def test_another_kind_of_file(self, tmp_path: Path, into: Path) -> None:
        (tmp_path / "jane.rar").write_bytes(b"Rar!")
        assert "neither a folder, nor a zip, nor a .py file" in self.refused(tmp_path / "jane.rar", into)

    @posix
    @pytest.mark.parametrize("name", ["pipe", "pipe.py", "pipe.zip"])
    def test_a_pipe(self, tmp_path: Path, into: Path, name: str) -> None:
        os.mkfifo(tmp_path / name)
        assert "neither a folder" in self.refused(tmp_path / name, into)

    def test_an_empty_folder(self, folder: Path, into: Path) -> None:
        assert "holds no files" in self.refused(folder, into)

    def test_a_folder_of_empty_and_hidden_folders(self, folder: Path, into: Path) -> None:
        (folder / "src" / "deep").mkdir(parents=True)
        (folder / ".git").mkdir()
        (folder / ".git" / "config").write_text("")
        assert "holds no files" in self.refused(folder, into)

    def test_an_unreadable_folder(self, folder: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(path: Path) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr("grading.submission.tree.os.scandir", refuse)  # root may read everything
        assert "cannot be read (Permission denied)" in self.refused(folder, into)

    def test_an_empty_zip(self, tmp_path: Path, into: Path) -> None:
        assert "holds no files" in self.refused(zip_of(tmp_path / "jane.zip", {}), into)

    @pytest.mark.parametrize("content", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\xff" * 18])
    def test_a_broken_zip(self, tmp_path: Path, into: Path, content: bytes) -> None:
        (tmp_path / "jane.zip").write_bytes(content)
        assert "is broken or not a zip at all" in self.refused(tmp_path / "jane.zip", into)

    def test_a_zip_whose_content_is_broken(self, tmp_path: Path, into: Path) -> None:
        path = zip_of(tmp_path / "jane.zip", {"udp_server.py": TEXT * 100})
        data = bytearray(path.read_bytes())
        data[30 + len("udp_server.py")] = 0xFF  # the first byte of the deflated text: no such kind of block
        path.write_bytes(data)
        assert "is broken or not a zip at all" in self.refused(path, into)

    @pytest.mark.parametrize(
        "name",
        ["/etc/x", "../x", "a/../../x", "a/..", "C:/x", "c:x", "a\\b.py", "..\\x", "\\\\server\\x", "//x/y"],
    )
    def test_an_entry_that_leaves_its_folder(self, tmp_path: Path, into: Path, name: str) -> None:
        said = self.refused(zip_of(tmp_path / "jane.zip", {"udp_server.py": TEXT, name: "x"}), into)
        assert "outside its folder" in said
        assert not list(into.glob("*/*"))

    def test_an_encrypted_zip(self, tmp_path: Path, into: Path) -> None:
        path = zip_of(tmp_path / "jane.zip", {"udp_server.py": TEXT})
        data = bytearray(path.read_bytes())
        for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(header) + flags] |= 1
        path.write_bytes(data)
        assert "is encrypted" in self.refused(path, into)

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_a_compression_that_cannot_be_bounded(self, tmp_path: Path, into: Path, method: int) -> None:
        with zipfile.ZipFile(tmp_path / "jane.zip", "w", method) as archive:
            archive.writestr("udp_server.py", TEXT)
        assert "compressed in an unusual way" in self.refused(tmp_path / "jane.zip", into)

    def test_a_bomb(self, tmp_path: Path, into: Path) -> None:
        path = zip_of(tmp_path / "jane.zip", {f"{n}.txt": b"\0" * 7_000_000 for n in range(3)})
        assert path.stat().st_size < 50_000
        assert "unpacks to more than 20 MB" in self.refused(path, into)

    def test_a_bomb_whose_headers_lie(self, tmp_path: Path, into: Path) -> None:
        path = zip_of(tmp_path / "jane.zip", {"a.txt": b"\0" * 21_000_000})
        data = bytearray(path.read_bytes())
        struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
        path.write_bytes(data)
        assert "is broken" in self.refused(path, into)
        assert not list(into.glob("*/*"))

    def test_a_zip_of_too_many_entries(self, tmp_path: Path, into: Path) -> None:
        path = zip_of(tmp_path / "jane.zip", {f"{n}.txt": "" for n in range(MAX_ENTRIES + 1)})
        assert "has more than 1,000 entries" in self.refused(path, into)

    def test_a_directory_too_long_to_be_read(self, tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = tmp_path / "jane.zip"
        path.write_bytes(b"PK\x01\x02" * 20_000)
        monkeypatch.delattr("grading.submission.archive.zipfile.ZipFile")
        assert "has more than 1,000 entries" in self.refused(path, into)


class TestBounds:
    def test_a_wide_folder_is_cut_with_a_note(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({f"{n}.txt": "" for n in range(MAX_ENTRIES + 5)})
        assert submission.notes == ("There are more than 1,000 files and folders: not all were looked at.",)

    def test_no_more_than_the_bound_is_listed(self, hand_in: Callable[..., Submission], folder: Path) -> None:
        hand_in({f"a/{n}.txt": "" for n in range(MAX_ENTRIES)} | {f"b/{n}.txt": "" for n in range(5)})
        assert len(walk(folder)[0]) == MAX_ENTRIES

    def test_a_full_folder_is_not(self, hand_in: Callable[..., Submission]) -> None:
        assert hand_in({f"{n}.txt": "" for n in range(MAX_ENTRIES)}).notes == ()

    def test_a_deep_folder_is_cut_with_a_note(self, hand_in: Callable[..., Submission]) -> None:
        submission = hand_in({"d/" * 30 + "udp_server.py": TEXT, "x.txt": ""})
        problem(submission)
        assert submission.notes == ("Folders more than 20 deep were not looked at.",)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_zip_breaks_the_grader(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """Whatever is done to the bytes of a zip, it is a submission or it is refused in a sentence."""
    names = data.draw(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=4))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        infos = [zipfile.ZipInfo(name or "x") for name in ["udp_server.py", *names]]
        for info in {info.filename: info for info in infos}.values():
            info.external_attr = data.draw(st.sampled_from([0, 0o100644, 0o120777, 0o040755])) << 16
            archive.writestr(info, b"x = 1\n", data.draw(st.sampled_from([0, 8])))
    content = bytearray(buffer.getvalue())
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=4)):
        content[place] = data.draw(st.integers(0, 255))
    del content[data.draw(st.sampled_from([len(content), len(content) - 5, len(content) // 2])) :]
    folder = tmp_path_factory.mktemp("zip")
    (folder / "jane.zip").write_bytes(content)
    try:
        submission = open_submission(folder / "jane.zip", PROGRAMS, folder / "work")
    except NotASubmission as refusal:
        assert str(refusal).isprintable()  # noqa: PT017  either outcome is fine
    else:
        assert all(note.isprintable() for note in submission.notes)
