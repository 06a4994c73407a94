"""Verdicts fail closed: what breaks in the grader is no pass, no zero, and nobody's fault but its own."""

from __future__ import annotations

import json
import mmap
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from grading.arena import GraderError, Mismatch, Program, Script
from grading.diagnosis import diagnose
from grading.results import CheckResult, Feedback, Verdict
from grading.session import GradingSession, Settings
from grading.transcript.recorder import HEADER
from grading.verdicts import NotRunnable, evidence_of

ROOT = Path(__file__).parents[1]
FEEDBACK = Feedback("missing-file", "tcp_client.py is not in the submission.", "Hand it in.", "")


@pytest.fixture
def session() -> Iterator[GradingSession]:
    """Open a grading of two checks, the second of which builds on the first; nothing is started."""
    grading = GradingSession(Settings(str(ROOT / "solutions"), "none", 1, 5.0))
    grading.rubric.add("starts", "Starts", "udp_server", 2, ())
    grading.rubric.add("answers", "Answers", "udp_server", 3, ("starts",))
    grading.selected = ["starts", "answers"]
    yield grading
    grading.close()


@pytest.fixture
def mismatch() -> Iterator[Callable[..., Mismatch]]:
    """Make what a check raises about a program that did something else."""
    with mmap.mmap(-1, 4096) as record:

        def of(*, trusted: bool) -> Mismatch:
            program = Program(Script("udp_server", {"udp_server.py": b"pass\n"}, trusted=trusted), 1, record)
            program.status = 0
            return Mismatch(program, "no-reply", "An answer.", "None came.")

        yield of


def ended(error: BaseException | None = None, when: Any = "call") -> pytest.CallInfo[object]:
    """Make what pytest knows of a phase of a test."""

    def phase() -> None:
        if error is not None:
            raise error

    return pytest.CallInfo.from_call(phase, when)


def judged(session: GradingSession, call: pytest.CallInfo[object], check: str = "starts") -> CheckResult:
    result = session.judge(check, call, None)
    assert result is not None
    assert result is session.judged[check]
    return result


