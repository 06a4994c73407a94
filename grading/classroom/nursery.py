"""The process in which submissions are graded: each in a fork of one that has collected the checks.

``python -m grading.classroom.nursery`` is started by `grading.classroom.grader`, and runs pytest on the checks as
anybody does, up to the point where pytest would run them. There it waits for submissions. For each it forks; the child
gives pytest the session of its submission and lets it go on. So importing pytest and collecting are paid once, every
submission has a process of its own, and what runs is what ``pytest grading`` runs.

Theory of operation. The grader holds one end of a stream socket, the *control*, this process the other.

- When it is ready it says, on a line of JSON, which level of isolation works here and what the rubric holds; or what
  the problem is.
- For each submission the grader sends the seed of its words, and with it a socket. From that socket the child reads the
  task, as a line, and the submission, up to the end; on it it answers with the results, as JSON. When the child has
  ended the parent says how, on the control: its exit status, negative for a signal, or null where it was stopped,
  because one check took longer than any check may; and the last line that it said.
- A closed control ends the child and the parent: nothing is left where the grader was killed.
- The parent has one thread: the fork of a process with several may hang.

Where there is no fork (Windows) it is started for each submission instead, with two files: the task and the submission
are in the first, the results go to the second.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn, Protocol, cast

import pytest

from grading.classroom.results import graded, ungraded
from grading.classroom.task import Task
from grading.session import SESSION, STARTUP_PROBLEMS, AnsweredWords, GradingSession, Settings
from grading.submission import NotASubmission

_CHECKS = Path(__file__).parent.parent
_NOT_NEEDED = (
    "cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "logging", "pastebin", "setuponly",
    "setupplan", "stepwise", "threadexception", "tmpdir", "unraisableexception", "warnings",
)  # fmt: skip
"""Plugins of pytest's own that each take a little time in every check."""
_OPTIONS = [
    str(_CHECKS),
    f"--rootdir={_CHECKS.parent}",
    f"-c{os.devnull}",  # no settings but these, wherever it runs
    "-qs",
    "--tb=no",
    "--collect-only",  # until a child goes on
    "--isolation=none",  # of the session that only collects
    *(f"-pno:{name}" for name in _NOT_NEEDED),
]
_AT_LEAST, _DEADLINES = 60, 30
"""Seconds, and deadlines on top, in which a check is done: more than `grading.arena.limits.Limits.steps` allow."""
_PR_SET_PDEATHSIG = 1
_SEED = 4300  # digits of a number, at most
BROKE = 3
"""Exit status of a child in which pytest or this module broke."""


class _Channel(Protocol):
    """Where a task comes from, and its results go."""

    def read(self) -> tuple[Task, bytes]: ...

    def answer(self, results: Mapping[str, Any]) -> None: ...


class _SocketChannel:
    """To and from a grader that waits."""

    def __init__(self, stream: socket.socket) -> None:
        self.stream = stream

    def read(self) -> tuple[Task, bytes]:
        with self.stream.makefile("rb") as request:
            return Task.from_text(request.readline().decode()), request.read()

    def answer(self, results: Mapping[str, Any]) -> None:
        self.stream.sendall(json.dumps(results).encode("ascii"))


class FileChannel:
    """By way of two files: the task and the submission in one, the results in the other."""

    def __init__(self, asked: Path, answered: Path) -> None:
        self.asked, self.answered = asked, answered

    def read(self) -> tuple[Task, bytes]:
        line, _, submission = self.asked.read_bytes().partition(b"\n")
        return Task.from_text(line.decode()), submission

    def answer(self, results: Mapping[str, Any]) -> None:
        self.answered.write_text(json.dumps(results), encoding="ascii")


