"""The notebooks: their form, what they claim to cover, their outputs on a new run, and every "your turn" solved."""

from __future__ import annotations

import contextlib
import json
import os
import re
import runpy
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from grading.diagnosis.causes import CAUSES
from grading.diagnosis.causes.cause import Place

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "notebooks"
STEMS = ["01_sockets", "02_creating_a_socket", "03_methods", "04_udp", "05_tcp"]

HEADINGS = [
    "Introduction",
    "Objectives",
    "Socket programming",
    "Python's socket module",
    "socket.socket",
    "Socket families",
    "Important methods",
    "socket.sendto and socket.recvfrom",
    "socket.recv and socket.send",
    "socket.bind and socket.listen and socket.accept",
    "socket.connect",
    "socket.close",
    "Socket programming with UDP",
    "Client/server socket interaction: UDP",
    "Example app: UDP client",
    "Example app: UDP server",
    "Socket programming with TCP",
    "Client/server socket interaction: TCP",
    "Example app: TCP client",
    "Example app: TCP server",
    "References",
]
"""Of the slides, in their order."""

DOCUMENTATION = "https://docs.python.org/3/library/socket.html"
ELSEWHERE = re.compile(r"(?<![\w.])/(home|root|tmp|Users|private|var)/\w|[A-Z]:\\\\?Users|site-packages")
"""Paths of the machine on which a notebook was executed."""
KERNEL_STARTS = 60
CELL_TIMEOUT = 30


@dataclass(frozen=True)
class Step:
    """A section of a notebook."""

    number: int
    title: str
    slides: tuple[str, ...]
    """What stands in its ``*Slide: …*`` lines."""
    mirrors: str | None
    """The slide named right under its heading."""

    @property
    def heading(self) -> str:
        return f"Step {self.number}: {self.title}"


@dataclass(frozen=True)
class Notebook:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def content(self) -> Any:
        return json.loads(self.text)

    @property
    def cells(self) -> list[Any]:
        cells: list[Any] = self.content["cells"]
        return cells

    @property
    def code(self) -> list[Any]:
        return [cell for cell in self.cells if cell["cell_type"] == "code"]

    @cached_property
    def prose(self) -> str:
        return "\n\n".join(source(cell) for cell in self.cells if cell["cell_type"] == "markdown")

    @property
    def minutes(self) -> int:
        (minutes,) = re.findall(r"^\*\*Time\*\*: about (\d+) minutes\b", source(self.cells[0]), re.MULTILINE)
        return int(minutes)

    @cached_property
    def steps(self) -> list[Step]:
        """The sections, in their order."""
        found = []
        for part in re.split(r"^(?=## )", self.prose, flags=re.MULTILINE)[1:]:
            if heading := re.match(r"## Step (\d+): (.+)\n", part):
                under = re.match(r"## .+\n\n\*Slide: (.+)\*(?:\n|$)", part)
                mirrors = under.group(1) if under else None
                found.append(Step(int(heading[1]), heading[2], tuple(slides_in(part)), mirrors))
        return found

    def places(self) -> Iterator[tuple[str, str]]:
        """Give each slide with where it is covered: the file, or file and heading, as a link names it."""
        before = self.prose.split("\n## Step 1:")[0]
        for slide in slides_in(before):
            yield slide, self.path.name
        for step in self.steps:
            for slide in step.slides:
                yield slide, f"{self.path.name}#{anchor(step.heading)}"
        after = re.split(r"^## (?!Step )", self.prose, flags=re.MULTILINE)[1:]
        for part in after:
            for slide in slides_in(part):
                yield slide, f"{self.path.name}#{anchor(part.splitlines()[0])}"


def source(cell: Any) -> str:
    return "".join(cell["source"])


def slides_in(text: str) -> list[str]:
    return re.findall(r"^\*Slide: (.+)\*$", text, re.MULTILINE)


def anchor(heading: str) -> str:
    """Give what JupyterLab makes of a heading: its text as it is shown, with hyphens for blanks."""
    return re.sub(r"[`*]", "", heading).replace(" ", "-")


def printed(cell: Any) -> str:
    """Give all text that a cell's stored outputs show."""
    return "".join("".join(output.get("text", ())) for output in cell["outputs"])


