"""The packages for Gradescope, GitHub Classroom and PrairieLearn: what is in them, and what happens when they run."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from grading.__main__ import main
from grading.arena.isolation import Level
from grading.platforms import classroom, contents, gradescope, prairielearn
from grading.platforms.attempt import KIND, Attempt, attempt
from grading.platforms.contents import programs, requirements
from tests.containers import Container, needs_containers
from tests.test_architecture import RUBRIC
from tests.test_results import validate

ROOT = Path(__file__).parents[1]
PLATFORMS = ["gradescope", "classroom", "prairielearn"]
READMES = {
    "gradescope": "README.md",
    "classroom": ".github/socket-labs/README.md",
    "prairielearn": "questions/socket_labs/README.md",
}
SCRIPTS = sorted(
    path
    for path in (ROOT / "grading/platforms/templates").rglob("*")
    if path.suffix in {"", ".sh"} and path.is_file() and path.name != "Dockerfile"
)

in_containers = needs_containers()
posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX has")


def package(platform: str, *options: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grading", "package", platform, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **env}
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120
    )


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make the three of them, once."""
    folder = tmp_path_factory.mktemp("packages")
    for platform in PLATFORMS:
        done = package(platform, cwd=folder)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"Wrote socket-labs-{platform}.zip (")
    return {platform: folder / f"socket-labs-{platform}.zip" for platform in PLATFORMS}


