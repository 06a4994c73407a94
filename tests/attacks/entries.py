"""The attacks: hostile programs, each with what must come of it in its first comments; and how they are graded.

    # What: Sends its answer a byte a second.
    # Earns: starts, binds_port_12000
    # Cause: hang|out-of-time
    # Then: the reference

| header | meaning |
| --- | --- |
| `What` | one sentence; every program is bounded, so that it hurts no machine if nothing contains it |
| `Earns` | `everything`, `nothing`, the checks that must pass, or `everything but` those that must not |
| `Cause` | of its first failed check: slugs, or `*` for any |
| `Then` | `the reference`: its program's solution is appended, and runs when the attack has done what it could |

A program that reaches what it must not raises an exception that says `REACHED`, and loses its points by that. In its
text `@FOLDER@` (of neighbours), `@PORT@`, `@ADDRESS@`, `@ABSTRACT@` (of listeners) and `@PID@` stand for the canaries
of its grading, and `@PROJECT@` for this project's folder. Nothing may happen to a canary, and nothing may be left.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar

from tests.attacks.canaries import NOBODY, Canaries

T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent
PROGRAMS = ("udp_server", "udp_client", "tcp_server", "tcp_client")
LONGEST = 150.0
"""Seconds in which the grading of any four attacks ends."""
LEFT_WITHIN = 15.0
"""Seconds after the end of a grading in which all that it started is gone."""
DEADLINE = "2"
_FIELD = re.compile(r"#\s*(What|Earns|Cause|Then):\s*(.*)")
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Attack:
    """One hostile program."""

    program: str
    slug: str
    what: str
    earns: str
    causes: frozenset[str]
    text: bytes

    @property
    def name(self) -> str:
        return f"{self.program}/{self.slug}"


@dataclass(frozen=True)
class Setting:
    """How gradings are done: at which level, and as whom."""

    level: str
    ordinary: bool = False
    """As a user without rights, where this process is root."""
    narrowed: bool = False
    """As root in a container is: without the rights to make namespaces or to look into others' processes."""

    @property
    def name(self) -> str:
        who = "root" if os.geteuid() == 0 and not self.ordinary else "an ordinary user"
        return f"{self.level}, as {who}" + (" without namespaces" if self.narrowed else "")


Task = tuple["Path | tuple[Attack, ...]", Setting, tuple[str, ...]]
"""A folder or a pack to grade, how, and with which options."""


@dataclass
class Graded:
    """What came of a grading."""

    status: int
    seconds: float
    screen: str
    results: dict[str, Any] | None = None
    hurt: list[str] = field(default_factory=list)
    """Canaries to which something happened, and what is left: sentences."""

    def of(self, program: str) -> list[dict[str, Any]]:
        """Give what the results say of a program's checks."""
        tests: Sequence[Mapping[str, Any]] = self.results["tests"] if self.results else []
        return [test["extra_data"] for test in tests if test["extra_data"]["program"] == program]


def read_attacks() -> list[Attack]:
    """Read all of them, in the order of their names."""
    return [_read(path) for program in PROGRAMS for path in sorted((Path(__file__).parent / program).glob("*.py"))]


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    fields = {match[1]: match[2].strip() for match in map(_FIELD.fullmatch, text.splitlines()[:6]) if match}
    program = path.parent.name
    if fields.get("Then") == "the reference":
        text += "\n\n" + next((ROOT / "solutions").glob(f"*/{program}.py")).read_text(encoding="utf-8")
    causes = frozenset(fields.get("Cause", "").split("|")) - {""}
    return Attack(program, path.stem, fields["What"], fields["Earns"], causes, text.encode())


def packs(attacks: Iterable[Attack]) -> list[tuple[Attack, ...]]:
    """Put attacks together into submissions, at most one for each program."""
    of_program: dict[str, list[Attack]] = {program: [] for program in PROGRAMS}
    for attack in attacks:
        of_program[attack.program].append(attack)
    return [tuple(one for one in row if one) for row in zip_longest(*of_program.values())]


def settings() -> Iterator[Setting]:
    """Give those that can be here."""
    yield Setting("bwrap")
    if os.geteuid() == 0:
        yield Setting("user")
        yield Setting("bwrap", ordinary=True)


