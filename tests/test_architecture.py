"""What DESIGN fixes about the house: its tree, which way imports run, the rubric, the table of causes."""

from __future__ import annotations

import ast
import importlib
import marshal
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from grading.diagnosis import CAUSES

ROOT = Path(__file__).parents[1]
GRADING = ROOT / "grading"

TOP = {
    "labs", "solutions", "notebooks", "tests", "grading", "README.md", "requirements.txt",
    "Makefile", "pyproject.toml", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", ".gitignore",
    ".ci", ".github", ".devcontainer",
}  # fmt: skip

FACE = {"arena", "diagnosis", "reports", "results", "submission", "transcript", "session"}
MAY_IMPORT = {
    "": set[str](),  # grading/__init__.py
    "results": set[str](),
    "transcript": {"transcript"},
    "submission": {"submission"},
    "arena": {"arena", "transcript"},
    "checks": {"checks", "arena"},
    "diagnosis": {"diagnosis", "transcript", "results"},
    "reports": {"reports", "transcript", "results"},
    "rubric": set[str](),
    "verdicts": {"arena", "diagnosis", "results", "transcript"},
    "runs": {"arena", "results", "transcript", "verdicts"},
    "classroom": {"classroom", "diagnosis", "reports", "results", "session", "submission"},
    "session": FACE | {"rubric", "runs", "verdicts"},
    "intruders": set[str](),
    "conftest": FACE | {"intruders"},
    "platforms": {"platforms", "reports", "rubric"},
    "__main__": {"classroom", "platforms"},
}
"""Which rooms of ``grading/`` each room may import from. A new room says here what it stands on."""

INSIDE = (
    *(f"arena/inside/{name}.py" for name in ("forkserver", "launcher", "networks", "confinement", "keeper")),
    "transcript/recorder.py",
)
"""Modules that run inside the sandbox, where nothing of ours but they is installed."""

VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "tools"}

TABLE = """
missing-file not-started syntax-error python-2 undefined-name socket-prefix missing-encode missing-decode
encode-on-bytes tuple-not-unpacked swapped-unpack address-not-tuple port-not-int wrong-socket-type wrong-port
wrong-host missing-bind missing-listen missing-accept missing-connect no-destination wrong-destination wrong-reply
extra-text no-reply one-client-only stuck-on-first-client welcoming-socket-closed connection-not-closed
close-not-called client-binds-port receive-before-send buffer-too-small quits-on-empty-message ignores-input
reply-not-printed nothing-sent sent-more-than-once crash hang
"""
"""The slugs of DESIGN's table of causes, in its order."""


def own_files() -> list[str]:
    """List what git keeps, or would keep: paths with forward slashes, from the root."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in listed.split("\0") if path]


def modules() -> list[Path]:
    return sorted(GRADING.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(GRADING).parts[0]
    return first.removesuffix(".py").removesuffix("__init__")


def imported(tree: ast.AST, package: str) -> Iterator[str]:
    """Give the full names that a piece of code imports; ``from grading import x`` counts as ``grading.x``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{module}.{name.name}" for name in node.names)


def imports_of(path: Path) -> list[str]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    return list(imported(ast.parse(path.read_text(encoding="utf-8")), package))


class TestTree:
    def test_the_top_level_holds_what_the_design_names(self) -> None:
        assert {path.partition("/")[0] for path in own_files()} <= TOP

    def test_no_file_has_a_name_that_says_nothing(self) -> None:
        vague = [path for path in own_files() if VAGUE & set(re.split(r"[/._]", path.lower()))]
        assert vague == []


class TestImports:
    @pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(GRADING).as_posix())
    def test_run_one_way(self, path: Path) -> None:
        room = room_of(path)
        assert room in MAY_IMPORT, f"grading/{room} is a new room: say in MAY_IMPORT what it may import"
        ours = {name.split(".")[1] for name in imports_of(path) if name.startswith("grading.")}
        assert ours <= MAY_IMPORT[room]

    @pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(GRADING).as_posix())
    def test_are_all_statements_that_can_be_read(self, path: Path) -> None:
        """No import by a computed name gets past the test above."""
        assert not re.search(r"import_module|__import__", path.read_text(encoding="utf-8"))

    def test_relative_and_nested_ones_are_seen(self) -> None:
        """The test of imports is tested: what it must not overlook."""
        code = "from . import a\nfrom ..session import b\nfrom grading import c\ndef f():\n    import grading.d\n"
        names = ["grading.arena.a", "grading.session.b", "grading.c", "grading.d"]
        assert list(imported(ast.parse(code), "grading.arena")) == names

    @pytest.mark.parametrize("name", INSIDE)
    def test_inside_the_sandbox_are_of_the_standard_library(self, name: str) -> None:
        tree = ast.parse((GRADING / name).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Try):
                node.handlers = []  # there the package is imported, where the file beside it is not to be found
        foreign = {each.partition(".")[0] for each in imported(tree, "grading.arena")} - sys.stdlib_module_names
        assert foreign <= {Path(each).stem for each in INSIDE}

    @pytest.mark.skipif(sys.platform == "win32", reason="the fork server needs fork")
    def test_inside_the_sandbox_need_no_package(self, tmp_path: Path) -> None:
        for name in INSIDE:
            shutil.copy(GRADING / name, tmp_path)
        given = marshal.dumps({"recorded": True, "refused": b"", "limits": {}}).hex()
        code = f"import sys; sys.argv = ['', {given!r}]; sys.path.insert(0, {str(tmp_path)!r}); "
        code += "import forkserver, keeper, launcher, recorder; "
        code += "print([name for name in sys.modules if name.partition('.')[0] in ('grading', 'psutil', 'pytest')])"
        command = [sys.executable, "-S", "-E", "-s", "-B", "-c", code]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
        assert (done.stdout, done.stderr) == ("[]\n", "")