NOTEBOOKS = {stem: Notebook(FOLDER / f"{stem}.ipynb") for stem in STEMS}


@pytest.fixture(params=STEMS)
def notebook(request: pytest.FixtureRequest) -> Notebook:
    return NOTEBOOKS[request.param]


def test_there_are_no_others() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == STEMS


class TestFile:
    def test_is_a_valid_notebook(self, notebook: Notebook) -> None:
        import nbformat

        assert (notebook.content["nbformat"], notebook.content["nbformat_minor"]) == (4, 5)
        nbformat.validate(notebook.content)

    def test_has_nothing_that_editors_note(self, notebook: Notebook) -> None:
        """``make notebooks-run`` writes it as it is."""
        import nbformat

        from tests.rerun import stripped, written

        assert written(stripped(nbformat.reads(notebook.text, as_version=4))) == notebook.text

    def test_has_cells_whose_ids_speak(self, notebook: Notebook) -> None:
        ids = [cell["id"] for cell in notebook.cells]
        assert [each for each in ids if not re.fullmatch(r"[a-z][a-z0-9]+(-[a-z0-9]+)+", each) or len(each) > 64] == []
        assert [each for each in ids if re.search(r"(^|-)(?=[a-f]*[0-9])[0-9a-f]{6,}(-|$)", each)] == [], (
            "made by chance"
        )
        assert len(set(ids)) == len(ids)

    def test_was_executed_from_top_to_bottom(self, notebook: Notebook) -> None:
        counts = [cell["execution_count"] for cell in notebook.code]
        assert counts == list(range(1, len(counts) + 1))

    def test_has_outputs_and_no_errors(self, notebook: Notebook) -> None:
        outputs = [output for cell in notebook.code for output in cell["outputs"]]
        assert len(outputs) >= len(notebook.code) // 2
        assert [output for output in outputs if output["output_type"] == "error"] == []
        assert [output for output in outputs if output.get("name") == "stderr"] == []

    def test_names_nothing_of_the_machine_it_was_made_on(self, notebook: Notebook) -> None:
        assert str(ROOT) not in notebook.text
        assert str(Path.home()) not in notebook.text
        assert [match[0] for match in ELSEWHERE.finditer(notebook.text)] == []

    def test_shows_no_memory_addresses(self, notebook: Notebook) -> None:
        assert [cell["id"] for cell in notebook.code if re.search(r"\bat 0x[0-9a-f]+", printed(cell))] == []

    def test_says_why_an_output_is_not_compared(self, notebook: Notebook) -> None:
        """A mark that nbval does not know is a comment, and is never seen again."""
        marks = re.findall(r"#\s*(NBVAL_\w+)", "\n".join(source(cell) for cell in notebook.code))
        assert set(marks) <= {"NBVAL_IGNORE_OUTPUT"}
        assert len(marks) <= len(notebook.code) // 5

    def test_passes_ruff(self, notebook: Notebook) -> None:
        for arguments in (["check"], ["format", "--check"]):
            command = [sys.executable, "-m", "ruff", *arguments, "--no-cache", str(notebook.path)]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
            assert done.returncode == 0, done.stdout


