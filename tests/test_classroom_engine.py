"""Grading a class: the same verdicts as alone, whatever becomes of the processes that grade."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from grading.classroom import grader, nursery
from grading.classroom.engine import Engine
from grading.classroom.grader import Broke, CannotGrade, Nurseries, Ready
from grading.classroom.keys import checks_version
from grading.classroom.layouts import find_class
from grading.classroom.store import Store
from grading.classroom.task import Manner, Task
from tests.classrooms import LABS, gradebook, hand_in, results, run, skeleton, small_class, solution, verdicts
from tests.gallery.entries import ROOT, grade_submission

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no nursery without fork")
MANNER = Manner("auto", 5.0, checks_version())
COMPUTES_FOR_EVER = "while True:\n    pass\n"


def zipped(**programs: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for program, text in programs.items():
            archive.writestr(f"{program}.py", text)
    return target.getvalue()


def task(manner: Manner = MANNER, student: str = "amy") -> Task:
    return Task({"id": student, "name": student.title(), "file": student}, "the key", "the content", 7, manner)


@pytest.fixture(scope="module")
def nurseries() -> Iterator[Nurseries]:
    opened = Nurseries()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the small class, once for all who look at what became of it."""
    folder = tmp_path_factory.mktemp("class")
    ran = run("class", small_class(folder / "handed in"), "--out", folder / "grades", "--seed", "1")
    assert ran.status == 0, ran
    return folder / "grades"


class TestOneOfAClass:
    def test_gets_what_it_gets_alone(self, nurseries: Nurseries, tmp_path: Path) -> None:
        programs = {program: solution(program) for program in LABS}
        programs["udp_server"] = programs["udp_server"].replace(".upper()", ".lower()")
        programs["tcp_client"] = skeleton("tcp_client")
        hand_in(tmp_path, "alone", **programs)
        alone = grade_submission(tmp_path / "alone", "--seed", "7")
        in_class = json.loads(nurseries.grade(zipped(**programs), task()))
        assert verdicts(in_class) == verdicts(alone)
        assert len({verdict for verdict, *_ in verdicts(alone).values()}) == 3
        for name in ("score", "max_score", "output", "visibility"):
            assert in_class[name] == alone[name]
        more = in_class["extra_data"].keys() - alone["extra_data"].keys()
        assert more == {"student", "status", "notes", "key", "content", "sources"}
        shared = alone["extra_data"].keys()
        assert {name: in_class["extra_data"][name] for name in shared} == alone["extra_data"]

    def test_says_who_it_is_and_what_was_handed_in(self, nurseries: Nurseries) -> None:
        text = "# -*- coding: latin-1 -*-\n# caf\xe9\n"
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("lab/udp_client.py", text.encode("latin-1"))
        extra = json.loads(nurseries.grade(target.getvalue(), task()))["extra_data"]
        assert extra["student"] == {"id": "amy", "name": "Amy", "file": "amy"}
        assert (extra["status"], extra["key"], extra["seed"]) == ("graded", "the key", 7)
        assert extra["sources"] == {"udp_client": {"file": "udp_client.py", "text": text}}

    def test_has_runs_to_draw(self, nurseries: Nurseries) -> None:
        wrong = solution("udp_server").replace(".upper()", ".lower()")
        tests = json.loads(nurseries.grade(zipped(udp_server=wrong), task()))["tests"]
        assert any("reference" in test["extra_data"].get("runs", {}) for test in tests)

    def test_of_what_is_no_zip_nothing_is_graded(self, nurseries: Nurseries) -> None:
        read = json.loads(nurseries.grade(b"PK\x03\x04", task()))
        assert (read["extra_data"]["status"], read["tests"], read["max_score"]) == ("unreadable", [], 100)
        assert "broken or not a zip" in read["extra_data"]["notes"][0]

    def test_without_fork_it_is_the_same(self, nurseries: Nurseries) -> None:
        submission = zipped(udp_client=solution("udp_client"), tcp_server="import socket\n")
        alone = grader._OneByOne("auto", 5.0)
        assert alone.ready == nurseries.ready(MANNER)
        one, other = json.loads(alone.grade(submission, task())), json.loads(nurseries.grade(submission, task()))
        assert verdicts(one) == verdicts(other)
        assert one["extra_data"] == other["extra_data"]

    def test_leaves_no_folder_behind(self, tmp_path: Path) -> None:
        handed_in = tmp_path / "handed in"
        hand_in(handed_in, "amy", udp_client=solution("udp_client"))
        hand_in(handed_in, "ben", udp_client="")
        assert run("class", handed_in, "--out", tmp_path / "out", TMPDIR=str(tmp_path)).status == 0
        assert {each.name for each in tmp_path.iterdir()} == {"handed in", "out"}