class Child:
    """One grading, in a process of its own: a plugin of pytest's while that runs the checks."""

    def __init__(
        self, channel: _Channel, scratch: Path, beat: int | None = None, words: AnsweredWords | None = None
    ) -> None:
        self.channel, self.scratch, self.beat, self.words = channel, scratch, beat, words
        self.task, self.submission = channel.read()
        self.grading: GradingSession | None = None

    def begin(self, session: pytest.Session) -> None:
        """Take the place of the session that collected."""
        collected = session.config.stash[SESSION]
        manner = self.task.manner
        path = self.scratch / "submission.zip"
        path.write_bytes(self.submission)
        level = cast("Any", manner.isolation)  # the command line has checked it
        try:
            settings = Settings(str(path), level, self.task.seed, manner.deadline, drawings=True, proved=True)
            self.grading = GradingSession(replace(settings, words=self.words))
        except NotASubmission as problem:
            most = sum(check.points for check in collected.rubric.checks.values())
            self.leave(ungraded(self.task, "unreadable", most, str(problem)))
        self.grading.rubric, self.grading.selected = collected.rubric, [*collected.rubric.checks]
        session.config.stash[SESSION] = self.grading
        session.config.option.collectonly = False
        self.grading.start()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> bool | None:
        """Do a check by the session alone, which takes half the time, and say that it is done."""
        if self.grading is None or not isinstance(item, pytest.Function) or not item.get_closest_marker("check"):
            return None
        self.grading.do(item.name.removeprefix("test_"), item.obj)
        if self.beat is not None:
            os.write(self.beat, b".")
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Answer, and end: what pytest would print now nobody reads."""
        if self.grading is None or exitstatus not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.leave(None)
        self.leave(graded(self.task, self.grading.result(), self.grading.sources))

    def leave(self, results: Mapping[str, Any] | None) -> NoReturn:
        """End this process, with results or without."""
        status = BROKE
        try:
            if results is not None:
                self.channel.answer(results)
                status = 0
        finally:
            if self.grading:
                self.grading.close()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)


class Alone:
    """A plugin of pytest's that grades one submission, in this process."""

    def __init__(self, asked: Path, answered: Path, scratch: Path) -> None:
        self.child = Child(FileChannel(asked, answered), scratch)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> None:
        session.config.pluginmanager.register(self.child)
        self.child.begin(session)


class Probe:
    """A plugin of pytest's that writes down whether anything can be graded here."""

    def __init__(self, answered: Path, isolation: str, deadline: float) -> None:
        self.answered, self.isolation, self.deadline = answered, isolation, deadline

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        ready = readiness(session.config.stash[SESSION], self.isolation, self.deadline)
        self.answered.write_text(json.dumps(ready), encoding="ascii")
        return True


