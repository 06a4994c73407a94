"""The Makefile: what it says of itself, and where something is missing. Nothing is installed here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKE = shutil.which("make")
TARGETS = {
    "grade", "class", "notebooks", "test", "lint", "bench", "gallery", "mistakes",
    "notebooks-test", "notebooks-run", "hooks", "clean",
}  # fmt: skip

pytestmark = pytest.mark.skipif(MAKE is None or os.name != "posix", reason="needs make and a POSIX shell")


def make(*arguments: str, folder: Path = ROOT, path: str | None = None) -> subprocess.CompletedProcess[str]:
    assert MAKE is not None
    env = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "SUBMISSION"))}
    env |= {"PATH": path or os.environ["PATH"], "LC_ALL": "C"}
    return subprocess.run(
        [MAKE, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=30
    )


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Give a checkout in which nothing was made yet."""
    folder = tmp_path / "a clone"
    folder.mkdir()
    for name in ("Makefile", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    return folder


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Give a folder of commands in which there is no Python, but what a shell needs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "rm", "touch", "echo"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    return folder


def fake_python(folder: Path, body: str, name: str = "python3") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def real_python(version: str) -> str:
    """Give a script that takes this interpreter for one of another version, and can do nothing but run ``-c``."""
    pretend = f"import sys; sys.version_info = ({version.replace('.', ', ')}); exec(sys.argv[1])"
    return (
        f'case "$1" in -V) echo Python {version};; -c) exec "{sys.executable}" -c "{pretend}" "$2";; *) exit 1;; esac'
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Give the one sentence that stands before make's own last line."""
    sentence, last, *rest = done.stderr.splitlines()
    assert rest == []
    assert re.search(r"\*\*\* .*Error 1", last)
    return sentence


class TestHelp:
    @pytest.mark.parametrize("arguments", [["help"], []], ids=["asked for", "by default"])
    def test_lists_every_target(self, arguments: list[str]) -> None:
        done = make(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert set(re.findall(r"^make ([\w-]+)", done.stdout, re.MULTILINE)) == TARGETS

    def test_lists_what_there_is(self) -> None:
        text = (ROOT / "Makefile").read_text(encoding="utf-8")
        (phony,) = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
        assert set(phony.split()) == TARGETS | {"help"}
        rules = set(re.findall(r"^([a-z][\w-]*):(?!=)", text, re.MULTILINE))
        assert rules == TARGETS | {"help"}

    def test_needs_no_python(self, clone: Path, bare: Path) -> None:
        done = make("help", folder=clone, path=str(bare))
        assert (done.returncode, done.stderr) == (0, "")
        assert not (clone / ".venv").exists()

    def test_fits_a_terminal(self) -> None:
        assert [line for line in make("help").stdout.splitlines() if len(line) > 100] == []


class TestWhatIsMissing:
    """One sentence says what to install, and nothing is left behind."""

    @pytest.mark.parametrize("target", sorted(TARGETS - {"clean"}))
    def test_python(self, clone: Path, bare: Path, target: str) -> None:
        done = make(target, folder=clone, path=str(bare))
        assert done.returncode == 2
        sentence = said(done)
        assert sentence.startswith("python3 was not found: install Python 3.10 or newer")
        assert "sudo apt install python3 python3-venv" in sentence
        assert not (clone / ".venv").exists()

    def test_the_python_that_was_named(self, clone: Path, bare: Path) -> None:
        assert said(make("grade", "PYTHON=python9", folder=clone, path=str(bare))).startswith("python9 was not found")

    def test_a_newer_python(self, clone: Path, bare: Path) -> None:
        fake_python(bare, real_python("3.9.18"))
        done = make("grade", folder=clone, path=str(bare))
        assert done.returncode == 2
        assert said(done).startswith("python3 is Python 3.9.18, and Python 3.10 or newer is needed: install one")
        assert not (clone / ".venv").exists()

    def test_no_newer_python_than_is_needed(self, clone: Path, bare: Path) -> None:
        fake_python(bare, real_python("3.10.0"))
        done = make("grade", folder=clone, path=str(bare))
        assert done.stdout == "==> Making .venv with Python 3.10.0\n", "what comes after that, this one cannot do"

    def test_a_newer_python_where_the_old_one_is_python_2(self, clone: Path, bare: Path) -> None:
        """Python 2 says its version on stderr."""
        fake_python(bare, 'case "$1" in -V) echo Python 2.7.18 >&2;; *) exit 1;; esac', "python")
        done = make("grade", "PYTHON=python", folder=clone, path=str(bare))
        assert said(done).startswith("python is Python 2.7.18, and Python 3.10 or newer is needed")

    def test_the_venv_module(self, clone: Path, bare: Path) -> None:
        fake_python(bare, 'case "$2" in *ensurepip*) exit 1;; esac')
        done = make("grade", folder=clone, path=str(bare))
        assert done.returncode == 2
        assert said(done).startswith("python3 cannot make virtual environments: install its venv module")
        assert not (clone / ".venv").exists()

    def test_what_venv_itself_needs(self, clone: Path, bare: Path) -> None:
        fake_python(bare, 'case "$1$2" in -mvenv) : > .venv; echo "no space left" >&2; exit 1;; esac')
        done = make("grade", folder=clone, path=str(bare))
        reason, sentence, _ = done.stderr.splitlines()
        assert reason == "no space left"
        assert sentence.startswith("python3 could not make .venv; its reason stands above")
        assert not (clone / ".venv").exists(), "half of one would be taken for a whole one"


@pytest.fixture
def ready(clone: Path) -> Path:
    """Give a checkout whose interpreter repeats how it was called."""
    (clone / ".venv" / "bin").mkdir(parents=True)
    fake_python(clone / ".venv" / "bin", 'for word in "$@"; do echo "[$word]"; done; exit "${STATUS:-0}"', "python")
    (clone / ".venv" / "ready").touch()
    return clone


def words(done: subprocess.CompletedProcess[str]) -> list[str]:
    return re.findall(r"^\[(.*)\]$", done.stdout, re.MULTILINE)


class TestGrade:
    def test_says_what_it_does(self, ready: Path) -> None:
        assert make("grade", folder=ready).stdout.startswith("==> Grading labs\n")
        assert make("grade", "SUBMISSION=x.zip", folder=ready).stdout.startswith("==> Grading x.zip\n")

    def test_runs_the_command(self, ready: Path) -> None:
        assert words(make("grade", folder=ready)) == ["-m", "pytest", "grading"]

    def test_hands_on_a_path_as_it_is(self, ready: Path) -> None:
        """Spaces, quotes and what a shell would expand included."""
        done = make("grade", "SUBMISSION=Jürgen's `work` (1)", folder=ready)
        assert words(done) == ["-m", "pytest", "grading", "--submission", "Jürgen's `work` (1)"]

    def test_hands_on_options(self, ready: Path) -> None:
        done = make("grade", 'ARGS=-k "udp and not pair" -x', folder=ready)
        assert words(done) == ["-m", "pytest", "grading", "-k", "udp and not pair", "-x"]

    @pytest.mark.parametrize("status, ends_with", [(0, 0), (1, 0), (2, 2), (3, 2), (4, 2), (5, 2)])
    def test_takes_a_low_grade_for_a_grade_and_nothing_else(self, ready: Path, status: int, ends_with: int) -> None:
        python = ready / ".venv" / "bin" / "python"
        python.write_text(f"#!/bin/sh\nexit {status}\n")
        done = make("grade", folder=ready)
        assert done.returncode == ends_with
        assert ("Error" in done.stderr) is (ends_with != 0)

    def test_installs_nothing_the_second_time(self, ready: Path) -> None:
        assert "pip" not in make("-n", "grade", folder=ready).stdout

    def test_installs_again_when_the_requirements_change(self, ready: Path) -> None:
        os.utime(ready / ".venv" / "ready", (0, 0))
        assert "pip install" in make("-n", "grade", folder=ready).stdout

    def test_makes_a_venv_anew_whose_python_is_gone(self, ready: Path) -> None:
        (ready / ".venv" / "bin" / "python").unlink()
        planned = make("-n", "grade", folder=ready).stdout
        assert "venv --clear .venv" in planned
        assert "pip install" in planned


def test_a_red_test_run_is_an_error(tmp_path: Path, clone: Path) -> None:
    (clone / ".venv" / "bin").mkdir(parents=True)
    fake_python(clone / ".venv" / "bin", 'case "$2" in pytest) exit 1;; esac', "python")
    (clone / ".venv" / "ready").touch()
    done = make("test", folder=clone)
    assert done.returncode == 2
    assert "Error 1" in done.stderr


class TestNotebooks:
    def test_are_opened_where_their_links_work(self, ready: Path) -> None:
        done = make("notebooks", "ARGS=--no-browser", folder=ready)
        assert words(done) == [
            "-m",
            "jupyterlab",
            "--ServerApp.root_dir=.",
            "notebooks/01_sockets.ipynb",
            "--no-browser",
        ]

    def test_are_compared(self, ready: Path) -> None:
        done = make("notebooks-test", "ARGS=-k 04_udp", folder=ready)
        assert words(done) == ["-m", "pytest", "--nbval", "notebooks", "-k", "04_udp"]

    def test_are_run_again(self, ready: Path) -> None:
        done = make("notebooks-run", "ARGS=notebooks/04_udp.ipynb", folder=ready)
        assert words(done) == ["-m", "tests.rerun", "notebooks/04_udp.ipynb"]

    @pytest.mark.parametrize("target", ["notebooks", "notebooks-test", "notebooks-run"])
    def test_that_do_not_run_are_an_error(self, ready: Path, target: str) -> None:
        fake_python(ready / ".venv" / "bin", "exit 1", "python")
        assert make(target, folder=ready).returncode == 2


class TestBench:
    def test_measures_everything_or_what_is_asked_for(self, ready: Path) -> None:
        assert words(make("bench", folder=ready)) == ["-m", "tests.bench"]
        assert words(make("bench", "ARGS=classes --long", folder=ready)) == ["-m", "tests.bench", "classes", "--long"]


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
class TestHooks:
    @pytest.fixture
    def repository(self, ready: Path) -> Path:
        """Give a repository with the hook, and a notebook to commit. Its interpreter is a real one."""
        python = ready / ".venv" / "bin" / "python"
        python.unlink()
        fake_python(python.parent, f'PYTHONPATH="{ROOT}" exec "{sys.executable}" "$@"', "python")
        shutil.copytree(ROOT / ".ci", ready / ".ci")
        (ready / "notebooks").mkdir()
        shutil.copy(ROOT / "notebooks" / "01_sockets.ipynb", ready / "notebooks")
        git(ready, "init", "-q")
        assert make("hooks", folder=ready).returncode == 0
        git(ready, "add", "notebooks")
        return ready

    def test_let_a_clean_notebook_pass(self, repository: Path) -> None:
        git(repository, "commit", "-q", "-m", "A notebook")
        assert git(repository, "status", "--porcelain", "notebooks") == ""

    def test_clean_a_notebook_and_leave_the_commit_to_its_author(self, repository: Path) -> None:
        path = repository / "notebooks" / "01_sockets.ipynb"
        clean = path.read_text(encoding="utf-8")
        path.write_text(clean.replace('"metadata": {}', '"metadata": {"scrolled": true}', 1), encoding="utf-8")
        git(repository, "add", "notebooks")
        with pytest.raises(subprocess.CalledProcessError) as refused:
            git(repository, "commit", "-q", "-m", "A notebook")
        assert "git add" in refused.value.stderr
        assert path.read_text(encoding="utf-8") == clean
        git(repository, "add", "notebooks")
        git(repository, "commit", "-q", "-m", "A notebook")

    def test_say_nothing_of_other_files(self, repository: Path) -> None:
        git(repository, "reset", "-q")
        git(repository, "add", "Makefile")
        (repository / ".venv" / "bin" / "python").unlink()
        git(repository, "commit", "-q", "-m", "No notebook")


def git(folder: Path, *arguments: str) -> str:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", *who, *arguments]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout
