"""The command that people type, as they type it: options, bad input, what stands on the screen and in files."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.test_results import validate

ROOT = Path(__file__).parents[1]
PROGRAMS = {
    f"{program}.py": (ROOT / "solutions" / folder / f"{program}.py").read_text(encoding="utf-8")
    for folder, programs in (("lab1_udp", ("udp_server", "udp_client")), ("lab2_tcp", ("tcp_server", "tcp_client")))
    for program in programs
}
OF_OUR_OWN = re.compile(r'Traceback|INTERNALERROR|File "|grading/[\w/]+\.py:\d')
"""What no output may show: the inside of the grader."""
ESCAPE = "\x1b["
SETTINGS = ("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "PYTEST_ADDOPTS", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS", "CI")

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX has")


@dataclass(frozen=True)
class Run:
    """What one command did."""

    status: int
    out: str
    err: str
    results: Any = None
    """``results.json``, where it was asked for."""

    @property
    def tests(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.results["tests"]
        return found

    def verdicts(self) -> dict[str, str]:
        return {test["extra_data"]["check"]: test["extra_data"]["verdict"] for test in self.tests}

    def points(self, program: str) -> float:
        return float(sum(test["score"] for test in self.tests if test["extra_data"]["program"] == program))

    def first_failure(self, program: str) -> tuple[str, str]:
        """Give the cause of a program's first failed check, and what the student reads of it."""
        mine = [test for test in self.tests if test["extra_data"]["program"] == program]
        failed = [test for test in mine if test["extra_data"]["verdict"] == "failed"]
        return failed[0]["extra_data"]["cause"], failed[0]["output"]


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in SETTINGS} | more


def grade(*options: str | Path, cwd: Path = ROOT, before: Sequence[str] = (), **env: str) -> Run:
    """Run the command, and hold what holds for each of its outputs: it shows no traceback of ours."""
    target = "grading" if cwd == ROOT else str(ROOT / "grading")
    command = [*before, sys.executable, "-m", "pytest", target, *map(str, options)]
    if "--lf" not in command and not any(part.startswith("cache_dir") for part in command):
        command += ["-p", "no:cacheprovider"]
    done = subprocess.run(
        command, cwd=cwd, env=environment(**env), capture_output=True, encoding="utf-8", check=False, timeout=120
    )
    assert not OF_OUR_OWN.search(done.stdout + done.stderr), done.stdout + done.stderr
    results = None
    if "--results" in command and (path := cwd / command[command.index("--results") + 1]).is_file():
        results = json.loads(path.read_text(encoding="ascii"))
    return Run(done.returncode, done.stdout, done.stderr, results)


def hand_in(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def zipped(path: Path, files: Mapping[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture(scope="module")
def solutions(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Grade the solutions, as an instructor does."""
    return grade("--submission", "solutions", "--results", tmp_path_factory.mktemp("solutions") / "results.json")


@pytest.fixture(scope="module")
def junit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Name the file in which the run on the skeletons leaves its JUnit XML."""
    return tmp_path_factory.mktemp("junit") / "junit.xml"


@pytest.fixture(scope="module")
def labs(tmp_path_factory: pytest.TempPathFactory, junit: Path) -> Run:
    """Grade the untouched skeletons, as a student does on the first day."""
    folder = tmp_path_factory.mktemp("labs")
    return grade("--results", folder / "results.json", "--junitxml", junit, "-o", f"cache_dir={folder / 'cache'}")


class TestWhatIsNoSubmission:
    """One sentence, and exit status 4."""

    def refused(self, *options: str | Path, path: str = os.environ["PATH"]) -> str:
        run = grade(*options, PATH=path)
        assert run.status == 4
        (line,) = run.err.splitlines()[:1]
        assert run.err.split("\n")[1:] in ([""], ["", ""])
        assert "no tests ran" in run.out or run.out == ""
        sentence = line.removeprefix("ERROR: ")
        assert sentence != line
        assert not re.search(r"\.\s+[A-Z]", sentence), "more than one sentence"
        assert "Error" not in sentence
        return sentence

    def test_a_missing_path(self, tmp_path: Path) -> None:
        path = tmp_path / "nobody"
        assert self.refused("--submission", path) == f"{path} does not exist: check the path."

    def test_an_empty_folder(self, tmp_path: Path) -> None:
        assert self.refused("--submission", tmp_path).startswith(f"{tmp_path} holds no files")

    def test_an_empty_zip(self, tmp_path: Path) -> None:
        assert "empty.zip holds no files" in self.refused("--submission", zipped(tmp_path / "empty.zip", {}))

    def test_a_broken_zip(self, tmp_path: Path) -> None:
        whole = zipped(tmp_path / "broken.zip", PROGRAMS).read_bytes()
        (tmp_path / "broken.zip").write_bytes(whole[: len(whole) // 2])
        assert "broken.zip is broken or not a zip" in self.refused("--submission", tmp_path / "broken.zip")

    def test_a_text_file(self, tmp_path: Path) -> None:
        path = hand_in(tmp_path, {"notes.txt": "I did it all\n"}) / "notes.txt"
        assert "neither a folder, nor a zip, nor a .py file" in self.refused("--submission", path)

    def test_an_empty_name(self) -> None:
        """As from a shell variable that is not set: labs/ is not graded in place of somebody's work."""
        assert self.refused("--submission", "").startswith("--submission: it is empty")

    def test_results_in_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        path = tmp_path / "nowhere" / "results.json"
        assert self.refused("--results", path).startswith(f"--results: {path} cannot be written")

    def test_results_that_are_a_folder(self, tmp_path: Path) -> None:
        assert self.refused("--results", tmp_path).startswith(f"--results: {tmp_path} cannot be written")

    @pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
    def test_a_deadline_that_is_none(self, seconds: str) -> None:
        assert self.refused(f"--deadline={seconds}") == "--deadline: give a number of seconds greater than 0"

    def test_bwrap_asked_for_where_there_is_none(self, tmp_path: Path) -> None:
        sentence = self.refused("--isolation", "bwrap", path=str(tmp_path))
        assert "bubblewrap (the command bwrap) is not installed" in sentence
        assert "--isolation none" in sentence

    @pytest.mark.parametrize("option", ["--isolation=docker", "--seed=many", "--deadline=soon"])
    def test_a_value_that_an_option_cannot_have(self, option: str) -> None:
        run = grade(option)
        assert run.status == 4
        assert option.partition("=")[0] in run.err


class TestBadSubmissions:
    """Failed checks with the right cause, exit status 1, and the rest is graded."""

    def test_what_is_no_program(self, tmp_path: Path) -> None:
        folder = hand_in(
            tmp_path / "jane",
            {"udp_server.py/notes.txt": "", "udp_client.py": b"\x7fELF\x02\x01\0\0\0", "tcp_server.py": ""},
        )
        run = grade("--submission", folder, "--results", tmp_path / "results.json")
        assert run.status == 1
        assert run.results["score"] == 0
        cause, text = run.first_failure("udp_server")
        assert cause == "missing-file"
        assert "udp_server.py is a folder" in text
        cause, text = run.first_failure("udp_client")
        assert cause == "syntax-error"
        assert "udp_client.py is not text" in text
        cause, text = run.first_failure("tcp_server")
        assert cause == "missing-bind"
        cause, text = run.first_failure("tcp_client")
        assert cause == "missing-file"
        assert "tcp_client.py is not in the submission; found: " in text
        assert "error" not in run.verdicts().values()

    def test_some_programs_alone(self, tmp_path: Path) -> None:
        handed_in = {name: text for name, text in PROGRAMS.items() if name.startswith("udp")}
        run = grade("--submission", hand_in(tmp_path / "jane", handed_in), "--results", tmp_path / "results.json")
        assert run.status == 1
        assert run.results["score"] == 50
        assert run.results["extra_data"]["complete"] is True
        assert {run.first_failure(f"tcp_{role}")[0] for role in ("server", "client")} == {"missing-file"}

    def test_a_program_twice(self, tmp_path: Path) -> None:
        other = PROGRAMS["udp_server.py"] + "\n# the other\n"
        files = {"a/udp_server.py": other, "b/udp_server.py": PROGRAMS["udp_server.py"]}
        folder = hand_in(tmp_path / "jane", files)
        run = grade("--submission", folder, "--results", tmp_path / "results.json", "-k", "udp_server")
        assert run.status == 1
        assert run.results["score"] == 0
        cause, text = run.first_failure("udp_server")
        assert cause == "missing-file"
        assert "a/udp_server.py" in text
        assert "b/udp_server.py" in text

    @posix
    def test_an_unreadable_program(self, tmp_path: Path) -> None:
        folder = hand_in(tmp_path / "jane", PROGRAMS)
        (folder / "udp_server.py").chmod(0)
        before = without_the_rights_of_root()
        run = grade(
            "--submission", folder, "--results", tmp_path / "results.json", "-k", "server_starts", before=before
        )
        assert run.status == 1
        cause, text = run.first_failure("udp_server")
        assert cause == "missing-file"
        assert "udp_server.py cannot be read (Permission denied)" in text
        assert run.verdicts()["tcp_server_starts"] == "passed", run.out


def without_the_rights_of_root() -> list[str]:
    """Give a command's beginning with which root, too, may not read everything; for others nothing is needed."""
    if os.geteuid() != 0:
        return []
    rights = "-dac_override,-dac_read_search"
    prefix = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    if (
        shutil.which("setpriv") is None
        or subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode
    ):
        pytest.skip("root may read everything here: there is no setpriv that works")
    return prefix


class TestGoodSubmissions:
    """However it was handed in."""

    def test_a_zip_with_the_names_that_canvas_gives(self, tmp_path: Path) -> None:
        names = {f"doejane_LATE_4711_9021{n}_{name}": text for n, (name, text) in enumerate(PROGRAMS.items())}
        archive = zipped(tmp_path / "submissions.zip", names)
        run = grade("--submission", archive, "--results", tmp_path / "results.json")
        assert (run.status, run.results["score"]) == (0, 100)

    def test_a_zip_with_one_folder(self, tmp_path: Path) -> None:
        archive = zipped(tmp_path / "jane.zip", {f"Lab 1 (final)/{name}": text for name, text in PROGRAMS.items()})
        run = grade("--submission", archive, "--results", tmp_path / "results.json", "-k", "udp")
        assert (run.status, run.results["score"]) == (0, 50)

    def test_a_path_with_spaces_and_umlauts_from_somewhere_else(self, tmp_path: Path) -> None:
        """The path is the shell's: relative to where the command is typed."""
        hand_in(tmp_path / "Übung 1" / "Jürgen Groß", PROGRAMS)
        options = ("--submission", "Übung 1/Jürgen Groß", "--results", "Übung 1/note.json", "-k", "server")
        run = grade(*options, cwd=tmp_path)
        assert run.status == 0
        assert (run.points("udp_server"), run.points("tcp_server")) == (24, 24)


class TestResults:
    """``results.json`` of real runs."""

    def test_of_the_solutions_are_100_points(self, solutions: Run) -> None:
        validate(solutions.results)
        assert solutions.status == 0
        assert (solutions.results["score"], solutions.results["max_score"]) == (100, 100)
        assert set(solutions.verdicts().values()) == {"passed"}
        assert solutions.results["extra_data"]["complete"] is True
        assert [test["extra_data"]["findings"] for test in solutions.tests if test["extra_data"]["findings"]] == []

    def test_of_the_skeletons_are_0_points(self, labs: Run) -> None:
        validate(labs.results)
        assert labs.status == 1
        assert (labs.results["score"], labs.results["max_score"]) == (0, 100)
        assert labs.results["extra_data"]["complete"] is True
        failed = [test["extra_data"] for test in labs.tests if test["extra_data"]["verdict"] == "failed"]
        assert [data["program"] for data in failed] == ["udp_server", "udp_client", "tcp_server", "tcp_client"]
        assert {data["cause"] for data in failed} == {"not-started"}
        assert all(isinstance(data["line"], int) for data in failed)
        others = [test["extra_data"] for test in labs.tests if test["extra_data"]["verdict"] != "failed"]
        assert {(data["verdict"], data["cause"]) for data in others} == {("skipped", None)}

    def test_say_how_programs_were_kept_apart(self, solutions: Run) -> None:
        isolation = solutions.results["extra_data"]["isolation"]
        if shutil.which("bwrap") is None:
            assert isolation == "none"
        said = {
            "bwrap": "network of its own (bubblewrap)",
            "user": "(isolation: user)",
            "none": "bubblewrap was not used",
        }
        assert said[isolation] in solutions.out

    def test_have_the_order_and_the_numbers_of_the_rubric(self, solutions: Run) -> None:
        programs = list(dict.fromkeys(test["extra_data"]["program"] for test in solutions.tests))
        assert programs == ["udp_server", "udp_client", "udp_pair", "tcp_server", "tcp_client", "tcp_pair"]
        numbers = [test["number"] for test in solutions.tests]
        assert len(set(numbers)) == len(numbers)
        assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])

    def test_name_nothing_of_this_machine(self, labs: Run) -> None:
        assert str(ROOT) not in json.dumps(labs.results)


class TestScreen:
    def test_is_plain_text_where_it_is_no_terminal(self, solutions: Run, labs: Run) -> None:
        assert ESCAPE not in solutions.out + solutions.err + labs.out + labs.err

    def test_ends_with_the_scorecard(self, solutions: Run, labs: Run) -> None:
        assert re.search(r"Score +100 / 100\n", solutions.out)
        assert re.search(r"Score +0 / 100\n", labs.out)
        assert "First things to mend:" in labs.out
        assert "First thing" not in solutions.out

    def test_says_the_seed_that_results_have(self, labs: Run) -> None:
        assert f"--seed {labs.results['extra_data']['seed']}\n" in labs.out

    def test_fits_80_columns(self, labs: Run) -> None:
        """But for what pytest itself prints above it."""
        card = labs.out[labs.out.index("\nudp_server ") :]
        assert [line for line in card.splitlines() if len(line) > 80] == []

    def test_has_colours_when_asked_for(self) -> None:
        assert ESCAPE in grade("--color=yes", "-k", "udp_server_starts").out

    @posix
    @pytest.mark.parametrize("settings, coloured", [({}, True), ({"NO_COLOR": "1"}, False)])
    def test_of_a_terminal_has_colours_unless_refused(self, settings: Mapping[str, str], *, coloured: bool) -> None:
        shown = on_a_terminal(["-k", "udp_server_starts"], TERM="xterm", **settings)
        assert "First thing to mend:" in shown
        assert (ESCAPE in shown) is coloured

    def test_can_be_of_ascii_alone(self) -> None:
        """With the reports of pytest, too, which show the same text."""
        run = grade("--tb=short", "-k", "server_starts", PYTHONIOENCODING="ascii")
        assert run.status == 1
        assert run.out.isascii()
        assert "x Starts, and waits for datagrams" in run.out

    def test_shows_the_feedback_where_pytest_shows_its_reports(self) -> None:
        run = grade("--tb=short", "-v", "-k", "udp_server")
        report = run.out[run.out.index("= FAILURES =") : run.out.index("\nudp_server ")]
        assert "TODO 1: create a UDP socket" in report
        assert "udp_server.py, line 12" in report


def on_a_terminal(options: Sequence[str], **env: str) -> str:
    """Run the command on a terminal of its own, and give all that it shows."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "pytest", "grading", "-p", "no:cacheprovider", *options]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(**env), stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        shown = b""
        with contextlib.suppress(OSError), open(ours, "rb", buffering=0) as screen:  # noqa: PTH123  a descriptor
            while data := screen.read(65536):  # an error is the terminal's end, on Linux
                shown += data
    assert process.returncode == 1
    text = shown.decode()
    assert not OF_OUR_OWN.search(text)
    return text


class TestChoosing:
    @pytest.mark.parametrize(
        "words, programs",
        [
            ("udp_server", {"udp_server": 10}),
            ("udp_client", {"udp_client": 11}),
            ("tcp_client", {"tcp_client": 11}),
            ("udp", {"udp_server": 10, "udp_client": 11, "udp_pair": 1}),
        ],
    )
    def test_by_k(self, words: str, programs: Mapping[str, int]) -> None:
        run = grade("--collect-only", "-q", "-k", words)
        names = re.findall(r"::test_([a-z]+_[a-z]+)_\w+$", run.out, re.MULTILINE)
        assert {name: names.count(name) for name in names} == programs

    def test_by_k_leaves_nothing_else_in_the_results(self, tmp_path: Path) -> None:
        options = ("--submission", "solutions", "--results", tmp_path / "results.json", "-k", "tcp_server")
        run = grade(*options)
        assert run.status == 0
        assert len(run.tests) == 10
        assert (run.results["score"], run.results["max_score"]) == (24, 24)
        assert run.results["extra_data"]["complete"] is True
        assert run.tests[0]["number"] == "4.1", "numbered as in the whole rubric"

    def test_one_check_as_test_explorers_do(self, tmp_path: Path) -> None:
        """By its identifier, which has no others run before it."""
        check = ROOT / "grading" / "checks" / "test_lab1_udp.py"
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={ROOT}"]
        command += ["--submission", "solutions", "--results", str(tmp_path / "results.json")]
        command.append(f"{check}::test_udp_server_answers_once")
        done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, check=False, timeout=60)
        assert done.returncode == 0
        (test,) = json.loads((tmp_path / "results.json").read_text())["tests"]
        assert test["extra_data"]["check"] == "udp_server_answers_once"

    def test_collect_only_runs_nothing(self, tmp_path: Path) -> None:
        """Not even a sandbox: none can be found, and nobody complains."""
        options = ("--collect-only", "--isolation", "bwrap", "--results", tmp_path / "results.json")
        run = grade(*options, PATH=str(tmp_path))
        assert run.status == 0
        assert "44 tests collected" in run.out
        assert "Score" not in run.out
        assert not (tmp_path / "results.json").exists()

    def test_x_stops_at_the_first_failure(self, tmp_path: Path) -> None:
        run = grade("-x", "--results", tmp_path / "results.json")
        assert run.status == 1
        verdicts = list(run.verdicts().values())
        assert verdicts == ["failed"] + ["skipped"] * 43
        assert run.results["extra_data"]["complete"] is False, "what was not reached is no final zero"
        assert "not final" in run.out

    def test_lf_takes_up_what_failed(self, tmp_path: Path) -> None:
        cache = tmp_path / "cache"
        assert grade("-k", "udp", "-o", f"cache_dir={cache}").status == 1
        run = grade("-k", "udp", "--lf", "-o", f"cache_dir={cache}", "--results", tmp_path / "results.json")
        assert run.status == 1
        assert run.verdicts() == {"udp_server_starts": "failed", "udp_client_sends_a_datagram": "failed"}


class TestSeed:
    @pytest.fixture
    def feedback(self, tmp_path: Path) -> Callable[..., tuple[str, int]]:
        wrong = PROGRAMS["udp_server.py"].replace(".upper()", "")
        folder = hand_in(tmp_path / "jane", {"udp_server.py": wrong})

        def of(*options: str) -> tuple[str, int]:
            path = tmp_path / "results.json"
            run = grade("--submission", folder, "--results", path, "-k", "udp_server_answers_one_message", *options)
            text = re.sub(r"\('127\.0\.0\.1', [0-9]+\)", "(address)", run.tests[0]["output"])  # an ephemeral port
            return text, run.results["extra_data"]["seed"]

        return of

    def test_repeats_the_words(self, feedback: Callable[..., tuple[str, int]]) -> None:
        text, seed = feedback("--seed", "4711")
        assert seed == 4711
        assert feedback("--seed", "4711") == (text, seed)

    def test_is_another_one_each_time(self, feedback: Callable[..., tuple[str, int]]) -> None:
        one, two = feedback(), feedback()
        assert one[1] != two[1]
        assert one[0] != two[0]


class TestJunit:
    def test_has_points_and_failures_but_no_errors(self, labs: Run, junit: Path) -> None:
        cases = list(ET.parse(junit).iter("testcase"))  # noqa: S314  our own file
        assert len(cases) == len(labs.tests)
        kinds = {"failed": ["failure"], "skipped": ["skipped"], "passed": []}
        for case, test in zip(cases, labs.tests, strict=True):
            properties = {each.attrib["name"]: each.attrib["value"] for each in case.iter("property")}
            assert float(properties["points"]) == test["score"]
            assert float(properties["max_points"]) == test["max_score"]
            assert properties["verdict"] == test["extra_data"]["verdict"]
            assert properties["program"] == test["extra_data"]["program"]
            assert [each.tag for each in case if each.tag != "properties"] == kinds[properties["verdict"]]

    @pytest.mark.usefixtures("labs")
    def test_shows_the_feedback_and_nothing_of_ours(self, junit: Path) -> None:
        text = junit.read_text(encoding="utf-8")
        assert "TODO 1: create a UDP socket" in text
        assert not re.search(r'Traceback|File "|grading/[\w/]+\.py:\d+: in ', text)