class Nursery:
    """A plugin of pytest's that has the checks run by children, as often as it is asked to."""

    def __init__(self, control: socket.socket, isolation: str, deadline: float) -> None:
        self.control = control
        self.isolation = isolation
        self.deadline = deadline
        self.words: dict[int, AnsweredWords | None] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Serve until the control is closed; in a child, let pytest go on."""
        ready = readiness(session.config.stash[SESSION], self.isolation, self.deadline)
        self.say(ready)
        if "problem" in ready:
            return True
        self.isolation = ready["level"]
        while asked := self.next_channel():
            channel, seed = asked
            self.have_words(seed)
            scratch = Path(tempfile.mkdtemp(prefix="socketlabs-class-"))
            alive, beat = os.pipe()
            pid = os.fork()
            if pid == 0:
                os.close(alive)
                self.become_child(session, channel, scratch, beat, self.words[seed])
                return None
            os.close(beat)
            channel.close()
            try:
                self.say(self.attend(pid, alive, scratch))
            finally:
                os.close(alive)
                shutil.rmtree(scratch, ignore_errors=True)
        return True

    def have_words(self, seed: int) -> None:
        """Have the reference solutions answer the words of a seed, once for all submissions that get the same.

        Where they do not answer, each session asks again, and says what is wrong.
        """
        if seed in self.words:
            return
        settings = Settings(str(_CHECKS.parent / "solutions"), cast("Any", self.isolation), seed, self.deadline)
        asking = GradingSession(replace(settings, proved=True))
        try:
            asking.start()
            self.words = {seed: asking.answered_words()}
        except STARTUP_PROBLEMS:
            self.words = {seed: None}
        finally:
            asking.close()
        gc.collect()
        gc.freeze()  # what is here stays shared: without, each child copies all of it when it collects

    def become_child(
        self,
        session: pytest.Session,
        channel: socket.socket,
        scratch: Path,
        beat: int,
        words: AnsweredWords | None,
    ) -> None:
        self.control.close()
        gc.disable()  # it lives for a second
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        said = os.open(_said_in(scratch), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(said, 1)
        os.dup2(said, 2)
        os.close(said)
        tempfile.tempdir = str(scratch)  # whatever happens to this process, its parent removes what it made
        child = Child(_SocketChannel(channel), scratch, beat, words)
        session.config.pluginmanager.register(child)
        child.begin(session)

    def say(self, message: Mapping[str, Any]) -> None:
        self.control.sendall(f"{json.dumps(message)}\n".encode())

    def next_channel(self) -> tuple[socket.socket, int] | None:
        data, fds, _, _ = socket.recv_fds(self.control, _SEED, 1)
        return (socket.socket(fileno=fds[0]), int(data)) if data and fds else None

    def attend(self, pid: int, alive: int, scratch: Path) -> dict[str, Any]:
        """Wait for a child's end; end it where it makes no progress, or where nobody waits for it any more."""
        overtime = False
        while True:
            within = _AT_LEAST + _DEADLINES * self.deadline
            watched: list[int | socket.socket] = [alive, self.control]
            ready = select.select(watched, [], [], within)[0]
            if ready == [alive] and os.read(alive, 1024):
                continue
            if ready != [alive]:
                overtime = not ready
                os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            return {"ended": None if overtime else os.waitstatus_to_exitcode(status), "said": _last_line(scratch)}


def readiness(collected: GradingSession, isolation: str, deadline: float) -> dict[str, Any]:
    """Prove that programs can be kept apart as is asked for, and say so; fills caches for the children by that."""
    level = cast("Any", isolation)  # the command line has checked it
    probe = GradingSession(Settings(str(_CHECKS.parent / "solutions"), level, 0, deadline))
    try:
        probe.start()
        found, private = probe.isolation.level, probe.isolation.private
    except STARTUP_PROBLEMS as problem:
        return {"problem": str(problem)}
    finally:
        probe.close()
    programs: dict[str, float] = {}
    for check in collected.rubric.checks.values():
        programs[check.program] = programs.get(check.program, 0) + check.points
    return {"level": found, "private": private, "programs": list(programs.items())}


def _said_in(scratch: Path) -> Path:
    return scratch / "said.txt"


def _last_line(scratch: Path) -> str:
    """Give the last line that a child said, which tells why it ended early."""
    try:
        with _said_in(scratch).open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 2000))
            lines = file.read().decode("utf-8", "replace").strip().splitlines()
    except OSError:
        return ""
    return lines[-1].removeprefix("INTERNALERROR> ")[:300] if lines else ""


def main(arguments: list[str]) -> int:
    """Do what the first argument says: ``serve`` on a socket, grade one ``alone``, or ``probe``."""
    plugin: Nursery | Alone | Probe
    match arguments:
        case ["serve", number, isolation, deadline]:
            plugin = Nursery(socket.socket(fileno=int(number)), isolation, float(deadline))
        case ["alone", asked, answered, scratch]:
            plugin = Alone(Path(asked), Path(answered), Path(scratch))
        case ["probe", answered, isolation, deadline]:
            plugin = Probe(Path(answered), isolation, float(deadline))
        case _:
            return pytest.ExitCode.USAGE_ERROR
    return pytest.main(_OPTIONS, plugins=[plugin])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