@dataclass(frozen=True)
class Check:
    name: str
    program: str
    points: float
    after: tuple[str, ...]
    title: str


def read_rubric() -> list[Check]:
    """Read the checks from their modules, in the order in which pytest runs them."""
    rubric = []
    for path in sorted((GRADING / "checks").glob("test_*.py")):
        module = importlib.import_module(f"grading.checks.{path.stem}")
        for name, function in vars(module).items():
            if name.startswith("test_"):
                (mark,) = [mark for mark in getattr(function, "pytestmark", []) if mark.name == "check"]
                rubric.append(Check(name.removeprefix("test_"), **mark.kwargs, title=function.__doc__ or ""))
    return rubric


RUBRIC = read_rubric()


class TestRubric:
    def test_points_sum_to_100(self) -> None:
        assert sum(check.points for check in RUBRIC) == 100

    def test_every_check_earns_something(self) -> None:
        assert [check.name for check in RUBRIC if check.points <= 0] == []

    @pytest.mark.parametrize("program", ["udp_server", "udp_client", "tcp_server", "tcp_client"])
    def test_each_program_has_at_least_eight_checks(self, program: str) -> None:
        assert sum(check.program == program for check in RUBRIC) >= 8

    def test_names_are_unique_and_begin_with_the_program(self) -> None:
        assert [name for name, times in Counter(check.name for check in RUBRIC).items() if times > 1] == []
        assert [check.name for check in RUBRIC if not check.name.startswith(f"{check.program}_")] == []

    def test_the_option_k_with_a_client_does_not_select_the_pair(self) -> None:
        pairs = [check.name for check in RUBRIC if check.program in ("udp_pair", "tcp_pair")]
        assert len(pairs) == 2
        assert [name for name in pairs if re.search("(udp|tcp)_(server|client)", name)] == []
        for program in ("udp_server", "udp_client", "tcp_server", "tcp_client"):
            selected = {check.program for check in RUBRIC if program in check.name}
            assert selected == {program}

    def test_checks_build_on_checks_that_come_before_them(self) -> None:
        names = [check.name for check in RUBRIC]
        for place, check in enumerate(RUBRIC):
            assert [name for name in check.after if name not in names[:place]] == [], check.name

    def test_the_first_check_of_a_program_builds_on_nothing(self) -> None:
        first = {check.program: check for check in reversed(RUBRIC)}
        assert [check.name for check in first.values() if check.after and "pair" not in check.program] == []

    def test_titles_are_lines_that_a_student_can_read(self) -> None:
        assert [check.name for check in RUBRIC if not re.fullmatch(r"[A-Z][^\n]{4,70}[^\s.]", check.title)] == []
        titles = Counter((check.program, check.title) for check in RUBRIC)
        assert [title for title, times in titles.items() if times > 1] == []

    def test_numbers_stand_for_the_same_checks_however_they_are_chosen(self) -> None:
        """All checks of a program stand together, so that its number is one for all of them."""
        blocks = [check.program for place, check in enumerate(RUBRIC) if RUBRIC[place - 1].program != check.program]
        assert len(blocks) == len(set(blocks))


def suspects(tree: ast.AST) -> Iterator[str]:
    """Give the causes that a module names where it raises or makes a mismatch."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Attribute) and node.func.attr == "mismatch":
            named = node.args[:1]
        elif isinstance(node.func, ast.Name) and node.func.id == "mismatch":
            named = node.args[2:3]
        else:
            continue
        for part in (part for argument in named for part in ast.walk(argument)):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part.value


class TestCauses:
    def test_every_slug_of_the_design_has_an_entry(self) -> None:
        assert [slug for slug in TABLE.split() if slug not in CAUSES] == []

    def test_each_entry_is_found_under_its_own_slug(self) -> None:
        assert [slug for slug, cause in CAUSES.items() if cause.slug != slug] == []

    def test_the_checks_name_no_cause_that_has_no_entry(self) -> None:
        paths = [*(GRADING / "checks").glob("*.py"), *(GRADING / "arena").glob("*.py")]
        named = {slug for path in paths for slug in suspects(ast.parse(path.read_text(encoding="utf-8")))}
        assert len(named) > 10, "the test no longer sees where causes are named"
        assert named - set(CAUSES) == set()
