"""The same solutions graded by others, as courses grade: time for each check, side by side with ours."""

from __future__ import annotations

import json
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from grading.arena import PORT
from grading.classroom.command import cores
from tests.bench.classes import Classes, hand_in_solutions
from tests.bench.figures import CHECKS, PYTEST, Size, best_level, run_quietly, seconds_of, take_turns, told
from tests.bench.single import bare_checks, networks_can_be_made
from tests.gallery.entries import ROOT

PAUSED_CHECKS = 2  # each takes a second
TIME_WAIT = 65.0
"""Seconds after which Linux has forgotten a connection, with some to spare: gradings without isolation leave some."""
OWN_NETWORK = ("bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent")
"""Makes the real port everybody's own; otherwise the peer has all rights, as it has without."""
_PEER = Path(__file__).with_name("gradescope_peer.py")


@dataclass(frozen=True)
class Contender:
    """One way to grade."""

    what: str
    apart: str
    """Whether, and how, programs are kept apart."""
    grade: Callable[[], float]
    """Grades, and gives the seconds that a check took."""
    peer: bool = False
    """Whether it is another grader, for ours to be ahead of."""


def run_peer(folder: Path, way: str, checks: int, submissions: int, prefix: Sequence[str]) -> float:
    """Have the peer grade the solutions, several of them at once; give the seconds that a check took.

    Its start is a part of that, as ours is of our figures. Raises `RuntimeError` where a check did not pass.
    """
    results = [folder / f"results-{place}.json" for place in range(submissions)]
    if not prefix and not port_gets_free():
        raise RuntimeError(f"port {PORT} was taken by another program while the peer was measured")

    for path in results:
        path.unlink(missing_ok=True)

    def grade() -> None:
        running = [
            subprocess.Popen(
                [*prefix, sys.executable, str(_PEER), str(ROOT / "solutions"), str(path), str(checks), way],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for path in results
        ]
        for process in running:
            process.wait()

    seconds = seconds_of(grade)
    for path in results:
        if not path.exists():
            raise RuntimeError("the peer has ended early, and wrote no results")
        tests = json.loads(path.read_bytes())["tests"]
        if failed := [test.get("output", "") for test in tests if test["status"] != "passed"]:
            raise RuntimeError(f"{len(failed)} of the peer's {checks} checks do not pass the solutions: {failed[0]}")
    return seconds / (checks * submissions)


def port_gets_free(within: float = TIME_WAIT) -> bool:
    """Wait until both kinds of servers could have the real port, as far as past connections alone hold it."""
    until = time.monotonic() + within
    while not _port_is_free():
        if time.monotonic() > until:
            return False
        time.sleep(0.1)  # no system tells when a past connection is forgotten
    return True


def _port_is_free() -> bool:
    """Try without ``SO_REUSEADDR``, which the students' servers do not set either."""
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("", PORT))
            except OSError:
                return False
    return True


def why_no_own_network() -> str:
    """Say why the peer cannot be given networks of its own."""
    if shutil.which("bwrap") is None:
        return "there is no bwrap"
    tried = subprocess.run([*OWN_NETWORK, "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else ""


def contenders(classes: Classes, size: Size) -> list[Contender]:
    """List who can be measured here, ours first; print who cannot, and why."""
    at_once = f"{cores()} at once"
    alone = [*PYTEST, "grading", "--submission", "solutions", "--isolation", classes.level]
    found = [
        Contender(f"ours, a class of {size.students}, {at_once}", classes.level, partial(_grade_class, classes, size)),
        Contender("ours, pytest grading", classes.level, lambda: seconds_of(partial(run_quietly, alone)) / CHECKS),
        *_gradescope(classes.folder, at_once),
    ]
    if networks_can_be_made():
        bare = Contender("a bare child, one exchange, no report", "network", lambda: seconds_of(bare_checks) / CHECKS)
        found.append(bare)
    return found


def _grade_class(classes: Classes, size: Size) -> float:
    return classes.grade(hand_in_solutions, size.students).seconds / (size.students * CHECKS)


def _gradescope(folder: Path, at_once: str) -> list[Contender]:
    if find_spec("gradescope_utils") is None:
        print("not measured: gradescope-utils, which is not installed (requirements.txt names it)")
        return []
    prefix: Sequence[str] = OWN_NETWORK
    if why := why_no_own_network():
        prefix = ()
        print(f"not measured: the peer several at once, as they cannot be given a network each here ({why})")
        if not port_gets_free():
            print(f"not measured: the peer, on the real loopback: another program is at port {PORT}; end it, run again")
            return []
    apart, name = "network" if prefix else "no", "gradescope-utils"
    poll, pause = partial(run_peer, folder, "poll", CHECKS), partial(run_peer, folder, "sleep", PAUSED_CHECKS)
    found = [
        Contender(f"{name}, trying every ms", apart, partial(poll, 1, prefix), peer=True),
        Contender(f"{name}, sleep(1)", apart, partial(pause, 1, prefix), peer=True),
    ]
    if prefix:
        each = partial(poll, cores(), prefix)
        found.insert(1, Contender(f"{name}, trying every ms, {at_once}", apart, each, peer=True))
    return found


def measure(size: Size) -> list[bool]:
    """Measure ours and others, and print a table; give for each goal whether it is met."""
    level = best_level()
    if level is None:
        return []
    with tempfile.TemporaryDirectory(prefix="socketlabs-bench-") as folder:
        return _measure(contenders(Classes(Path(folder), level), size), size.rounds)


def _measure(compared: list[Contender], rounds: int) -> list[bool]:
    taken = take_turns({one.what: one.grade for one in compared}, rounds)
    seconds = {what: statistics.median(those) for what, those in taken.items()}
    ours = seconds[compared[0].what]
    print(f"{'':48} {'ms a check':>10} {'times ours':>10}  kept apart")
    for one in compared:
        its = seconds[one.what]
        print(f"{one.what:48} {its * 1000:10.2f} {its / ours:10.2f}  {one.apart}")
    print(
        "Too heavy to be installed for this; measured once, without isolation: nbgrader 212 ms, otter 614 ms a check."
    )
    best = min((seconds[one.what] for one in compared if one.peer), default=None)
    return [] if best is None else [told("ours, against the best of the others", ours / best, 1.0, "times")]