def is_fork(process: psutil.Process) -> bool:
    """Whether a child of a nursery grades a submission, and is no sandbox in which the reference solutions answer.

    Its screen is a file by then, which no other process has.
    """
    with suppress(psutil.Error):
        return any(file.path.endswith("said.txt") for file in process.open_files())
    return False


@needs_fork
class TestAGradingThatBreaks:
    """Whatever becomes of the process, the class has a row that says so."""

    @pytest.fixture
    def own(self) -> Iterator[Nurseries]:
        opened = Nurseries()
        yield opened
        opened.close()

    def killing(self, times: int) -> Callable[[Any], None]:
        """Give what kills the process of each grading as soon as it has begun, so many times."""
        left = [times]

        def begun(process: grader._Forking) -> None:
            if left[0]:
                left[0] -= 1
                (mother,) = [psutil.Process(process._process.pid)]
                while not (children := [child for child in mother.children() if is_fork(child)]):
                    assert mother.is_running()
                os.kill(children[0].pid, signal.SIGKILL)

        return begun

    @pytest.fixture
    def after_it_began(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], None]], None]:
        """Have something done after a submission was given to a process, and before its results are read."""

        def have(done: Callable[[Any], None]) -> None:
            before = grader._Forking.grade

            def grade(self: grader._Forking, submission: bytes, given: Task) -> str:
                makefile = socket.socket.makefile

                def reading(*args: Any, **options: Any) -> Any:
                    done(self)
                    return makefile(*args, **options)

                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(socket.socket, "makefile", reading)
                    return before(self, submission, given)

            monkeypatch.setattr(grader._Forking, "grade", grade)

        return have

    def test_is_tried_again(self, own: Nurseries, after_it_began: Any) -> None:
        own.ready(MANNER)
        after_it_began(self.killing(2))
        read = json.loads(own.grade(zipped(udp_client=solution("udp_client")), task()))
        assert (read["extra_data"]["status"], read["score"]) == ("graded", 24)

    def test_is_told_in_its_row_after_three_times(self, own: Nurseries, after_it_began: Any) -> None:
        own.ready(MANNER)
        after_it_began(self.killing(3))
        read = json.loads(own.grade(zipped(udp_client=solution("udp_client")), task()))
        assert (read["extra_data"]["status"], read["tests"], read["max_score"]) == ("incomplete", [], 100)
        assert read["extra_data"]["notes"] == [
            "Grading it broke 3 times, and no points are lost by that: its process was ended by SIGKILL."
        ]
        assert not read["extra_data"]["complete"]
        assert json.loads(own.grade(zipped(udp_client=solution("udp_client")), task()))["score"] == 24

    def test_takes_its_nursery_with_it_and_another_goes_on(self, own: Nurseries, after_it_began: Any) -> None:
        own.ready(MANNER)
        killed: list[int] = []

        def kill_nursery(process: grader._Forking) -> None:
            if not killed:
                killed.append(process._process.pid)
                os.kill(process._process.pid, signal.SIGKILL)

        after_it_began(kill_nursery)
        read = json.loads(own.grade(zipped(udp_client=solution("udp_client")), task()))
        assert killed
        assert (read["extra_data"]["status"], read["score"]) == ("graded", 24)

    def test_is_stopped_where_it_makes_no_progress(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(nursery, "_AT_LEAST", 0.2)
        ours, theirs = socket.socketpair()
        alive, beat = os.pipe()
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        with ours, theirs, child:
            end = nursery.Nursery(theirs, "auto", 0.0).attend(child.pid, alive, tmp_path)
            child.returncode = 0  # it was waited for already
        os.close(alive)
        os.close(beat)
        assert end == {"ended": None, "said": ""}
        assert "longer than any check may" in grader._how_it_ended(end)

    def test_is_ended_with_whoever_waits_for_it(self, own: Nurseries) -> None:
        with own._borrowed(MANNER) as process:
            assert isinstance(process, grader._Forking)
            ours, theirs = socket.socketpair()
            with ours, theirs:
                socket.send_fds(process._control, [b"!"], [theirs.fileno()])
                ours.sendall(f"{task().to_text()}\n".encode() + zipped(udp_server=COMPUTES_FOR_EVER))
                ours.shutdown(socket.SHUT_WR)
                mother = psutil.Process(process._process.pid)
                while not (children := mother.children(recursive=True)):
                    assert mother.is_running()
            process._control.shutdown(socket.SHUT_RDWR)  # as the kernel does when this process is killed
            _, alive = psutil.wait_procs([mother, *children], timeout=30)
            assert [each for each in alive if each.status() != psutil.STATUS_ZOMBIE] == []


class Scripted:
    """A workforce that does what a test wants."""

    def __init__(self, *outcomes: str | Exception) -> None:
        self.outcomes = list(outcomes)

    def start(self, _manner: Manner) -> None:
        pass

    def ready(self, _manner: Manner) -> Ready:
        return READY

    def submit(self, _submission: bytes, given: Task) -> Future[str]:
        future: Future[str] = Future()
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome or answer(given))
        return future

    def at_once(self) -> int:
        return 2

    def close(self) -> None:
        pass