def python_for_all() -> list[str] | None:
    """Give the command of an interpreter that an ordinary user may start, with pytest; ``None`` where there is none."""
    packages = sysconfig.get_path("purelib")
    for python in (sys.executable, "/usr/bin/python3"):
        command = ["env", f"PYTHONPATH={packages}", "PYTHONDONTWRITEBYTECODE=1", python]
        tried = [
            *as_nobody(),
            *command,
            "-c",
            f"import sys, pytest, psutil; sys.exit({sys.version_info[:2]} != sys.version_info[:2])",
        ]
        if shutil.which("setpriv") and subprocess.run(tried, check=False, capture_output=True, cwd="/").returncode == 0:
            return command
    return None


def as_nobody() -> list[str]:
    """Give the words of a command line that make the rest of it an ordinary user's."""
    return ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"]


def command(setting: Setting, submission: Path, results: Path, *options: str) -> list[str]:
    """Give the command line of a grading."""
    before: list[str] = [sys.executable]
    if setting.ordinary:
        before = [*as_nobody(), *(python_for_all() or [])]
    elif setting.narrowed:
        fewer = "-sys_admin,-sys_ptrace,-net_admin"
        before = ["setpriv", f"--bounding-set={fewer}", f"--inh-caps={fewer}", sys.executable]
    pytest = ["-m", "pytest", str(ROOT / "grading"), "-q", "-p", "no:cacheprovider", "--isolation", setting.level]
    return [*before, *pytest, "--submission", str(submission), "--results", str(results), *options]


