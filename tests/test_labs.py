"""The labs and their solutions have one shape: a skeleton is its solution with lines taken out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LABS = ROOT / "labs"
SOLUTIONS = ROOT / "solutions"

TASK = re.compile(r"# TODO (\d+): \S.*")
CONTINUED = re.compile(r"#   \S.*")
PLACEHOLDER = re.compile(r'raise NotImplementedError\("(TODO \d+: .+)"\)')


def programs_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.py"))


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@dataclass(frozen=True)
class Task:
    """One TODO of a skeleton: its comment, then its placeholder."""

    title: str
    """``TODO 3: …``: the comment's first line."""
    placeholder: str
    """The line after the comment."""
    place: int
    """Line of the comment, counted from 1."""


def read_skeleton(lines: list[str]) -> tuple[list[Task], list[str]]:
    """Take a skeleton apart: its TODOs, and all other lines that are not blank."""
    tasks: list[Task] = []
    given: list[str] = []
    left = list(enumerate(lines, start=1))
    while left:
        place, line = left.pop(0)
        if TASK.fullmatch(line):
            while left and CONTINUED.fullmatch(left[0][1]):
                left.pop(0)
            tasks.append(Task(line.removeprefix("# "), left.pop(0)[1] if left else "", place))
        elif line:
            given.append(line)
    return tasks, given


def taken_out(program: str) -> list[str]:
    """Give the solution's code lines that its skeleton leaves to the student, without indentation."""
    _, given = read_skeleton(lines_of(LABS / program))
    code = [line.strip() for line in lines_of(SOLUTIONS / program) if line.strip() and line not in given]
    return [line for line in code if not line.startswith("#")]


each_program = pytest.mark.parametrize("program", programs_in(SOLUTIONS))


def test_labs_and_solutions_have_the_same_programs_at_the_same_paths() -> None:
    assert programs_in(LABS) == programs_in(SOLUTIONS)


def test_the_slides_four_programs_are_there() -> None:
    assert set(programs_in(LABS)) >= {
        "lab1_udp/udp_client.py",
        "lab1_udp/udp_server.py",
        "lab2_tcp/tcp_client.py",
        "lab2_tcp/tcp_server.py",
    }


def test_program_names_are_unique_whatever_flattens_the_folders() -> None:
    names = Counter(Path(program).name.casefold() for program in programs_in(LABS))
    assert [name for name, count in names.items() if count > 1] == []


@each_program
def test_a_skeleton_is_its_solution_with_lines_taken_out(program: str) -> None:
    _, given = read_skeleton(lines_of(LABS / program))
    solution = iter(lines_of(SOLUTIONS / program))  # `in` goes on where the last hit was: the order counts
    assert [line for line in given if line not in solution] == []


@each_program
def test_todos_are_numbered_from_one_and_followed_by_their_placeholder(program: str) -> None:
    tasks, _ = read_skeleton(lines_of(LABS / program))
    assert tasks
    for number, task in enumerate(tasks, start=1):
        assert task.title.startswith(f"TODO {number}: ")
        assert task.placeholder == f'raise NotImplementedError("{task.title}")'


@each_program
def test_every_todo_is_in_a_comment_or_its_placeholder(program: str) -> None:
    lines = lines_of(LABS / program)
    tasks, _ = read_skeleton(lines)
    placeholders = [line for line in lines if PLACEHOLDER.fullmatch(line)]
    assert placeholders == [task.placeholder for task in tasks]
    assert sum("raise" in line.split("#")[0].split() for line in lines) == len(tasks)


@each_program
def test_there_is_a_line_to_write_for_every_todo(program: str) -> None:
    tasks, _ = read_skeleton(lines_of(LABS / program))
    assert len(taken_out(program)) >= len(tasks)


@each_program
def test_a_skeleton_does_not_contain_its_answers(program: str) -> None:
    skeleton = (LABS / program).read_text(encoding="utf-8")
    assert [line for line in taken_out(program) if line.rstrip(":") in skeleton] == []


@each_program
def test_solutions_have_nothing_left_to_do(program: str) -> None:
    assert re.search(r"TODO|NotImplemented", (SOLUTIONS / program).read_text(encoding="utf-8")) is None


@each_program
@pytest.mark.parametrize("folder", [LABS, SOLUTIONS], ids=["labs", "solutions"])
def test_programs_compile_and_fit_on_a_screen(folder: Path, program: str) -> None:
    lines = lines_of(folder / program)
    compile("\n".join(lines), program, "exec")
    assert 15 <= len(lines) <= 60


@each_program
def test_an_untouched_skeleton_ends_at_once_naming_its_first_todo(program: str, tmp_path: Path) -> None:
    tasks, _ = read_skeleton(lines_of(LABS / program))
    run = subprocess.run(
        [sys.executable, LABS / program],
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=30,
        check=False,
    )
    assert run.returncode == 1
    assert run.stdout == ""
    assert run.stderr.splitlines()[-1] == f"NotImplementedError: {tasks[0].title}"
    assert f"line {lines_of(LABS / program).index(tasks[0].placeholder) + 1}," in run.stderr


@pytest.mark.parametrize("lab", sorted(path.name for path in SOLUTIONS.iterdir() if path.is_dir()))
def test_every_lab_has_a_page_that_names_its_programs(lab: str) -> None:
    page = (LABS / lab / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in sorted((LABS / lab).glob("*.py")) if path.name not in page] == []
    assert f"[{lab}]({lab}/README.md)" in (LABS / "README.md").read_text(encoding="utf-8")
