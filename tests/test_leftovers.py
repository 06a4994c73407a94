"""What stays of a grader that was killed: nothing. What its own faults look like: errors, and no lost points."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grading.arena import Isolation, private
from grading.session import SESSION, GradingSession
from tests.attacks.entries import ROOT, Setting, in_a_fork, kill_in_the_middle, settings
from tests.test_attacks import controls_in, need

pytestmark = pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="levels are for Linux")

SETTINGS = list(settings())


@pytest.mark.parametrize("setting", SETTINGS, ids=[setting.name for setting in SETTINGS])
def test_nothing_is_left_of_a_grader_that_was_killed(setting: Setting) -> None:
    need(setting)
    assert in_a_fork(kill_in_the_middle, setting) == []


Fault = Callable[[pytest.MonkeyPatch, GradingSession], None]


class _Saboteur:
    """Breaks something of the grader's after some checks."""

    def __init__(self, after: int, fault: Fault) -> None:
        self.after = after
        self.fault = fault
        self.patch = pytest.MonkeyPatch()
        self.config: pytest.Config | None = None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.config = session.config
        self._count()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logfinish(self) -> None:
        self._count()

    def _count(self) -> None:
        if self.after == 0:
            assert self.config is not None
            self.fault(self.patch, self.config.stash[SESSION])
        self.after -= 1


def grade_with_fault(folder: str, level: str, after: int, fault: Fault, results: str) -> tuple[int, str, Any]:
    """Grade the UDP server of the solutions, and break the grader meanwhile; in a process of its own."""
    os.chdir(ROOT)
    screen = Path(folder, "screen")
    with screen.open("w") as said:
        for stream in (1, 2):
            os.dup2(said.fileno(), stream)
        sys.stdout = sys.stderr = open(1, "w", closefd=False)  # noqa: SIM115  what it was is the parent's
        asked = [str(ROOT / "grading"), "-q", "-p", "no:cacheprovider", "--capture=no", "-k", "udp_server"]
        asked += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # the parent may have imported anything
        asked += ["--submission", str(ROOT / "solutions"), "--isolation", level, "--results", results]
        status = pytest.main(asked, plugins=[_Saboteur(after, fault)])
        sys.stdout.flush()
    read = json.loads(Path(results).read_text()) if Path(results).is_file() else None
    return int(status), screen.read_text(errors="replace"), read


def lose_the_sandbox(patch: pytest.MonkeyPatch, session: GradingSession) -> None:
    """The sandbox is killed, and what it was made with is not found any more."""
    patch.setenv("PATH", "/nowhere")
    assert session.isolation._sandbox is not None
    pid = session.isolation._sandbox.pid
    for ended in [*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()), pid]:
        os.kill(ended, signal.SIGKILL)


def refuse_the_socket_table(patch: pytest.MonkeyPatch, session: GradingSession) -> None:
    """The kernel tells nothing about sockets."""

    def refused(*_: object) -> list[Any]:
        raise PermissionError(1, "Operation not permitted")

    patch.setattr(private, "dump", refused)


def hide_the_solutions(patch: pytest.MonkeyPatch, session: GradingSession) -> None:
    """The reference solutions cannot be read."""

    def refused(*_: object) -> bytes:
        raise PermissionError(13, "Permission denied", "udp_server.py")

    patch.setattr(GradingSession, "reference", refused)


def do_nothing(patch: pytest.MonkeyPatch, session: GradingSession) -> None:
    """Nothing is broken."""


@pytest.mark.parametrize(
    "fault, after, said",
    [
        (lose_the_sandbox, 3, "the sandbox has ended, and no other could be started"),
        (refuse_the_socket_table, 0, "Operation not permitted"),
        (hide_the_solutions, 0, "Permission denied"),
    ],
)
def test_a_fault_of_the_graders_is_an_error_and_takes_no_points(
    isolation: Isolation, tmp_path: Path, fault: Fault, after: int, said: str
) -> None:
    if isolation.level == "none":
        pytest.skip("nothing keeps programs apart here")
    results = str(tmp_path / "results.json")
    status, screen, read = in_a_fork(grade_with_fault, str(tmp_path), isolation.level, after, fault, results)
    assert status == 1
    verdicts = [test["extra_data"]["verdict"] for test in read["tests"]]
    assert verdicts == ["passed"] * after + ["error"] * (10 - after), screen
    assert read["extra_data"]["complete"] is False
    assert "Not final: the grader itself broke" in read["output"]
    assert said in read["tests"][-1]["output"]
    assert "No points are lost" in read["tests"][-1]["output"]
    assert said in " ".join(screen.split())
    assert controls_in(screen) == []


def test_no_room_for_the_results_is_told_and_the_scorecard_is_shown(isolation: Isolation, tmp_path: Path) -> None:
    if isolation.level == "none":
        pytest.skip("nothing keeps programs apart here")
    status, screen, _ = in_a_fork(grade_with_fault, str(tmp_path), isolation.level, 0, do_nothing, "/dev/full")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "/dev/full could not be written (No space left on device)" in screen
    assert "24 / 24" in screen


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_results_that_may_not_be_written_are_told_before_anything_runs(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    results = str(tmp_path / "closed" / "results.json")
    status, screen, _ = in_a_fork(grade_with_fault, str(tmp_path), "auto", 0, do_nothing, results)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "cannot be written" in screen
