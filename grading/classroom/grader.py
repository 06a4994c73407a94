"""Grades a submission, given as bytes, and gives its results as JSON: what each worker of a class does.

On this machine or on another of a cluster, in any thread: the work itself is done in a process of its own (see
`grading.classroom.nursery`). Whatever becomes of that process, there is a result.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from grading.classroom.keys import checks_version
from grading.classroom.results import ungraded
from grading.classroom.task import Manner, Task
from grading.reports.rows import row_of

TRIES = 3
"""How often a submission is graded whose grading breaks."""
_TOP = Path(__file__).parents[2]
_STARTED_WITHIN = 120.0
_ENDED_WITHIN = 3600.0  # seconds for one submission where nobody sees whether it makes progress
_FORKS = hasattr(os, "fork")


class CannotGrade(Exception):  # noqa: N818  it says what this machine is not; no submission is to blame
    """Nothing can be graded here; the message says why, and what to do."""


class Broke(Exception):  # noqa: N818  told in the row of a student
    """The process of one grading ended without results; the message says how."""


@dataclass(frozen=True)
class Ready:
    """What is known before anything is graded."""

    level: str
    """Of isolation, as it works here."""
    private: bool
    """Whether each check has a network of its own: else there is room for one grading at a time on a machine."""
    programs: tuple[tuple[str, float], ...]
    """Of the rubric, in its order, with the points of each."""

    @property
    def max_score(self) -> float:
        """Points of the whole rubric."""
        return sum(points for _, points in self.programs)


class _Process(Protocol):
    """Where gradings are done, one after the other."""

    @property
    def ready(self) -> Ready: ...

    def grade(self, submission: bytes, task: Task) -> str: ...

    def close(self) -> None: ...


class Nurseries:
    """Grades on this machine, in as many processes as it is asked from threads at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[tuple[tuple[str, float], _Process]] = []
        self._busy: list[_Process] = []
        self._closed = False

    def start(self, manner: Manner) -> None:
        """Start a process that will be needed, without waiting for it."""
        with self._borrowed(manner):
            pass

    def ready(self, manner: Manner) -> Ready:
        """Find out what works here, by doing it. Raises `CannotGrade`."""
        with self._borrowed(manner) as process:
            return process.ready

    def grade(self, submission: bytes, task: Task) -> str:
        """Give the results of one student, as JSON. Raises `CannotGrade`."""
        last, happened = "", ""
        for _ in range(TRIES):
            try:
                with self._borrowed(task.manner) as process:
                    most = process.ready.max_score
                    text = process.grade(submission, task)
                if row_of(json.loads(text)).status != "incomplete":
                    return text
                last = text
            except Broke as broke:
                happened = str(broke)
            except (KeyError, TypeError, ValueError):  # of row_of
                happened = "its results are no results"
        if last:
            return last
        note = f"Grading it broke {TRIES} times, and no points are lost by that: {happened}."
        return json.dumps(ungraded(task, "incomplete", most, note))

    def close(self) -> None:
        """End all processes; what is being graded in a thread is given up, with `CannotGrade`."""
        with self._lock:
            self._closed = True
            every = [*self._busy, *(process for _, process in self._idle)]
            self._idle.clear()
        for process in every:
            process.close()

    @contextmanager
    def _borrowed(self, manner: Manner) -> Iterator[_Process]:
        """Lend a process to this thread: an idle one, or a new one. One that broke is not lent again."""
        kind = (manner.isolation, manner.deadline)
        with self._lock:
            process = next((process for its, process in self._idle if its == kind), None)
            if process:
                self._idle.remove((kind, process))
        if process is None:
            process = _Forking(*kind) if _FORKS else _OneByOne(*kind)
        with self._lock:
            self._busy.append(process)
            if self._closed:
                process.close()  # it has ended before it began
        try:
            yield process
        except BaseException:
            self._busy.remove(process)
            process.close()
            if self._closed:
                raise CannotGrade("the grading was ended") from None
            raise
        with self._lock:
            self._busy.remove(process)
            self._idle.append((kind, process))