def unpack(path: Path, folder: Path) -> Path:
    """Unpack a zip as ``unzip`` does, with what may be run."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            Path(archive.extract(info, folder)).chmod(info.external_attr >> 16 & 0o777)
    return folder


def hand_in(folder: Path, **changed: str) -> Path:
    """Hand in the solutions, all in one folder, but for some programs."""
    folder.mkdir(parents=True)
    for path in (ROOT / "solutions").glob("*/*.py"):
        shutil.copy(path, folder)
    for program, text in changed.items():
        (folder / f"{program}.py").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("platform", PLATFORMS)
class TestEachPackage:
    def test_is_the_same_bytes_each_time(self, packages: dict[str, Path], platform: str, tmp_path: Path) -> None:
        done = package(platform, "--out", "again.zip", cwd=tmp_path, TZ="Asia/Tokyo", PYTHONHASHSEED="1")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "again.zip").read_bytes() == packages[platform].read_bytes()
        with zipfile.ZipFile(packages[platform]) as archive:
            names = archive.namelist()
            assert names == sorted(set(names))
            assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}

    def test_holds_what_grading_takes_and_nothing_else(self, packages: dict[str, Path], platform: str) -> None:
        with zipfile.ZipFile(packages[platform]) as archive:
            names = archive.namelist()
        top = next(name for name in names if name.endswith("grading/conftest.py")).removesuffix("grading/conftest.py")
        inside = {name.removeprefix(top) for name in names if name.startswith(top)}
        if shutil.which("git") is None or not (ROOT / ".git").exists():
            pytest.skip("not a git checkout")
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "grading", "solutions"],
            cwd=ROOT, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        ours = {name for name in listed.stdout.split() if name.endswith((".py", ".bpf"))}
        assert "grading/conftest.py" in ours
        assert ours - inside == set()
        unwanted = re.compile(
            r"(^|/)(__pycache__|\.git(/|$)|tests/(test_|gallery|attacks)|notebooks|\.venv)|\.pyc$|\.\./|^/"
        )
        assert [name for name in names if unwanted.search(name)] == []

    def test_names_no_place_of_the_machine_that_made_it(self, packages: dict[str, Path], platform: str) -> None:
        places = [str(ROOT), str(Path.home()), sys.prefix, str(packages[platform].parent)]
        with zipfile.ZipFile(packages[platform]) as archive:
            for name in archive.namelist():
                text = archive.read(name)
                assert [place for place in places if len(place) > 6 and place.encode() in text] == [], name

    def test_has_scripts_that_can_be_run_and_a_readme(self, packages: dict[str, Path], platform: str) -> None:
        with zipfile.ZipFile(packages[platform]) as archive:
            scripts = [info for info in archive.infolist() if archive.read(info).startswith(b"#!")]
            assert len(scripts) >= 1
            assert [info.filename for info in scripts if info.external_attr >> 16 != 0o100755] == []
            assert [info.filename for info in scripts if b"\r" in archive.read(info)] == []
            assert "${" not in archive.read(READMES[platform]).decode()

    def test_needs_what_the_project_says(self, packages: dict[str, Path], platform: str) -> None:
        with zipfile.ZipFile(packages[platform]) as archive:
            found = {archive.read(name).decode() for name in archive.namelist() if name.endswith("requirements.txt")}
        assert found == {requirements()}
        assert re.fullmatch(r"pytest >=.*\npsutil >=.*\n", requirements())


class TestDestination:
    def test_in_a_folder_that_is_not_there_is_one_sentence(self, tmp_path: Path) -> None:
        done = package("gradescope", "--out", "nowhere/a.zip", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        said = "python -m grading package: --out: nowhere/a.zip cannot be written (No such file or directory)\n"
        assert done.stderr.replace("\\", "/") == said

    @posix
    def test_that_cannot_be_written_leaves_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("mine")
        done = package("prairielearn", "--out", "file/a.zip", cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert [path.name for path in tmp_path.iterdir()] == ["file"]

    @pytest.mark.parametrize("out", ["grades.csv", "folder.zip", "folder"])
    def test_that_is_something_else_is_left_alone(self, tmp_path: Path, out: str) -> None:
        (tmp_path / "grades.csv").write_text("mine")
        (tmp_path / "folder.zip").mkdir()
        done = package("gradescope", "--out", out, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "name a file that ends in .zip" in done.stderr
        assert (tmp_path / "grades.csv").read_text() == "mine"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.zip", "grades.csv"]

    def test_of_an_unknown_platform_is_refused_with_those_that_there_are(self, tmp_path: Path) -> None:
        done = package("moodle", cwd=tmp_path)
        assert done.returncode == 2
        assert all(platform in done.stderr for platform in PLATFORMS)


class TestSource:
    def test_that_is_no_checkout_is_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("grading.platforms.contents.TOP", tmp_path)
        for platform in PLATFORMS:
            assert main(["package", platform, "--out", str(tmp_path / "a.zip")]) == 2
            assert capsys.readouterr().err.endswith("solutions/ is not beside grading/\n")
        assert list(tmp_path.iterdir()) == []

    def test_that_is_checked_out_on_windows_gives_scripts_that_linux_runs(self, tmp_path: Path) -> None:
        (tmp_path / "run.sh").write_bytes(b"#!/bin/sh\r\ntrue\r\n")
        assert contents._file(tmp_path / "run.sh", "a").data == b"#!/bin/sh\ntrue\n"


class TestScripts:
    @posix
    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
    def test_are_valid(self, path: Path) -> None:
        done = subprocess.run(["bash", "-n", path], capture_output=True, encoding="utf-8", check=False)
        assert (done.returncode, done.stderr) == (0, "")

    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: f"{path.parent.name}-{path.name}")
    def test_pass_shellcheck(self, path: Path) -> None:
        shellcheck = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        if shellcheck is None:
            pytest.skip("needs shellcheck")
        done = subprocess.run([shellcheck, path], capture_output=True, encoding="utf-8", check=False)
        assert done.stdout == ""

    def test_are_all_seen_by_these_tests(self) -> None:
        assert [path.name for path in SCRIPTS] == [
            "check.sh",
            "grade.sh",
            "setup.sh",
            "run_autograder",
            "setup.sh",
            "run.sh",
        ]


class TestAttempt:
    def test_at_a_grade(self, tmp_path: Path) -> None:
        made = attempt(hand_in(tmp_path / "work"), 60)
        assert made.problem == ""
        assert made.results is not None
        assert made.results["score"] == made.results["max_score"] == 100

    def test_that_takes_too_long_is_ended_and_said(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        endless = "while True:\n    pass\n"
        work = hand_in(tmp_path / "work", udp_server=endless, tcp_server=endless)
        (tmp_path / "tmp").mkdir()
        monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
        monkeypatch.setattr("tempfile.tempdir", None)
        monkeypatch.setenv("SOCKET_LABS_SECONDS", "3")
        assert attempt(work, 60) == Attempt(None, "the grading took longer than 3 seconds and was ended")
        assert list((tmp_path / "tmp").iterdir()) == []

    def test_at_what_is_no_submission_says_why(self, tmp_path: Path) -> None:
        (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
        made = attempt(tmp_path / "broken.zip", 60)
        assert made.results is None
        assert "broken.zip" in made.problem

    def test_with_programs_that_were_not_kept_apart_is_no_grade_unless_asked_for(self) -> None:
        from grading.platforms.attempt import _judged

        results = {"tests": [TEST], "extra_data": {"isolation": "none", "complete": True}}
        assert _judged(0, "", results, "none") == Attempt(results)
        refused = _judged(0, "", results, "auto")
        assert refused.results is None
        assert "were not kept apart" in refused.problem

    @pytest.mark.parametrize("status", [2, 3, 5])
    def test_that_ended_otherwise_is_no_grade(self, status: int) -> None:
        from grading.platforms.attempt import _judged

        results = {"tests": [TEST], "extra_data": {"isolation": "bwrap", "complete": True}}
        assert _judged(status, "", results, "auto").problem
        assert _judged(status, "", None, "auto") == Attempt(
            None, f"the grader ended with status {status} and left no results"
        )


TEST: dict[str, Any] = {
    "name": "udp_server: Answers one message",
    "number": "1.1",
    "score": 0,
    "max_score": 3,
    "output": "No answer came.\nLook at line 9.",
    "extra_data": {
        "check": "udp_server_answers",
        "verdict": "failed",
        "line": 9,
        "seconds": 0.0204,
        "cause": "no-reply",
    },
}
BROKE: dict[str, Any] = {
    **TEST,
    "number": "1.2",
    "output": "The grader itself broke here.",
    "extra_data": {**TEST["extra_data"], "verdict": "error", "line": None},
}
INCOMPLETE = Attempt(
    {"score": 0, "max_score": 6, "output": "0 of 6 points.", "tests": [TEST, BROKE], "extra_data": {"complete": False}},
    "the grader broke in some checks (they say error below)",
)


class TestGradescopesResults:
    def test_hold_no_score_where_there_is_no_grade(self) -> None:
        """Documented: a score at the top or in each test. Neither may be read as a zero."""
        results = gradescope.results_of(INCOMPLETE)
        assert "score" not in results
        assert "tests" not in results

    def test_tell_the_student_kindly_and_keep_the_feedback(self) -> None:
        output = gradescope.results_of(INCOMPLETE)["output"]
        assert output.startswith(KIND)
        assert "1.1 udp_server: Answers one message: failed\n    No answer came.\n    Look at line 9." in output
        assert "1.2 udp_server: Answers one message: error" in output


def gradescope_container(package: Path, work: Path, tmp_path: Path, **options: Any) -> tuple[Container, Path]:
    """Lay out /autograder as the documentation has it: source, submission, results, run_autograder."""
    top = tmp_path / "autograder"
    unpack(package, top / "source")
    shutil.copy(top / "source" / "run_autograder", top / "run_autograder")
    shutil.copytree(work, top / "submission")
    (top / "results").mkdir()
    return Container({"/autograder": top}, venv=options.pop("venv", "/opt/socket-labs"), **options), top


def run_autograder(container: Container, top: Path) -> tuple[subprocess.CompletedProcess[str], Any]:
    done = container.run("/autograder/run_autograder", cwd="/autograder")
    return done, json.loads((top / "results" / "results.json").read_text(encoding="ascii"))


THIEF = """
for path in ("/autograder/results/results.json", "/autograder/results/more", "/autograder/run_autograder"):
    try:
        with open(path, "w") as file:
            file.write('{"score": 100}')
    except OSError:
        pass
