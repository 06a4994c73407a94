"""The process in which submissions are graded: each in a fork of one that has collected the checks.

``python -m grading.classroom.nursery`` is started by `grading.classroom.grader`, and runs ``pytest`` on the checks as
anybody does, up to the point where pytest would run them. There it waits for submissions. For each it forks; the child
gives pytest the session of its submission and lets it go on. So importing pytest and collecting are paid once, every
submission has a process of its own, and what runs is what ``pytest grading`` runs.

Theory of operation. The grader holds one end of a stream socket, the *control*, this process the other.

- When it is ready it says on a line of JSON which level of isolation works here and what the rubric holds, or what the
  problem is.
- For each submission the grader sends one byte, and with it a socket. From that socket the child reads the task, as a
  line, and the submission, up to the end; on it it answers with the results, as JSON. When the child has ended the
  parent says how, on the control: its exit status, negative for a signal, or ``null`` where it was stopped, because one
  check took longer than any check may.
- A closed control ends child and parent: nothing is left where the grader was killed.
- It is a process with one thread: a fork of one with several may hang.

Where there is no fork (Windows), it is given two files instead, grades the one submission of the first, and writes its
results to the second.
"""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NoReturn, cast

import pytest

from grading.classroom.results import graded, unreadable
from grading.classroom.task import Task
from grading.session import SESSION, STARTUP_PROBLEMS, GradingSession, Settings
from grading.submission import NotASubmission

CHECKS = Path(__file__).parent.parent
OPTIONS = [
    str(CHECKS),
    "--collect-only",  # until the child goes on
    "--isolation=none",  # of the session that only collects
    "-c", os.devnull,  # no settings but these, wherever it runs
    f"--rootdir={CHECKS.parent}",
    "-q", "-s", "--tb=no",
    *(part for name in ("cacheprovider", "logging", "warnings", "unraisableexception", "threadexception", "faulthandler",
                        "junitxml", "pastebin", "doctest", "stepwise", "tmpdir", "debugging", "setuponly", "setupplan")
      for part in ("-p", f"no:{name}")),  # each takes its time in every check
]  # fmt: skip
CHECK_WITHIN = 30
"""Deadlines that a check may take, beyond any that a session gives it: see `grading.arena.limits.Limits.steps`."""


class Nursery:
    """A plugin of pytest that, in the place of running the checks once, has children run them."""

    def __init__(self, control: socket.socket, isolation: str, deadline: float) -> None:
        self.control = control
        self.isolation = isolation
        self.deadline = deadline
        self.child: Child | None = None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Serve until the control is closed; in a child, let pytest go on."""
        collected = session.config.stash[SESSION]
        if not self.get_ready(collected):
            return True
        gc.collect()
        gc.freeze()  # what is here stays shared: without, each child copies it when it collects
        while channel := self.next_channel():
            scratch = Path(tempfile.mkdtemp(prefix="socketlabs-"))
            alive, beat = os.pipe()
            pid = os.fork()
            if pid == 0:
                self.control.close()
                os.close(alive)
                self.child = Child(channel, scratch, beat)
                return self.child.begin(session)
            os.close(beat)
            channel.close()
            try:
                status = self.attend(pid, alive)
            finally:
                os.close(alive)
                shutil.rmtree(scratch, ignore_errors=True)
            self.say({"ended": status})
        return True

    def get_ready(self, collected: GradingSession) -> bool:
        """Prove that programs can be kept apart as is asked for, and say so."""
        probe = GradingSession(Settings(None, cast(Any, self.isolation), 0, self.deadline))
        try:
            probe.start()
        except STARTUP_PROBLEMS as problem:
            self.say({"problem": str(problem)})
            return False
        finally:
            probe.close()
        checks = collected.rubric.checks.values()
        self.say(
            {
                "level": probe.isolation.level,
                "why": probe.isolation.why_not,
                "max_score": sum(check.points for check in checks),
                "programs": list(dict.fromkeys(check.program for check in checks)),
            }
        )
        return True

    def say(self, message: dict[str, Any]) -> None:
        self.control.sendall(f"{json.dumps(message)}\n".encode())

    def next_channel(self) -> socket.socket | None:
        data, fds, _, _ = socket.recv_fds(self.control, 1, 1)
        return socket.socket(fileno=fds[0]) if data and fds else None

    def attend(self, pid: int, alive: int) -> int | None:
        """Wait for the end of a child; end it where it makes no progress, or nobody waits for it any more."""
        within = 60 + CHECK_WITHIN * self.deadline
        overtime = False
        while True:
            ready = select.select([alive, self.control], [], [], within)[0]
            if ready == [alive] and os.read(alive, 1024):
                continue
            if ready != [alive]:
                overtime = not ready
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            return None if overtime else os.waitstatus_to_exitcode(status)

    def pytest_runtest_logfinish(self) -> None:
        """Say that a check is done."""
        if self.child:
            os.write(self.child.beat, b".")

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """In a child, answer, and end it: what pytest prints afterwards nobody reads."""
        if self.child:
            self.child.end(session, exitstatus)


class Child:
    """One grading, in a process of its own."""

    def __init__(self, channel: socket.socket, scratch: Path, beat: int) -> None:
        self.channel = channel
        self.scratch = scratch
        self.beat = beat
        self.task: Task | None = None
        self.grading: GradingSession | None = None

    def begin(self, session: pytest.Session) -> None:
        said = os.open(self.scratch / "said", os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1)
        os.dup2(said, 2)
        tempfile.tempdir = str(self.scratch)
        with self.channel.makefile("rb") as request:
            self.task = Task.from_text(request.readline().decode())
            submission = self.scratch / "submission.zip"
            submission.write_bytes(request.read())
        manner = self.task.manner
        settings = Settings(str(submission), cast(Any, manner.isolation), self.task.seed, manner.deadline, drawings=True)
        collected = session.config.stash[SESSION]
        try:
            self.grading = GradingSession(settings)
        except NotASubmission as problem:
            self.answer(unreadable(self.task, str(problem), sum(c.points for c in collected.rubric.checks.values())))
        self.grading.rubric, self.grading.selected = collected.rubric, [*collected.rubric.checks]
        session.config.stash[SESSION] = self.grading
        session.config.option.collectonly = False
        self.grading.start()

    def end(self, session: pytest.Session, exitstatus: int) -> NoReturn:
        if exitstatus not in (0, 1) or not self.grading or not self.task:
            os._exit(3)
        self.answer(graded(self.task, self.grading.result(), self.grading.submission))

    def answer(self, results: dict[str, Any]) -> NoReturn:
        self.channel.sendall(json.dumps(results).encode("ascii"))
        if self.grading:
            self.grading.close()
        os._exit(0)


def main() -> int:
    control = socket.socket(fileno=int(sys.argv[1]))
    return pytest.main(OPTIONS, plugins=[Nursery(control, sys.argv[2], float(sys.argv[3]))])


if __name__ == "__main__":
    sys.exit(main())