class TestJudging:
    def test_a_check_that_ended_is_passed(self, session: GradingSession) -> None:
        result = judged(session, ended())
        assert (result.verdict, result.points, result.max_points) == (Verdict.PASSED, 2, 2)

    @pytest.mark.parametrize("when", ["setup", "teardown"])
    def test_what_stands_around_a_check_is_no_pass(self, session: GradingSession, when: str) -> None:
        assert session.judge("starts", ended(when=when), None) is None
        assert session.judged == {}

    def test_a_program_that_did_something_else_has_failed(
        self, session: GradingSession, mismatch: Callable[..., Mismatch]
    ) -> None:
        result = judged(session, ended(mismatch(trusted=False)))
        assert (result.verdict, result.points) == (Verdict.FAILED, 0)
        assert result.feedback is not None
        assert result.feedback.cause

    def test_a_program_that_is_not_there_has_failed(self, session: GradingSession) -> None:
        result = judged(session, ended(NotRunnable(FEEDBACK)))
        assert (result.verdict, result.points, result.feedback) == (Verdict.FAILED, 0, FEEDBACK)

    def test_the_reference_that_did_something_else_is_an_error(
        self, session: GradingSession, mismatch: Callable[..., Mismatch]
    ) -> None:
        result = judged(session, ended(mismatch(trusted=True)))
        assert (result.verdict, result.points, result.feedback) == (Verdict.ERROR, 0, None)

    @pytest.mark.parametrize(
        "error",
        [
            RuntimeError("boom"),
            GraderError("the sandbox has ended"),
            AssertionError(),
            OSError(24, "Too many open files"),
            TimeoutError(),
            KeyError("x"),
            SystemExit(0),
            MemoryError(),
            RecursionError(),
        ],
        ids=lambda error: type(error).__name__,
    )
    @pytest.mark.parametrize("when", ["setup", "call", "teardown"])
    def test_anything_else_is_an_error(self, session: GradingSession, error: BaseException, when: str) -> None:
        result = judged(session, ended(error, when))
        assert (result.verdict, result.points, result.feedback) == (Verdict.ERROR, 0, None)
        assert result.reason.startswith(type(error).__name__)
        session.selected = ["starts"]
        assert session.result().complete is False

    @pytest.mark.parametrize("when", ["setup", "teardown"])
    def test_a_claim_outside_of_the_check_itself_is_an_error(
        self, session: GradingSession, mismatch: Callable[..., Mismatch], when: str
    ) -> None:
        assert judged(session, ended(mismatch(trusted=False), when)).verdict is Verdict.ERROR

    def test_an_error_while_ending_takes_a_pass_back(self, session: GradingSession) -> None:
        judged(session, ended())
        assert judged(session, ended(GraderError("could not be ended"), "teardown")).verdict is Verdict.ERROR
        assert (session.result().score, session.result().complete) == (0, False)

    def test_an_error_in_the_explanation_is_an_error(
        self, session: GradingSession, mismatch: Callable[..., Mismatch], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(evidence: object) -> Feedback:
            raise RuntimeError("no such rule")

        monkeypatch.setattr("grading.verdicts.diagnose", broken)
        result = judged(session, ended(mismatch(trusted=False)))
        assert (result.verdict, result.feedback) == (Verdict.ERROR, None)
        assert result.reason == "RuntimeError: no such rule"

    def test_a_skipped_check_gives_no_points_and_says_why(self, session: GradingSession) -> None:
        result = judged(session, ended(pytest.skip.Exception("starts"), "setup"), "answers")
        assert (result.verdict, result.points, result.reason) == (Verdict.SKIPPED, 0, "starts")


class TestPrerequisites:
    @pytest.mark.parametrize(
        "verdict, waits", [("passed", None), ("failed", "starts"), ("skipped", "starts"), ("error", None)]
    )
    def test_a_check_is_skipped_where_one_it_builds_on_failed(
        self, session: GradingSession, verdict: str, waits: str | None
    ) -> None:
        """After an error of the grader's it is tried: that is not the student's fault."""
        errors = {"failed": NotRunnable(FEEDBACK), "skipped": pytest.skip.Exception("x"), "error": OSError()}
        judged(session, ended(errors.get(verdict)))
        assert session.builds_on_failed("answers") == waits

    def test_a_check_that_was_not_selected_holds_up_nothing(self, session: GradingSession) -> None:
        assert session.builds_on_failed("answers") is None


class TestResult:
    def test_of_all_checks_is_complete(self, session: GradingSession) -> None:
        judged(session, ended(NotRunnable(FEEDBACK)))
        judged(session, ended(pytest.skip.Exception("starts"), "setup"), "answers")
        result = session.result()
        assert (result.score, result.max_score, result.complete) == (0, 5, True)

    def test_of_some_of_them_is_not(self, session: GradingSession) -> None:
        judged(session, ended())
        result = session.result()
        assert (result.score, result.max_score, result.complete) == (2, 5, False)
        assert result.checks[1].verdict is Verdict.SKIPPED
        assert result.checks[1].reason

    def test_of_no_check_at_all_is_not(self, session: GradingSession) -> None:
        result = session.result()
        assert (result.score, result.max_score, result.complete) == (0, 5, False)

    def test_of_those_that_were_asked_for_is_complete(self, session: GradingSession) -> None:
        session.selected = ["answers"]
        judged(session, ended(), "answers")
        result = session.result()
        assert (result.score, result.max_score, result.complete) == (3, 3, True)


@dataclass(frozen=True)
class Run:
    status: int
    out: str
    results: Any

    def verdicts(self) -> Counter[str]:
        return Counter(test["extra_data"]["verdict"] for test in self.results["tests"])


SABOTEUR = """
import pytest
import select
from pathlib import Path

@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session):
    import grading.conftest, grading.session, grading.verdicts
    from grading.arena import GraderError, Stage
    grading_session = session.config.stash[grading.session.SESSION]
    checks = {item.name.removeprefix("test_"): item for item in session.items}

"""


@pytest.fixture
def sabotaged(tmp_path: Path) -> Callable[..., Run]:
    """Run the command with a plugin that breaks the grader, on the solutions or another submission."""

    def run(sabotage: str, *options: str | Path, submission: str = "solutions") -> Run:
        body = textwrap.indent(textwrap.dedent(sabotage).strip(), "    ")
        (tmp_path / "saboteur.py").write_text(SABOTEUR + body + "\n")
        results = tmp_path / "results.json"
        command = [sys.executable, "-m", "pytest", "grading", "-p", "saboteur", "-p", "no:cacheprovider"]
        command += ["--submission", submission, "--results", str(results), *map(str, options)]
        paths = os.pathsep.join(filter(None, [str(tmp_path), os.environ.get("PYTHONPATH")]))
        env = {**os.environ, "PYTHONPATH": paths}
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, encoding="utf-8", check=False, timeout=60
        )
        assert results.exists(), done.stdout + done.stderr
        return Run(done.returncode, done.stdout, json.loads(results.read_text()))

    return run


def is_not_final(run: Run) -> None:
    """What every broken grading has to say, to the instructor's programs and to people."""
    assert run.status not in (0, 4, 5)
    assert run.results["extra_data"]["complete"] is False
    assert "Not final" in run.results["output"]
    assert re.search(r"Score +\d+ / \d+ +not final\n", run.out)
    assert not re.search(r"Traceback|INTERNALERROR", run.out)


def grader_is_blamed(run: Run) -> None:
    """Nothing was held against a program that is right."""
    is_not_final(run)
    assert "The grader itself broke in" in run.out
    assert set(run.verdicts()) <= {"passed", "error"}
    for test in run.results["tests"]:
        if test["extra_data"]["verdict"] == "error":
            assert test["score"] == 0
            assert test["status"] == "failed"
            assert test["extra_data"]["cause"] is None
            assert "The grader itself broke here. No points are lost" in test["output"]


class TestABrokenGrader:
    def test_a_check_that_raises(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged(
            """
            def broken(bench):
                raise RuntimeError("sabotage")
            checks["udp_server_answers_one_message"].obj = broken
            """,
            "-k",
            "udp",
        )
        grader_is_blamed(run)
        assert run.status == 1
        assert run.verdicts() == {"error": 1, "passed": 21}, "what builds on it was tried, and is right"
        assert run.results["score"] == 46
        assert "RuntimeError: sabotage" in run.out

    def test_a_reference_solution_that_is_broken(self, sabotaged: Callable[..., Run], tmp_path: Path) -> None:
        """No answer is known then, so that no program can be said to be wrong."""
        shutil.copytree(ROOT / "solutions", tmp_path / "solutions")
        (tmp_path / "solutions" / "lab2_tcp" / "tcp_server.py").write_text("raise SystemExit\n")
        run = sabotaged(f"grading.session._TOP = Path({str(tmp_path)!r})", "-k", "server")
        grader_is_blamed(run)
        assert run.verdicts() == {"passed": 11, "error": 11}, "the other half has a reference"
        assert "the reference tcp_server.py did not answer" in run.out

    def test_an_explanation_that_raises(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged(
            """
            def broken(*arguments, **more):
                raise RuntimeError("sabotage")
            grading.verdicts.diagnose = broken
            """,
            "-k",
            "starts",
            submission="labs",
        )
        grader_is_blamed(run)
        assert run.verdicts() == {"error": 2}, "no zero where nobody can say why"

    def test_findings_that_raise(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged(
            """
            def broken(*arguments, **more):
                raise RuntimeError("sabotage")
            grading.verdicts.findings = broken
            """,
            "-k",
            "udp_server",
        )
        grader_is_blamed(run)
        assert run.status == 1, "though pytest's own tests passed"

    def test_no_arena(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged(
            """
            def broken():
                raise GraderError("no private network could be made")
            grading_session.isolation.open = broken
            """,
            "-k",
            "tcp_server",
        )
        grader_is_blamed(run)
        assert run.verdicts() == {"error": 10}

    def test_programs_that_could_not_be_ended(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged(
            """
            close = Stage.close
            def broken(stage):
                served = stage.current is not None and stage.current.programs
                close(stage)
                if served:
                    raise GraderError("the programs of a check could not be ended")
            Stage.close = broken
            """,
            "-k",
            "udp_server_starts or udp_server_binds",
        )
        grader_is_blamed(run)
        assert run.verdicts() == {"error": 2}

    @pytest.mark.parametrize("times", [1, 2])
    def test_a_sandbox_that_is_killed(self, sabotaged: Callable[..., Run], times: int) -> None:
        """Once is an accident, and the check is done again in a new one; twice is what this program does."""
        run = sabotaged(
            f"""
            import psutil
            times = {times}
            if grading_session.isolation._sandbox is None:
                session.items.clear()
            def killed(bench):
                nonlocal times
                server = bench.udp_server()
                if times:
                    times -= 1
                    psutil.Process(grading_session.isolation._sandbox._process.pid).children()[0].kill()
                    select.select([bench.stage.current._host.pidfd], [], [], 10)  # the arena's first process ends
                server.ask(server.client(), bench.words.sentence())
            checks["udp_server_answers_again"].obj = killed
            """,
            "-k",
            "udp",
        )
        if not run.results["tests"]:
            pytest.skip("no sandbox here")
        failed = [test["extra_data"] for test in run.results["tests"] if test["status"] == "failed"]
        assert run.results["extra_data"]["complete"]
        if times == 1:
            assert failed == []
        else:
            assert (failed[0]["check"], failed[0]["cause"]) == ("udp_server_answers_again", "crash")
            assert {each["verdict"] for each in failed[1:]} <= {"skipped"}
        seconds = re.search(r" in ([0-9.]+)s ", run.out)
        assert seconds is not None
        assert float(seconds[1]) < 20


class TestAStoppedRun:
    def test_by_ctrl_c_is_not_final(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged(
            """
            def stopped(bench):
                raise KeyboardInterrupt
            checks["udp_server_answers_again"].obj = stopped
            """,
            "-k",
            "udp_server",
        )
        is_not_final(run)
        assert run.status == 2
        assert run.verdicts() == {"passed": 3, "skipped": 7}

    def test_by_a_check_that_cannot_be_imported_is_not_final(self, sabotaged: Callable[..., Run]) -> None:
        """Pytest runs nothing then; what it did collect is no grade."""
        run = sabotaged("session.testsfailed = 1", "-k", "udp_server")
        assert run.status == 2
        assert run.results["extra_data"]["complete"] is False
        assert "Not final" in run.results["output"]

    def test_by_an_error_before_the_first_check_is_not_final(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged("raise RuntimeError('sabotage')")
        assert run.status == 3
        assert run.results["extra_data"]["complete"] is False

    def test_that_selects_nothing_is_not_final(self, sabotaged: Callable[..., Run]) -> None:
        run = sabotaged("", "-k", "no_such_check")
        assert run.status == 5
        assert run.results["extra_data"]["complete"] is False

    def test_by_a_full_disk_leaves_the_older_results(self, sabotaged: Callable[..., Run], tmp_path: Path) -> None:
        (tmp_path / "results.json").write_text('"older"')
        run = sabotaged(
            """
            def full(result, path):
                raise OSError(28, "No space left on device")
            grading.conftest.write_results = full
            """,
            "-k",
            "udp_server_starts",
        )
        assert run.status == 4
        assert run.results == "older"


@pytest.mark.parametrize(
    "end",
    [{"lines": 5}, {"lines": "abc", "line": "x"}, {"type": None, "message": [1], "lines": [10**30, -1], "line": -5}],
)
def test_an_end_that_the_program_forged_is_evidence_of_nothing(end: dict[str, object]) -> None:
    record = mmap.mmap(-1, 4096)
    event = json.dumps({"event": "end", **end}).encode() + b"\n"
    record[: HEADER + len(event)] = len(event).to_bytes(HEADER, "little") + event
    program = Program(Script("udp_server", {"udp_server.py": b"x = 1\n"}), 1, record)
    program.status = 1
    seen = evidence_of(Mismatch(program, "no-reply", "The answer.", "None."))
    assert diagnose(seen).cause == "crash"