exec(open("/autograder/source/solutions/lab1_udp/udp_server.py").read())
"""
"""Forges the results, and runs the solution as its own."""
STAND_IN = """#!/usr/bin/bash
case "$(basename "$0") $*" in
  *"-c import ensurepip"*) test -e /bare/installed; exit ;;
  "python -c import sys, pytest"* | "python -c import pytest"*) test -e /bare/packages; exit ;;
  *version_info*) test -z "$OLD"; exit ;;
  *-V) echo Python 3.8.10; exit ;;
esac
echo "$(basename "$0") $*" >>/bare/log
case "$*" in
  *"$LACKS") exit 100 ;;
  "install "*) touch /bare/installed ;;
  "-m pip "*) touch /bare/packages ;;
  "-m venv "*) mkdir -p /opt/socket-labs/bin; cp "$0" /opt/socket-labs/bin/python ;;
esac
"""
"""Writes down how it was called, and behaves as on a machine where nothing is installed yet."""


def bare(container: Container, tmp_path: Path, **settings: str) -> Container:
    """Take from a container all commands but a few, some of which only say that they were called."""
    folder = tmp_path / "bare"
    folder.mkdir()
    for name in ("apt-get", "python3", "python", "sudo"):
        (folder / name).write_text(STAND_IN)
        (folder / name).chmod(0o755)
    for name in ("bash", "basename", "cp", "dirname", "mkdir", "touch"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    environment = {"PATH": "/bare", "LACKS": "nothing", "OLD": ""} | settings
    return Container({**container.folders, "/bare": folder}, environment=environment, venv="")


@in_containers
class TestGradescope:
    def test_setup_passes_over_what_is_there(self, packages: dict[str, Path], tmp_path: Path) -> None:
        container, _ = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path)
        done = container.run("bash", "/autograder/source/setup.sh", cwd="/autograder")
        said = "Socket Labs: Python and its packages are there\nSocket Labs: ready\n"
        assert (done.returncode, done.stdout, done.stderr) == (0, said, "")

    def test_setup_installs_what_is_not_there(self, packages: dict[str, Path], tmp_path: Path) -> None:
        """With stand-ins for apt-get and Python, since nothing is fetched in a test."""
        container, _ = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path, venv="")
        done = bare(container, tmp_path).run("bash", "/autograder/source/setup.sh", cwd="/autograder")
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "bare" / "log").read_text().splitlines() == [
            "apt-get update -qq",
            "apt-get install -qq -y --no-install-recommends python3 python3-venv",
            "python3 -m venv --clear /opt/socket-labs",
            "python -m pip install -qq --disable-pip-version-check -r /autograder/source/requirements.txt",
            "apt-get update -qq",
            "apt-get install -qq -y --no-install-recommends bubblewrap",
            "python -m compileall -q /autograder/source/grading",
        ]

    def test_setup_goes_on_without_bubblewrap(self, packages: dict[str, Path], tmp_path: Path) -> None:
        container, _ = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path, venv="")
        container = bare(container, tmp_path, LACKS="bubblewrap")
        done = container.run("bash", "/autograder/source/setup.sh", cwd="/autograder")
        assert (done.returncode, done.stderr) == (0, "")
        assert "bubblewrap could not be installed; going on\nSocket Labs: ready\n" in done.stdout

    def test_setup_ends_with_an_image_whose_python_is_too_old(self, packages: dict[str, Path], tmp_path: Path) -> None:
        container, _ = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path, venv="")
        done = bare(container, tmp_path, OLD="yes").run("bash", "/autograder/source/setup.sh", cwd="/autograder")
        assert done.returncode == 1
        assert "has Python 3.8.10: choose a newer base image (Ubuntu 22.04 or later)" in done.stderr

    def test_the_solutions_get_everything(self, packages: dict[str, Path], tmp_path: Path) -> None:
        container, top = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path)
        done, results = run_autograder(container, top)
        assert done.returncode == 0, done.stdout + done.stderr
        validate(results)
        assert (results["score"], results["extra_data"]["isolation"]) == (100, "bwrap")
        assert "Score" in done.stdout  # the scorecard, for the instructor

    def test_a_wrong_program_loses_its_points_and_is_told_why(self, packages: dict[str, Path], tmp_path: Path) -> None:
        work = hand_in(
            tmp_path / "work", udp_server="import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
        )
        container, top = gradescope_container(packages["gradescope"], work, tmp_path)
        done, results = run_autograder(container, top)
        assert done.returncode == 0, done.stdout + done.stderr
        validate(results)
        lost = {test["extra_data"]["program"] for test in results["tests"] if test["score"] < test["max_score"]}
        assert lost == {"udp_server", "udp_pair"}
        assert all(test["output"] for test in results["tests"] if test["status"] == "failed")

    def test_where_only_another_user_keeps_programs_apart(self, packages: dict[str, Path], tmp_path: Path) -> None:
        """Root without namespaces, as in a container of Docker's: level ``user``; without that level, no grade."""
        work = hand_in(tmp_path / "work")
        container, top = gradescope_container(packages["gradescope"], work, tmp_path, like_docker=True)
        done, results = run_autograder(container, top)
        if "user" in get_args(Level):
            assert (results.get("score"), results["extra_data"].get("isolation")) == (100, "user"), done.stdout
        else:
            assert done.returncode == 1
            assert "score" not in results
            assert "were not kept apart" in results["output"]

    @pytest.mark.parametrize("broken", ["no python", "no package", "no solutions"])
    def test_a_grader_that_broke_is_said_and_is_no_zero(
        self, packages: dict[str, Path], tmp_path: Path, broken: str
    ) -> None:
        venv = "" if broken == "no python" else "/opt/socket-labs"
        work = hand_in(tmp_path / "work")
        container, top = gradescope_container(packages["gradescope"], work, tmp_path, venv=venv)
        if broken != "no python":
            shutil.rmtree(top / "source" / ("solutions" if broken == "no solutions" else "grading"))
        done, results = run_autograder(container, top)
        assert done.returncode == 1
        assert set(results) == {"output", "output_format", "visibility", "stdout_visibility", "extra_data"}
        assert "costs you no points" in results["output"]
        assert results["extra_data"]["complete"] is False
        assert len(done.stdout) > len("Grading")  # what the instructor reads

    @pytest.mark.parametrize("apart", ["by namespaces", "by another user"])
    def test_a_program_reaches_neither_the_solutions_nor_the_results(
        self, packages: dict[str, Path], tmp_path: Path, apart: str
    ) -> None:
        like_docker = apart == "by another user"
        if like_docker and "user" not in get_args(Level):
            pytest.skip("needs the level user")
        container, top = gradescope_container(
            packages["gradescope"], hand_in(tmp_path / "work", udp_server=THIEF), tmp_path, like_docker=like_docker
        )
        done, results = run_autograder(container, top)
        assert done.returncode == 0, done.stdout + done.stderr
        assert sum(test["score"] for test in results["tests"] if test["extra_data"]["program"] == "udp_server") == 0
        assert results["score"] < 100
        assert [path.name for path in (top / "results").iterdir()] == ["results.json"]

    def test_an_old_grade_is_never_left_in_place(self, packages: dict[str, Path], tmp_path: Path) -> None:
        container, top = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path, venv="")
        (top / "results" / "results.json").write_text('{"score": 100}')
        assert "score" not in run_autograder(container, top)[1]

    def test_what_a_program_has_no_business_with_is_closed_to_others(
        self, packages: dict[str, Path], tmp_path: Path
    ) -> None:
        container, top = gradescope_container(packages["gradescope"], hand_in(tmp_path / "work"), tmp_path)
        (top / "results").chmod(0o777)
        run_autograder(container, top)
        for path in (top / "source" / "solutions", top / "submission" / "udp_server.py"):
            assert path.stat().st_mode & 0o077 == 0
        assert (top / "results").stat().st_mode & 0o022 == 0