READY = Ready("bwrap", True, (("udp_server", 60.0), ("udp_client", 40.0)))


def answer(given: Task, status: str = "graded", score: float = 60) -> str:
    extra: dict[str, Any] = {
        "isolation": "bwrap",
        "student": given.student,
        "status": status,
        "notes": [],
        "key": given.key,
    }
    extra |= {"content": given.content, "seed": given.seed, "sources": {}, "complete": status == "graded"}
    return json.dumps({"score": score, "max_score": 100, "tests": [], "extra_data": extra})


class KilledWorker(Exception):  # noqa: N818  as Dask calls it
    pass


class TestTheEngine:
    @pytest.fixture(autouse=True)
    def stores(self) -> Iterator[list[Store]]:
        """Close what a test has opened."""
        self.opened: list[Store] = []
        yield self.opened
        for store in self.opened:
            store.close()

    def engine(self, tmp_path: Path, workforce: Scripted) -> Engine:
        self.opened.append(Store(tmp_path / "out"))
        return Engine(self.opened[-1], workforce, READY, MANNER, seed=1)

    def students(self, tmp_path: Path, *names: str) -> Any:
        for name in names:
            hand_in(tmp_path / "in", name, udp_server=name)
        return find_class(tmp_path / "in", list(LABS)).students

    def rows(self, tmp_path: Path, workforce: Scripted, *names: str) -> list[tuple[str, str, tuple[str, ...]]]:
        engine = self.engine(tmp_path, workforce)
        done = list(engine.grade(self.students(tmp_path, *names)))
        return sorted((each.row.id, each.row.status, each.row.notes) for each in done)

    def test_gives_everybody_one_row(self, tmp_path: Path) -> None:
        names = [f"student{number:02}" for number in range(20)]
        found = self.rows(tmp_path, Scripted(*[""] * 20), *names)
        assert [(name, status) for name, status, _ in found] == [(name, "graded") for name in names]

    def test_gives_a_lost_submission_again(self, tmp_path: Path) -> None:
        assert self.rows(tmp_path, Scripted(OSError("gone"), RuntimeError("gone"), ""), "amy") == [
            ("amy", "graded", ())
        ]

    def test_gives_up_after_three_times(self, tmp_path: Path) -> None:
        workforce = Scripted(*[OSError("gone")] * 3, "")
        ((_, status, notes),) = self.rows(tmp_path, workforce, "amy")
        assert (status, notes) == (
            "incomplete",
            ("It could not be graded, and no points are lost by that: OSError: gone.",),
        )
        assert workforce.outcomes == [""]

    def test_takes_nonsense_for_a_loss(self, tmp_path: Path) -> None:
        ((_, status, _),) = self.rows(tmp_path, Scripted("[]", "{}", "no JSON"), "amy")
        assert status == "incomplete"

    def test_does_not_try_again_what_has_ended_its_workers(self, tmp_path: Path) -> None:
        workforce = Scripted(KilledWorker("amy", "tcp://one"), "")
        ((_, status, notes),) = self.rows(tmp_path, workforce, "amy")
        assert (status, workforce.outcomes) == ("incomplete", [""])
        assert "ended each worker" in notes[0]

    def test_holds_few_submissions_at_a_time(self, tmp_path: Path) -> None:
        workforce = Scripted(*[""] * 30)
        engine = self.engine(tmp_path, workforce)
        students = self.students(tmp_path, *(f"s{number:02}" for number in range(30)))
        most = 0
        for _ in engine.grade(students):
            most = max(most, len(engine._given))
        assert 0 < most <= 2 * workforce.at_once()

    def test_gives_all_students_the_same_words(self, tmp_path: Path) -> None:
        """So that the reference solutions answer them once."""
        found = self.engine(tmp_path, Scripted("", "")).grade(self.students(tmp_path, "amy", "ben"))
        assert [each.results["extra_data"]["seed"] for each in found if each.results] == [1, 1]