class TestText:
    def test_begins_with_what_it_is_for(self, notebook: Notebook) -> None:
        first = source(notebook.cells[0])
        assert re.match(rf"# {int(notebook.path.stem[:2])}\. \S", first)
        _, aims = first.split("**You will be able to**\n\n")
        assert 3 <= len(re.findall(r"^- ", aims, re.MULTILINE)) <= 5
        assert 10 <= notebook.minutes <= 45

    def test_begins_with_the_slides_it_covers(self, notebook: Notebook) -> None:
        (said,) = re.findall(
            r"^\*\*Slides\*\*: (.+?)\.?$(?=\n\n|\Z)", source(notebook.cells[0]), re.MULTILINE | re.DOTALL
        )
        covered = list(dict.fromkeys(slides_in(notebook.prose)))
        assert re.split(r"[,;]\s+", said.replace("\n", " ")) == covered

    def test_never_hangs(self, notebook: Notebook) -> None:
        setup = notebook.cells[1]
        assert setup["cell_type"] == "code"
        assert re.search(r"^never_hang\(\)", source(setup), re.MULTILINE)

    def test_has_steps_with_numbers(self, notebook: Notebook) -> None:
        assert [step.number for step in notebook.steps] == list(range(1, len(notebook.steps) + 1))

    def test_names_slides_that_there_are(self, notebook: Notebook) -> None:
        assert set(slides_in(notebook.prose)) <= set(HEADINGS)
        assert len(re.findall(r"\*Slides?:", notebook.prose)) == len(slides_in(notebook.prose))

    def test_folds_an_answer_for_each_prediction(self, notebook: Notebook) -> None:
        asked = len(re.findall(r"^\*\*Predict\.\*\* ", notebook.prose, re.MULTILINE))
        answers = re.findall(
            r"^<details><summary>Answer</summary>\n\n\S.*?\n\n</details>$", notebook.prose, re.MULTILINE | re.DOTALL
        )
        assert asked >= 3
        assert len(answers) == asked
        assert notebook.prose.count("**Predict") == asked
        assert notebook.prose.count("<details>") == notebook.prose.count("</details>")

    def test_has_links_to_all_methods_that_it_calls(self, notebook: Notebook) -> None:
        names = {name for name in vars(socket.socket) | vars(socket.socket.__mro__[1]) if not name.startswith("_")}
        called = set(re.findall(r"\.(\w+)\(", "\n".join(source(cell) for cell in notebook.code))) & names
        called -= {
            "type",
            "family",
            "proto",
            "detach",
            "fileno",
            "getpeername",
            "getsockname",
            "getsockopt",
            "gettimeout",
        }
        linked = set(re.findall(rf"{re.escape(DOCUMENTATION)}#socket\.socket\.(\w+)", notebook.prose))
        assert called - linked == set()

    def test_has_links_to_what_the_documentation_has(self, notebook: Notebook) -> None:
        for name in re.findall(rf"{re.escape(DOCUMENTATION)}#(socket\.[\w.]+)", notebook.prose):
            value: Any = sys.modules["socket"]
            for part in name.split(".")[1:]:
                value = getattr(value, part, None) if part != "AF_UNIX" else socket
            assert value is not None, name

    def test_has_links_that_lead_somewhere(self, notebook: Notebook) -> None:
        for target in re.findall(r"\]\((?!https?:)([^)]+)\)", notebook.prose):
            path, _, place = unquote(target).partition("#")
            assert (FOLDER / path).exists(), target
            if place and path.endswith(".ipynb"):
                assert place in {anchor(step.heading) for step in NOTEBOOKS[Path(path).stem].steps}, target

    def test_ends_with_the_command_that_checks_the_lab(self, notebook: Notebook) -> None:
        end = re.split(r"^## ", notebook.prose, flags=re.MULTILINE)[-1]
        assert re.search(r"\b(pytest grading|make grade)\b", end)

    def test_speaks_plainly(self, notebook: Notebook) -> None:
        assert re.findall(r"\w!(?=\s|$)", notebook.prose) == []


class TestSlides:
    def test_are_all_covered(self) -> None:
        covered = {slide for notebook in NOTEBOOKS.values() for slide in slides_in(notebook.prose)}
        assert [heading for heading in HEADINGS if heading not in covered] == []

    @pytest.mark.parametrize("place", sorted({p for c in CAUSES.values() for p in (c.udp, c.tcp)}, key=str), ids=str)
    def test_stand_where_feedback_sends_a_student(self, place: Place) -> None:
        steps = {step.number: step for step in NOTEBOOKS[place.notebook].steps}
        assert steps[place.step].mirrors == place.slide