@pytest.fixture(scope="session")
def steps(packages: dict[str, Path]) -> list[dict[str, Any]]:
    """Read the workflow's steps."""
    with zipfile.ZipFile(packages["classroom"]) as archive:
        workflow = yaml.safe_load(archive.read(".github/workflows/classroom.yml"))
    assert workflow["name"] == "Autograding Tests"
    assert list(workflow["jobs"]) == ["run-autograding-tests"]
    found: list[dict[str, Any]] = workflow["jobs"]["run-autograding-tests"]["steps"]
    return found


def reported(step: dict[str, Any], outputs: dict[str, str]) -> tuple[float, float, set[str]]:
    """Add up points as Classroom's reporter does, from the environment that the workflow gives it."""
    earned, possible, states = 0.0, 0.0, set()
    for runner in re.split(r"[\s,]", step["with"]["runners"]):
        expression = step["env"][f"{runner.upper()}_RESULTS"]
        (identity,) = re.fullmatch(r"\$\{\{ steps\.([\w-]+)\.outputs\.result \}\}", expression).groups()  # type: ignore[union-attr]  # a mismatch fails the test
        result = json.loads(base64.b64decode(outputs[identity]))
        states.add(result["status"])
        possible += result["max_score"]
        earned += sum(test["score"] for test in result["tests"])
    return earned, possible, states


