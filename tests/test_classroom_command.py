"""``python -m grading class`` and ``merge`` as they are typed: what is refused, what is said, what a shard is."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from grading import arena
from grading.classroom.command import LEVELS
from grading.classroom.shards import Shard, shard
from grading.reports.pages.about import ISOLATION
from tests.classrooms import command, environment, gradebook, hand_in, results, run, small_class, solution
from tests.gallery.entries import ROOT

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX has")


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """Two students, whose programs are quick to grade."""
    hand_in(tmp_path / "in", "amy", udp_client="")
    hand_in(tmp_path / "in", "ben", udp_client="")
    return tmp_path / "in"


class TestWhatIsRefused:
    """One sentence, exit status 2, and nothing is written."""

    def refused(self, *arguments: str | Path, **env: str) -> str:
        ran = run(*arguments, **env)
        assert ran.status == 2, ran
        line = ran.err.splitlines()[-1]
        assert not re.search(r"[.:] +[A-Z][a-z]+Error", line)
        return line

    def test_no_command(self) -> None:
        assert "required: COMMAND" in self.refused()

    @pytest.mark.parametrize(
        "option, value, why",
        [
            ("--workers", "0", "at least 1"), ("--workers", "two", "at least 1"), ("--shard", "0/4", "such as 3/16"),
            ("--shard", "5/4", "such as 3/16"), ("--shard", "3", "such as 3/16"), ("--deadline", "0", "greater than 0"),
            ("--deadline", "nan", "greater than 0"), ("--isolation", "some", "choose from"), ("--seed", "x", "int"),
        ],
    )  # fmt: skip
    def test_an_option_that_cannot_be(self, two: Path, option: str, value: str, why: str) -> None:
        said = self.refused("class", two, "--out", two.parent / "out", option, value)
        assert f"argument {option}: " in said
        assert why in said
        assert not (two.parent / "out").exists()

    def test_a_class_that_is_not_there(self, tmp_path: Path) -> None:
        assert "nobody does not exist" in self.refused("class", tmp_path / "nobody", "--out", tmp_path / "out")
        assert not (tmp_path / "out").exists()

    def test_a_folder_that_holds_something_else(self, two: Path, tmp_path: Path) -> None:
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.txt").write_text("years")
        assert "holds something else" in self.refused("class", two, "--out", tmp_path / "mine")
        assert [each.name for each in (tmp_path / "mine").iterdir()] == ["thesis.txt"]

    def test_a_folder_among_the_submissions(self, two: Path) -> None:
        assert "--out: name a folder that is not in" in self.refused("class", two, "--out", two / "grades")
        assert "--out: name a folder that is not in" in self.refused("class", two, "--out", two.parent)

    def test_a_roster_that_is_none(self, two: Path) -> None:
        (two.parent / "roster.csv").write_text("nothing\n")
        said = self.refused("class", two, "--out", two.parent / "out", "--roster", two.parent / "roster.csv")
        assert "has no column of ids" in said

    def test_a_form_that_is_none_before_anything_is_graded(self, two: Path) -> None:
        (two.parent / "form.csv").write_text("nothing\n")
        for option in ("--canvas", "--moodle"):
            self.refused("class", two, "--out", two.parent / "out", option, two.parent / "form.csv")
        assert not (two.parent / "out").exists()

    def test_a_form_that_is_not_there(self, two: Path) -> None:
        self.refused("class", two, "--out", two.parent / "out", "--canvas", two.parent / "nothing.csv")

    def test_a_level_that_does_not_hold_here(self, two: Path, tmp_path: Path) -> None:
        (tmp_path / "bin").mkdir()
        said = self.refused("class", two, "--out", tmp_path / "out", "--isolation", "bwrap", PATH=str(tmp_path / "bin"))
        assert "nothing was graded: --isolation bwrap: " in said
        assert "--isolation none" in said
        assert list((tmp_path / "out" / "results").iterdir()) == []
        assert not (tmp_path / "out" / "index.html").exists()

    def test_a_scheduler_that_is_not_there(self, two: Path) -> None:
        assert "--cluster: " in self.refused("class", two, "--out", two.parent / "o", "--cluster", "nonsense")

    @posix
    def test_a_disk_that_is_full_is_no_traceback(self, two: Path, tmp_path: Path) -> None:
        (tmp_path / "out").mkdir()
        run("class", two, "--out", tmp_path / "out")
        (tmp_path / "out" / "gradebook.csv").unlink()
        (tmp_path / "out" / "gradebook.csv").symlink_to("/dev/full")
        ran = run("class", two, "--out", tmp_path / "out")
        assert ran.status == 1
        assert "No space left on device" in ran.err

    def test_a_part_that_is_none(self, two: Path) -> None:
        assert "holds no grades of a class" in self.refused("merge", two, "--out", two.parent / "out")


def test_the_levels_are_those_of_a_single_grading() -> None:
    assert LEVELS == arena.LEVELS


class TestWhatIsSaid:
    def test_everything_that_an_instructor_asks(self, tmp_path: Path) -> None:
        hand_in(tmp_path / "in", "amy", udp_client=solution("udp_client"))
        (tmp_path / "in" / "eva.zip").write_bytes(b"PK\x03\x04")
        (tmp_path / "in" / "read me.pdf").write_text("a stray")
        (tmp_path / "roster.csv").write_text("id,name\namy,Amy\neva,Eva\nzoe,Zoë\n", encoding="utf-8")
        ran = run("class", tmp_path / "in", "--out", tmp_path / "out", "--roster", tmp_path / "roster.csv")
        assert ran.status == 0
        assert "3 students.\n" in ran.out.splitlines(keepends=True)[0]
        assert "unreadable: eva (eva): " in ran.out
        assert "3 students: 1 graded, 1 unreadable, 1 missing.\n" in ran.out
        assert "Mean score of those graded: 24 of 100.\n" in ran.out
        assert ISOLATION[gradebook(tmp_path / "out")[0]["isolation"]] in ran.out
        assert "Belonging to no student: read me.pdf.\n" in ran.out
        assert str(tmp_path / "out" / "index.html") in ran.out
        assert "\x1b" not in ran.out
        assert {row["id"]: row["status"] for row in gradebook(tmp_path / "out")} == {
            "amy": "graded", "eva": "unreadable", "zoe": "missing",
        }  # fmt: skip
        missing = results(tmp_path / "out", "zoe")
        assert (missing["tests"], missing["max_score"], missing["extra_data"]["status"]) == ([], 100, "missing")

    @posix
    def test_a_bar_on_a_terminal(self, two: Path, tmp_path: Path) -> None:
        ours, theirs = os.openpty()
        arguments = command("class", two, "--out", tmp_path / "out")
        with subprocess.Popen(arguments, cwd=ROOT, env=environment(TERM="xterm"), stdout=theirs, stderr=theirs) as ran:
            os.close(theirs)
            said = b""
            while True:
                try:
                    said += os.read(ours, 65536)
                except OSError:  # its end of the terminal is closed
                    break
        os.close(ours)
        assert ran.returncode == 0
        assert b"2/2" in said
        assert b"\x1b[" in said
        assert b"Reports: " in said


class TestShards:
    def test_hold_each_student_once(self) -> None:
        students = [f"student {number}" for number in range(200)]
        parts = [[each for each in students if Shard(number, 3).holds(each)] for number in (1, 2, 3)]
        assert sorted(each for part in parts for each in part) == sorted(students)
        assert min(map(len, parts)) > 40

    def test_are_read_as_they_are_written(self) -> None:
        assert shard("3/16") == Shard(3, 16)
        assert str(Shard(3, 16)) == "3/16"

    def test_give_together_what_one_run_gives(self, tmp_path: Path) -> None:
        small_class(tmp_path / "in")
        whole, parts = tmp_path / "whole", [tmp_path / "part1", tmp_path / "part2"]
        assert run("class", tmp_path / "in", "--out", whole, "--seed", "3").status == 0
        assert run("class", tmp_path / "in", "--out", parts[0], "--seed", "3", "--shard", "1/2").status == 0
        assert 0 < len(gradebook(parts[0])) < 5
        ran = run("merge", parts[0], "--out", tmp_path / "early")
        assert ran.status == 1
        assert "Of the shards, 2/2 are not there." in ran.out
        assert run("class", tmp_path / "in", "--out", parts[1], "--seed", "3", "--shard", "2/2").status == 0
        assert run("merge", *parts, "--out", tmp_path / "merged").status == 0
        merged = tmp_path / "merged"
        assert (merged / "gradebook.csv").read_bytes() == (whole / "gradebook.csv").read_bytes()
        assert {each.name for each in (merged / "students").iterdir()} == {
            each.name for each in (whole / "students").iterdir()
        }
        said = run("class", tmp_path / "in", "--out", parts[0], "--shard", "2/2")
        assert said.status == 2
        assert "shard 1/2, not of shard 2/2" in said.err

    def test_say_where_a_student_is_in_two(self, two: Path, tmp_path: Path) -> None:
        one, other = tmp_path / "one", tmp_path / "other"
        run("class", two, "--out", one)
        hand_in(two, "ben", udp_client=solution("udp_client"))
        run("class", two, "--out", other)
        ran = run("merge", one, other, "--out", tmp_path / "merged")
        assert ran.status == 0
        assert f"ben (ben) is in {one} and in {other}, with different results: those in {other} were taken." in ran.out
        assert [row["score"] for row in gradebook(tmp_path / "merged")] == ["0", "24"]


CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lab 1 (1),Lab 2 (2)
    Points Possible,,,,,100,50
"Miller, Amy",amy,,,One,,
"""


def test_a_column_of_canvas_is_named_where_there_are_several(tmp_path: Path) -> None:
    hand_in(tmp_path / "in", "amy", udp_client=solution("udp_client"))
    (tmp_path / "canvas.csv").write_text(CANVAS)
    command = ("class", tmp_path / "in", "--out", tmp_path / "out", "--canvas", tmp_path / "canvas.csv")
    unnamed = run(*command)
    assert unnamed.status == 2
    assert "Lab 1 (1)" in unnamed.err
    named = run(*command, "--assignment", "Lab 2")
    assert named.status == 0
    assert '"Miller, Amy",amy,,,One,,12.00\n' in (tmp_path / "out" / "canvas.csv").read_text()