class TestReadme:
    """``notebooks/README.md``: which notebook covers which slide, and how long each takes."""

    @pytest.fixture
    def rows(self) -> list[list[str]]:
        text = (FOLDER / "README.md").read_text(encoding="utf-8")
        return [re.split(r"\s+\|\s+", row) for row in re.findall(r"^\| (.+) \|$", text, re.MULTILINE)]

    def test_has_the_slides_in_their_order(self, rows: list[list[str]]) -> None:
        assert [row[0] for row in rows if row[0] in HEADINGS] == HEADINGS

    def test_leads_to_each_place_and_no_other(self, rows: list[list[str]]) -> None:
        linked = [(row[0], unquote(link)) for row in rows if row[0] in HEADINGS for link in links(row[1])]
        places = [place for notebook in NOTEBOOKS.values() for place in notebook.places()]
        assert len(set(linked)) == len(linked)
        assert set(linked) == set(places)

    def test_says_how_long_each_takes(self, rows: list[list[str]]) -> None:
        said = {link: row[1] for row in rows if row[0] not in HEADINGS for link in links(row[0])}
        assert said == {f"{stem}.ipynb": f"{notebook.minutes} minutes" for stem, notebook in NOTEBOOKS.items()}


def links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)]+)\)", text)


def environment() -> dict[str, str]:
    """Give kernels this checkout's packages, whatever is installed."""
    left_out = ("PYTEST_ADDOPTS", "FORCE_COLOR", "PY_COLORS")
    return {name: value for name, value in os.environ.items() if name not in left_out} | {"PYTHONPATH": str(ROOT)}


class TestNewRun:
    """Every output is again what is stored."""

    def nbval(self, cwd: Path = ROOT) -> None:
        """Run the command that people type, and show what it printed where it failed."""
        command = [sys.executable, "-m", "pytest", "--nbval", "--color=no", "-q", str(FOLDER)]
        if sys.platform != "linux":
            command += ["--nbval-lax"]  # errors have other names there: outputs are not compared
        done = subprocess.run(
            command, cwd=cwd, env=environment(), capture_output=True, encoding="utf-8", check=False, timeout=240
        )
        if done.returncode:
            pytest.fail(f"{done.stdout}{done.stderr}\nIf this is as it should be: make notebooks-run", pytrace=False)

    def test_two_at_once(self, tmp_path: Path) -> None:
        """From the project's folder, and from somewhere else."""
        with ThreadPoolExecutor() as pool:
            assert len(list(pool.map(self.nbval, (ROOT, tmp_path)))) == 2

    def test_where_the_port_of_the_slides_is_taken(self) -> None:
        with contextlib.ExitStack() as stack:
            for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                taken = stack.enter_context(socket.socket(socket.AF_INET, kind))
                with contextlib.suppress(OSError):  # it is taken by somebody else
                    taken.bind(("", 12000))
            self.nbval()


def test_cost_other_runs_of_pytest_nothing(pytestconfig: pytest.Config) -> None:
    """Grading has the same configuration, and would take several times as long to start."""
    assert "nbval.plugin" not in sys.modules
    assert not pytestconfig.pluginmanager.hasplugin("nbval")
    assert not pytestconfig.pluginmanager.hasplugin("anyio")


class TestElsewhere:
    def test_binder_installs_the_project_itself(self) -> None:
        """It installs what requirements.txt says, and no more."""
        assert "-e ." in [line.partition(" #")[0].strip() for line in read("requirements.txt").splitlines()]

    def test_a_dev_container_has_what_notebooks_need(self) -> None:
        container = json.loads(read(".devcontainer/devcontainer.json"))
        assert "requirements.txt" in container["postCreateCommand"]
        extensions = container["customizations"]["vscode"]["extensions"]
        assert {"ms-python.python", "ms-toolsai.jupyter"} <= set(extensions)

    def test_ci_has_a_browser(self) -> None:
        assert "[chromium]=chromium" in read(".ci/run")


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@dataclass(frozen=True)
class Answer:
    """What a student may write in a "your turn", and what the check has to say about it."""

    notebook: str
    name: str
    source: str
    part: str
    """Of what is printed."""


def read_answers() -> dict[str, dict[str, Any]]:
    """Read the data of ``your_turn_answers/NN.py`` by the notebooks' names."""
    paths = {stem: Path(__file__).parent / "your_turn_answers" / f"{stem[:2]}.py" for stem in STEMS}
    return {stem: runpy.run_path(str(path))["ANSWERS"] for stem, path in paths.items() if path.exists()}


ANSWERS = read_answers()