def run_workflow(
    package: Path, steps: list[dict[str, Any]], work: Path, tmp_path: Path
) -> tuple[subprocess.CompletedProcess[str], dict[str, str], str]:
    """Run the steps as a runner does: each in a shell of its own; the first that fails ends the job."""
    workspace, runner = tmp_path / "workspace", tmp_path / "runner"
    unpack(package, workspace)
    shutil.copytree(work, workspace / "labs")
    runner.mkdir()
    script = ["set -e"]
    for number, step in enumerate(step for step in steps if "run" in step):
        (runner / f"{number}.sh").write_text(step["run"])
        output = f"/runner/output-{step.get('id', number)}"
        script.append(f"touch {output}; GITHUB_OUTPUT={output} bash -e /runner/{number}.sh")
    (runner / "all.sh").write_text("\n".join(script))
    environment = {"RUNNER_TEMP": "/runner", "GITHUB_WORKSPACE": "/workspace", "GITHUB_STEP_SUMMARY": "/runner/summary"}
    container = Container({"/workspace": workspace, "/runner": runner}, environment=environment)
    done = container.run("bash", "/runner/all.sh", cwd="/workspace")
    outputs = {}
    for path in runner.glob("output-*"):
        if text := path.read_text(encoding="ascii"):
            assert re.fullmatch(r"result=[\w+/=]+\n", text)
            outputs[path.name.removeprefix("output-")] = text.removeprefix("result=").strip()
    summary = runner / "summary"
    return done, outputs, summary.read_text(encoding="utf-8") if summary.exists() else ""