def grade(submission: Path | tuple[Attack, ...], setting: Setting, *options: str) -> Graded:
    """Grade a folder or a pack of attacks, between canaries; see what is hurt, and what is left.

    In a process of its own, which is given every orphan of the grading.
    """
    adopt_orphans()
    room = Path(tempfile.mkdtemp(prefix="attacks-"))
    room.chmod(0o711)
    try:
        with Canaries(room, ordinary=setting.ordinary or os.geteuid() != 0) as canaries:
            if isinstance(submission, tuple):
                folder = room / "submission"
                folder.mkdir()
                for attack in submission:
                    (folder / f"{attack.program}.py").write_bytes(canaries.named_in(attack.text))
                    (folder / f"{attack.program}.py").chmod(0o644)
                options = ("--deadline", DEADLINE, *options)
            else:
                folder = submission
            return _graded(folder, setting, canaries, room, options)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _graded(folder: Path, setting: Setting, canaries: Canaries, room: Path, options: Sequence[str]) -> Graded:
    temporary, own = room / "tmp", room / "results"
    for made in (temporary, own):
        made.mkdir()
        made.chmod(0o777 if setting.ordinary else 0o700)
    results = own / "results.json"
    mounts, shared = _mounts(), _shared_memory()
    environment = {**os.environ, "TMPDIR": str(temporary), "SOCKETLABS_CANARY": "reached", "HOME": str(temporary)}
    begin = time.monotonic()
    with (room / "screen").open("w+b") as screen:
        process = subprocess.Popen(
            command(setting, folder, results, *options),
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=screen,
            stderr=screen,
        )
        try:
            status = process.wait(LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            status = process.wait()
        seconds = time.monotonic() - begin
        screen.seek(0)
        graded = Graded(status, seconds, screen.read().decode("utf-8", "backslashreplace"))
    graded.hurt += left_of(canaries.pid)
    graded.hurt += canaries.hurt()
    graded.hurt += [f"{path.name} is left in the folder for temporary files" for path in temporary.iterdir()]
    graded.hurt += [f"{path.name} is left beside the results" for path in own.iterdir() if path != results]
    graded.hurt += [f"it is still mounted: {mount}" for mount in _mounts() - mounts]
    graded.hurt += [f"shared memory is left: {line}" for line in _shared_memory() - shared]
    if results.exists():
        graded.results = json.loads(results.read_text("ascii"))
    return graded


def adopt_orphans() -> None:
    """Have this process be the parent of all that its children leave behind."""
    assert ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0


def left_of(but: int = 0, within: float = LEFT_WITHIN) -> list[str]:
    """Wait until this process has no children but one; end those that stay, and tell them."""
    begin = time.monotonic()
    while time.monotonic() - begin < within:
        _bury()
        if not (left := _children() - {but}):
            return []
        time.sleep(0.005)  # a look, not a wait: nothing tells of the ends of others' children
    told = [f"a process is left: {Path(f'/proc/{pid}/cmdline').read_bytes()!r}"[:200] for pid in left]
    while left := _children() - {but}:
        for pid in left:
            os.kill(pid, signal.SIGKILL)
        _bury()
        time.sleep(0.005)
    return told


def _children() -> set[int]:
    return {int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def _bury() -> None:
    """Take the status of children that have ended, but of those that `subprocess` started."""
    for pid in _children():
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                os.waitpid(pid, os.WNOHANG)
        except OSError:
            continue


def _mounts() -> set[str]:
    return set(Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines())


def _shared_memory() -> set[str]:
    kinds = (Path("/proc/sysvipc", kind) for kind in ("shm", "sem", "msg"))
    return {line for kind in kinds if kind.exists() for line in kind.read_text().splitlines()}


_VICTIM = """
import ctypes, os, time
if os.fork() == 0 and os.setsid() and os.fork():
    os._exit(0)
ctypes.CDLL(None).prctl(15, b"{name}", 0, 0, 0)  # PR_SET_NAME, which is seen from outside
end = time.monotonic() + 60
while time.monotonic() < end:
    pass
"""


def kill_in_the_middle(setting: Setting) -> list[str]:
    """End a grader by SIGKILL while a program and its daemon run; say what is left, and what was not as expected.

    In this process, which is given every orphan of the grading.
    """
    adopt_orphans()
    room = Path(tempfile.mkdtemp(prefix="attacks-"))
    room.chmod(0o711)
    name = f"v-{os.urandom(5).hex()}"
    submission, temporary = room / "submission", room / "tmp"
    for folder in (submission, temporary):
        folder.mkdir()
        folder.chmod(0o777)
    with zipfile.ZipFile(submission / "submission.zip", "w") as packed:  # its unpacked folder must not stay either
        packed.writestr("udp_server.py", _VICTIM.format(name=name))
    mounts = _mounts()
    environment = {**os.environ, "TMPDIR": str(temporary), "HOME": str(temporary)}
    words = command(setting, submission, temporary / "results.json", "--deadline", "60")
    try:
        with (room / "screen").open("w+b") as screen:
            grader = subprocess.Popen(
                words, cwd=ROOT, env=environment, stdout=screen, stderr=screen, start_new_session=True
            )
            begin = time.monotonic()
            while _named(name) < 2 and grader.poll() is None and time.monotonic() - begin < LONGEST:
                time.sleep(0.005)  # a look: nothing tells that a process has taken a name
            came = _named(name)
            grader.kill()
            grader.wait()
            screen.seek(0)
            told = [] if came == 2 else [f"{came} programs ran: {screen.read().decode('utf-8', 'replace')[-1000:]}"]
        told += left_of()
        told += [f"{_named(name)} programs still run"] if _named(name) else []
        told += [f"{path.name} is left in the folder for temporary files" for path in temporary.iterdir()]
        return told + [f"it is still mounted: {mount}" for mount in _mounts() - mounts]
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _named(name: str) -> int:
    """Count the processes of a name."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/comm"):
        try:
            found += path.read_text("utf-8", "replace").strip() == name
        except OSError:  # it has just ended
            continue
    return found


def in_a_fork(function: Callable[..., T], *arguments: object) -> T:
    """Call a function in a process of its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(function, arguments)


def grade_all(tasks: Iterable[Task], at_a_time: int = 2) -> Iterator[Graded]:
    """Do gradings side by side; give what came of them in order."""
    with multiprocessing.get_context("fork").Pool(at_a_time, maxtasksperchild=1) as pool:
        yield from pool.imap(_grade_task, tasks, chunksize=1)


def _grade_task(task: Task) -> Graded:
    submission, setting, options = task
    return grade(submission, setting, *options)


def differences(attack: Attack, graded: Graded) -> list[str]:
    """Say in sentences where a grading is not what the attack's comments ask for."""
    about = {data["check"].removeprefix(f"{attack.program}_"): data for data in graded.of(attack.program)}
    if not about:
        return [f"there are no results; the screen ends with {graded.screen[-1500:]!r}"]
    earned = _earned(attack.earns, list(about))
    told = []
    for name, data in about.items():
        if data["verdict"] == "error" or (data["verdict"] == "passed") != (name in earned):
            told.append(f"{name} is {data['verdict']} ({data['cause']})")
    failed = [data["cause"] for data in about.values() if data["verdict"] == "failed"]
    if failed and not attack.causes & {failed[0], "*"}:
        told.append(f"it failed for {failed[0]}, not {' or '.join(sorted(attack.causes))}")
    reached = re.findall(r"REACHED[^\"]*", json.dumps([graded.results, graded.screen]))
    return told + [f"it {text[:200]}" for text in dict.fromkeys(reached) if told]


def _earned(earns: str, names: Sequence[str]) -> set[str]:
    if earns in ("everything", "nothing"):
        return set(names) if earns == "everything" else set()
    but = earns.removeprefix("everything but ")
    listed = {name.strip() for name in but.split(",")}
    return set(names) - listed if but != earns else listed