def answers() -> Iterator[Any]:
    """Give every answer, in the notebooks' order, so that one kernel is needed at a time."""
    for stem, exercises in ANSWERS.items():
        for name, kinds in exercises.items():
            for number, right in enumerate(kinds["right"], start=1):
                yield pytest.param(Answer(stem, name, right, "Right: "), id=f"{stem}-{name}-right-{number}")
            for number, (wrong, part) in enumerate(kinds["wrong"].items(), start=1):
                yield pytest.param(Answer(stem, name, wrong, part), id=f"{stem}-{name}-wrong-{number}")


class TestYourTurn:
    def test_has_a_check_right_below_it(self, notebook: Notebook) -> None:
        exercises = [
            cell["id"].removeprefix("your-turn-") for cell in notebook.code if cell["id"].startswith("your-turn-")
        ]
        assert 1 <= len(exercises) <= 4
        ids = [cell["id"] for cell in notebook.code]
        checks = {cell["id"]: cell for cell in notebook.code if cell["id"].startswith("check-")}
        assert list(checks) == [f"check-{name}" for name in exercises]
        for name in exercises:
            assert ids.index(f"check-{name}") == ids.index(f"your-turn-{name}") + 1
            assert re.fullmatch(rf"check_{name.replace('-', '_')}\(.*\)", source(checks[f"check-{name}"]))
        assert len(re.findall(r"^### Your turn: \S", notebook.prose, re.MULTILINE)) == len(exercises)

    def test_has_answers_to_try(self, notebook: Notebook) -> None:
        names = [cell["id"].removeprefix("check-") for cell in notebook.code if cell["id"].startswith("check-")]
        assert sorted(ANSWERS.get(notebook.path.stem, ())) == sorted(names)
        for kinds in ANSWERS[notebook.path.stem].values():
            assert kinds["right"]
            assert len(kinds["wrong"]) >= 2

    def test_is_not_done_when_untouched(self, notebook: Notebook) -> None:
        said = [printed(cell) for cell in notebook.code if cell["id"].startswith("check-")]
        assert [each for each in said if not each.startswith("Not yet: ")] == []

    @pytest.mark.parametrize("answer", list(answers()))
    def test_is_judged(self, answer: Answer, ask: Callable[[str, str, str], str]) -> None:
        said = ask(answer.notebook, answer.name, answer.source)
        verdicts = re.findall(r"^(?:Right|Not yet): ", said, re.MULTILINE)  # what a student prints may stand above it
        assert verdicts == ["Right: " if answer.part == "Right: " else "Not yet: "]
        assert answer.part in said


@pytest.fixture(scope="module")
def ask() -> Iterator[Callable[[str, str, str], str]]:
    """Give a function that puts an answer into its notebook, and gives what the check says to it."""
    running: dict[str, Kernel] = {}

    def tell(stem: str, name: str, answer: str) -> str:
        if stem not in running:
            while running:
                running.popitem()[1].stop()
            running[stem] = Kernel(NOTEBOOKS[stem])
        return running[stem].judge(name, answer)

    yield tell
    for kernel in running.values():
        kernel.stop()


class Kernel:
    """A kernel in which all cells of a notebook were executed once."""

    def __init__(self, notebook: Notebook) -> None:
        from jupyter_client.manager import start_new_kernel

        arguments = ["--log-level=ERROR"]
        self.manager, self.client = start_new_kernel(
            KERNEL_STARTS, "python3", cwd=str(FOLDER), env=environment(), extra_arguments=arguments
        )
        self.cells = {cell["id"]: source(cell) for cell in notebook.code}
        self.works = all(self.execute(cell) is not None for cell in self.cells.values())

    def judge(self, name: str, answer: str) -> str:
        assert self.works, "a cell of the notebook itself has failed"
        said = [self.execute(code) for code in (self.cells[f"your-turn-{name}"], answer, self.cells[f"check-{name}"])]
        assert None not in said, "a cell has failed"
        return str(said[-1])

    def execute(self, code: str) -> str | None:
        """Execute it, and give what it prints, or nothing if it fails."""
        text = []

        def collect(message: Any) -> None:
            if message["msg_type"] == "stream":
                text.append(message["content"]["text"])

        try:
            reply = self.client.execute_interactive(code, output_hook=collect, allow_stdin=False, timeout=CELL_TIMEOUT)
        except TimeoutError:
            return None
        return "".join(text) if reply["content"]["status"] == "ok" else None

    def stop(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