class TestClassroomsWorkflow:
    def test_has_a_step_for_each_check_with_its_points(self, steps: list[dict[str, Any]]) -> None:
        named = {step["id"]: step["name"] for step in steps if "id" in step}
        assert list(named) == [check.name for check in RUBRIC]
        for check in RUBRIC:
            worth = f"{check.points:g} point" + ("" if check.points == 1 else "s")
            assert named[check.name] == f"{check.program}: {check.title} ({worth})"

    def test_reports_every_check(self, steps: list[dict[str, Any]]) -> None:
        (reporter,) = (step for step in steps if "autograding-grading-reporter" in step.get("uses", ""))
        assert reporter is steps[-1]
        assert reporter["with"]["runners"].split(",") == [check.name for check in RUBRIC]
        assert set(reporter["env"]) == {f"{check.name.upper()}_RESULTS" for check in RUBRIC}

    def test_gives_the_reporter_what_the_makers_of_it_document(self) -> None:
        assert classroom.outcome(TEST) == {
            "version": 1,
            "status": "fail",
            "max_score": 3,
            "tests": [
                {
                    "name": "udp_server: Answers one message",
                    "status": "fail",
                    "score": 0,
                    "message": "No answer came.\nLook at line 9.",
                    "test_code": "",
                    "filename": "",
                    "line_no": 9,
                    "duration": 20,
                }
            ],
        }
        assert classroom.outcome(BROKE)["status"] == "error"

    def test_stays_within_what_an_environment_holds(self) -> None:
        """Linux takes 128 KiB a variable, and 2 MiB in all."""
        encoded = base64.b64encode(json.dumps(classroom.outcome({**TEST, "output": "\x1b" * 500_000})).encode())
        assert len(encoded) * len(RUBRIC) < 1 << 20