class _Forking:
    """A nursery, which forks for each submission."""

    def __init__(self, isolation: str, deadline: float) -> None:
        self._control, theirs = socket.socketpair()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  closed with this
        with theirs:
            arguments = ["serve", str(theirs.fileno()), isolation, str(deadline)]
            self._process = _start(arguments, self._said, pass_fds=(theirs.fileno(),), start_new_session=True)
        self._lines = self._control.makefile("rb")

    @cached_property
    def ready(self) -> Ready:
        """Wait until it has started. Raises `CannotGrade`."""
        self._control.settimeout(_STARTED_WITHIN)
        try:
            return _read_ready(self._lines.readline(), self._said)
        except OSError:
            raise CannotGrade("pytest did not start in time") from None
        finally:
            self._control.settimeout(None)

    def grade(self, submission: bytes, task: Task) -> str:
        """Give the results of one student. Raises `Broke`."""
        text = b""
        ours, theirs = socket.socketpair()
        with ours:
            try:
                with theirs:
                    socket.send_fds(self._control, [str(task.seed).encode()], [theirs.fileno()])
                with suppress(BrokenPipeError, ConnectionResetError):  # it has ended already: how, it says below
                    ours.sendall(f"{task.to_text()}\n".encode())
                    ours.sendall(submission)
                    ours.shutdown(socket.SHUT_WR)
                    with ours.makefile("rb") as answer:
                        text = answer.read()
                end = json.loads(self._lines.readline() or b"{}")
            except (OSError, ValueError) as error:
                raise Broke(f"the process that grades is gone ({error})") from None
        if end.get("ended", "gone") != 0:
            raise Broke(_how_it_ended(end))
        return str(text, "utf-8", "replace")

    def close(self) -> None:
        with suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)  # a thread that waits for it goes on
        self._process.wait()  # it ends its child first
        self._lines.close()
        self._control.close()
        self._said.close()


class _OneByOne:
    """A process for each submission, where there is no fork."""

    def __init__(self, isolation: str, deadline: float) -> None:
        self._isolation, self._deadline = isolation, deadline
        self._running: subprocess.Popen[bytes] | None = None

    @cached_property
    def ready(self) -> Ready:
        """Find out what works here. Raises `CannotGrade`."""
        with tempfile.TemporaryDirectory(prefix="socketlabs-class-") as folder, tempfile.TemporaryFile() as said:
            answered = Path(folder, "ready")
            self._run(["probe", str(answered), self._isolation, str(self._deadline)], said)
            return _read_ready(answered.read_bytes() if answered.exists() else b"", said)

    def grade(self, submission: bytes, task: Task) -> str:
        """Give the results of one student. Raises `Broke`."""
        with tempfile.TemporaryDirectory(prefix="socketlabs-class-") as folder, tempfile.TemporaryFile() as said:
            asked, answered = Path(folder, "asked"), Path(folder, "answered")
            asked.write_bytes(f"{task.to_text()}\n".encode() + submission)
            status = self._run(["alone", str(asked), str(answered), folder], said)
            if status != 0 or not answered.exists():
                raise Broke(_how_it_ended({"ended": status, "said": _last_line(said)}))
            return answered.read_text(encoding="ascii")

    def _run(self, arguments: list[str], said: Any) -> int | None:
        with _start(arguments, said) as self._running:
            try:
                return self._running.wait(_ENDED_WITHIN)
            except subprocess.TimeoutExpired:
                self._running.kill()
                return None

    def close(self) -> None:
        if self._running:
            self._running.kill()


def _start(arguments: list[str], said: Any, **more: Any) -> subprocess.Popen[bytes]:
    """Start `grading.classroom.nursery`, whatever the settings and the folder of this process are."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(_TOP)}
    command = [sys.executable, "-m", "grading.classroom.nursery", *arguments]
    return subprocess.Popen(
        command, cwd=_TOP, env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said, **more
    )


def _read_ready(line: bytes, said: Any) -> Ready:
    try:
        told: dict[str, Any] = json.loads(line)
    except ValueError:
        raise CannotGrade(f"pytest cannot be started here: {_last_line(said) or 'it ended at once'}") from None
    if "problem" in told:
        raise CannotGrade(str(told["problem"]))
    return Ready(told["level"], told["private"], tuple((name, points) for name, points in told["programs"]))


def _last_line(said: Any) -> str:
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return str(lines[-1][:300]) if lines else ""


def _how_it_ended(end: dict[str, Any]) -> str:
    status, said = end.get("ended", "gone"), str(end.get("said") or "")
    if status == "gone":
        return "the process that grades ended"
    if status is None:
        return "one check took longer than any check may"
    if status < 0:
        with suppress(ValueError):
            return f"its process was ended by {signal.Signals(-status).name}"
    return f"its process ended with status {status}" + (f' ("{said}")' if said else "")


_OF_THIS_WORKER = Nurseries()
"""Those of a worker of a cluster, for as long as it lives: they end when it does."""


def grade(submission: bytes, task: Task) -> str:
    """Grade on a worker of a cluster, which may have another version of this project. Raises `CannotGrade`."""
    _hold_to_version(task.manner)
    return _OF_THIS_WORKER.grade(submission, task)


def ready(manner: Manner) -> Ready | str:
    """Say what a worker of a cluster can do, or in a sentence why it cannot grade."""
    try:
        _hold_to_version(manner)
        return _OF_THIS_WORKER.ready(manner)
    except CannotGrade as cannot:
        return str(cannot)


def _hold_to_version(manner: Manner) -> None:
    if manner.version != checks_version():
        raise CannotGrade("it has other checks, or another version of Python, than who asks it")