class TestAClass:
    def test_has_one_row_for_each_student(self, out: Path) -> None:
        rows = {row["id"]: (row["status"], row["score"]) for row in gradebook(out)}
        assert rows == {
            "amy": ("graded", "24"), "ben": ("graded", "24"), "cem": ("graded", "24"), "dot": ("graded", "50"),
            "eva": ("unreadable", "0"),
        }  # fmt: skip

    def test_has_a_file_and_a_page_for_each_student(self, out: Path) -> None:
        files = sorted(each.name for each in (out / "results").iterdir())
        assert files == ["amy.json", "ben.json", "cem.json", "dot.json", "eva.json"]
        assert sorted(each.stem for each in (out / "students").iterdir()) == ["amy", "ben", "cem", "dot", "eva"]
        assert results(out, "dot")["extra_data"]["student"]["name"] == "dot"

    def test_has_reports(self, out: Path) -> None:
        assert {each.name for each in out.iterdir() if not each.name.startswith(".")} == {
            "gradebook.csv", "index.html", "junit.xml", "results", "students",
        }  # fmt: skip


class TestAWorkerOfACluster:
    def test_refuses_where_it_has_other_checks(self) -> None:
        with pytest.raises(CannotGrade, match="other checks"):
            grader.grade(b"", task(Manner("auto", 5.0, "another version")))
        assert "other checks" in str(grader.ready(Manner("auto", 5.0, "another version")))


class TestTheVersionOfTheChecks:
    def test_changes_with_what_has_a_part_in_verdicts(self, tmp_path: Path) -> None:
        def version(*edits: tuple[str, str]) -> str:
            code = "import sys; sys.path.insert(0, sys.argv[1])\n"
            code += "from grading.classroom.keys import checks_version; print(checks_version())"
            for path, text in edits:
                with (tmp_path / path).open("a", encoding="utf-8") as file:
                    file.write(text)
            done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=tmp_path, capture_output=True,
                                  text=True, check=True)  # fmt: skip
            return done.stdout.strip()

        for folder in ("grading", "solutions"):
            subprocess.run(["cp", "-r", ROOT / folder, tmp_path / folder], check=True)
        first = version()
        assert first == checks_version()
        assert version(("grading/reports/rows.py", "\n"), ("grading/classroom/engine.py", "\n")) == first
        second = version(("grading/checks/claims.py", "\n"))
        assert second != first
        assert version(("solutions/lab1_udp/udp_server.py", "\n")) not in (first, second)


def test_broke_is_no_error_of_a_submission() -> None:
    assert not issubclass(Broke, CannotGrade)