@in_containers
class TestClassroom:
    def test_the_solutions_get_everything(
        self, packages: dict[str, Path], steps: list[dict[str, Any]], tmp_path: Path
    ) -> None:
        done, outputs, summary = run_workflow(packages["classroom"], steps, hand_in(tmp_path / "work"), tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert reported(steps[-1], outputs) == (100, 100, {"pass"})
        assert "**100 of 100 points**" in summary

    def test_setup_installs_what_is_not_there(self, packages: dict[str, Path], tmp_path: Path) -> None:
        container = bare(Container({"/workspace": unpack(packages["classroom"], tmp_path / "workspace")}), tmp_path)
        done = container.run("bash", ".github/socket-labs/setup.sh", cwd="/workspace")
        assert (done.returncode, done.stderr) == (0, "")
        folder = "/workspace/.github/socket-labs"
        assert (tmp_path / "bare" / "log").read_text().splitlines() == [
            f"python -m pip install -qq --disable-pip-version-check -r {folder}/requirements.txt",
            "sudo apt-get update -qq",
            "sudo apt-get install -qq -y --no-install-recommends bubblewrap",
            "sudo sysctl -qw kernel.apparmor_restrict_unprivileged_userns=0",
        ]

    def test_a_wrong_program_loses_its_points_in_its_own_steps(
        self, packages: dict[str, Path], steps: list[dict[str, Any]], tmp_path: Path
    ) -> None:
        work = hand_in(tmp_path / "work", tcp_client="print(\n")
        tcp = [step for step in steps if step.get("id", "tcp_").startswith("tcp_")]
        done, outputs, _ = run_workflow(packages["classroom"], tcp, work, tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        results = {name: json.loads(base64.b64decode(output)) for name, output in outputs.items()}
        checks = [check for check in RUBRIC if check.program.startswith("tcp_")]
        earned = {check.name: check.points * (check.program == "tcp_server") for check in checks}
        assert {name: sum(test["score"] for test in result["tests"]) for name, result in results.items()} == earned
        first = next(check.name for check in checks if check.program == "tcp_client")
        assert "tcp_client.py" in results[first]["tests"][0]["message"]

    def test_what_a_program_prints_is_no_command_to_the_runner(
        self, packages: dict[str, Path], steps: list[dict[str, Any]], tmp_path: Path
    ) -> None:
        forged = "::notice title=Autograding report::{}"
        work = hand_in(tmp_path / "work", udp_client=f"print({forged!r})\nraise ValueError('''\n{forged}\n''')\n")
        first = [step for step in steps if "id" not in step or step["id"].startswith("udp_client")]
        done, _, _ = run_workflow(packages["classroom"], first, work, tmp_path)
        heeded, stopped = [], ""
        for line in done.stdout.splitlines():
            if stopped:
                stopped = "" if line == f"::{stopped}::" else stopped
            elif line.startswith("::stop-commands::"):
                stopped = line.removeprefix("::stop-commands::")
            else:
                heeded.append(line)
        assert [line for line in heeded if "::" in line] == []
        assert "Autograding report" in done.stdout, "the test no longer sees what was printed"

    def test_where_there_is_no_grade_nothing_is_reported(
        self, packages: dict[str, Path], steps: list[dict[str, Any]], tmp_path: Path
    ) -> None:
        """The step that grades fails, so the runner does none of those after it: no step says any points."""
        work = hand_in(tmp_path / "work")
        unpacked = unpack(packages["classroom"], tmp_path / "damaged")
        shutil.rmtree(unpacked / ".github" / "socket-labs" / "solutions")
        damaged = tmp_path / "damaged.zip"
        with zipfile.ZipFile(damaged, "w") as archive:
            for path in unpacked.rglob("*"):
                archive.write(path, path.relative_to(unpacked))
        done, outputs, summary = run_workflow(damaged, steps, work, tmp_path)
        assert done.returncode == 1
        assert outputs == {}
        assert KIND in done.stdout
        assert "Not graded." in summary


class TestPrairielearnsResults:
    def test_are_not_gradable_where_there_is_no_grade(self) -> None:
        results = prairielearn.results_of(INCOMPLETE)
        assert results["gradable"] is False
        assert "score" not in results
        assert results["format_errors"][0].startswith(KIND)
        assert "No answer came." in results["output"]

    def test_say_of_each_check_what_it_is_worth_and_why(self) -> None:
        results = {"score": 3, "max_score": 6, "output": "3 of 6 points.", "tests": [TEST, {**TEST, "score": 3}]}
        converted = prairielearn.results_of(Attempt(results))
        assert (converted["gradable"], converted["score"], converted["message"]) == (True, 0.5, "3 of 6 points.")
        assert converted["tests"][0] == {
            "name": "1.1 udp_server: Answers one message",
            "points": 0,
            "max_points": 3,
            "message": "Failed.",
            "output": "No answer came.\nLook at line 9.",
        }

    def test_stay_below_what_it_reads(self) -> None:
        tests = [{**TEST, "output": "\u00fc" * 100_000}, TEST] * 30
        converted = prairielearn.results_of(Attempt({"score": 0, "max_score": 1, "output": "", "tests": tests}))
        data = prairielearn.packed(converted)
        assert len(data) < 1_000_000
        outputs = [test["output"] for test in json.loads(data)["tests"]]
        assert outputs[0].endswith("(cut: too long for PrairieLearn)")
        assert outputs[1] == TEST["output"]


class TestPrairielearnsQuestion:
    def test_starts_the_script_that_is_there(self, packages: dict[str, Path]) -> None:
        with zipfile.ZipFile(packages["prairielearn"]) as archive:
            info = json.loads(archive.read("questions/socket_labs/info.json"))
            names = archive.namelist()
        options = info["externalGradingOptions"]
        assert (info["type"], info["gradingMethod"], options["enableNetworking"]) == ("v3", "External", False)
        assert options["entrypoint"].replace("/grade/", "questions/socket_labs/") in names
        assert 300 == options["timeout"] > prairielearn._PATIENCE

    def test_takes_the_programs_of_all_labs(self, packages: dict[str, Path]) -> None:
        with zipfile.ZipFile(packages["prairielearn"]) as archive:
            page = archive.read("questions/socket_labs/question.html").decode()
        assert f'optional-file-names="{",".join(programs())}"' in page
        assert sorted(programs()) == ["tcp_client.py", "tcp_server.py", "udp_client.py", "udp_server.py"]


@in_containers
class TestPrairielearn:
    @staticmethod
    def grade(
        package: Path, work: Path, tmp_path: Path, **options: Any
    ) -> tuple[subprocess.CompletedProcess[str], Any]:
        """Lay out /grade as the documentation has it, and start the entry point of ``info.json``."""
        course, top = unpack(package, tmp_path / "course"), tmp_path / "grade"
        shutil.copytree(course / "questions" / "socket_labs" / "tests", top / "tests")
        shutil.copytree(work, top / "student")
        (top / "data").mkdir()
        (top / "data" / "data.json").write_text("{}")
        if options.pop("damaged", False):
            shutil.rmtree(top / "tests" / "socket-labs" / "solutions")
        done = Container({"/grade": top}, **options).run("/grade/tests/run.sh")
        return done, json.loads((top / "results" / "results.json").read_text(encoding="ascii"))

    def test_the_solutions_get_everything(self, packages: dict[str, Path], tmp_path: Path) -> None:
        done, results = self.grade(packages["prairielearn"], hand_in(tmp_path / "work"), tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        assert (results["gradable"], results["score"]) == (True, 1.0)
        assert sum(test["max_points"] for test in results["tests"]) == 100

    def test_a_program_that_is_not_there_earns_nothing(self, packages: dict[str, Path], tmp_path: Path) -> None:
        work = hand_in(tmp_path / "work")
        (work / "udp_client.py").unlink()
        done, results = self.grade(packages["prairielearn"], work, tmp_path)
        assert done.returncode == 0
        worth = sum(check.points for check in RUBRIC if check.program in {"udp_client", "udp_pair"})
        assert results["score"] == pytest.approx(1 - worth / 100)
        assert "udp_client.py is not in the submission" in json.dumps(results["tests"])

    @pytest.mark.parametrize("how", ["damaged", "no python"])
    def test_a_grader_that_broke_costs_no_points_and_no_attempt(
        self, packages: dict[str, Path], tmp_path: Path, how: str
    ) -> None:
        """Status 0 all the same: PrairieLearn looks at the results of no other."""
        options: dict[str, Any] = {"damaged": True} if how == "damaged" else {"venv": ""}
        done, results = self.grade(packages["prairielearn"], hand_in(tmp_path / "work"), tmp_path, **options)
        assert done.returncode == 0
        assert results["gradable"] is False
        assert "score" not in results
        assert "costs you no points" in results["format_errors"][0]
