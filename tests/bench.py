"""How long grading takes: ratios, measured side by side in one run. ``make bench``.

Each figure is the median of several runs that take turns, so that a machine that slows down slows all of them.
The times of one machine say little about another's; the ratios travel.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path

from grading.arena import (
    LEVELS,
    Isolation,
    SandboxUnavailable,
    Script,
    Stage,
    TcpClient,
    TcpServer,
    UdpClient,
    UdpServer,
    Words,
)
from grading.arena.bubblewrap import Bubblewrap
from grading.arena.limits import Limits
from grading.arena.sandbox import Sandbox
from tests.gallery.entries import ROOT, grade, read_gallery

CHECKS = 44
RUNS = 9
ARENAS = 40
PYTEST = [sys.executable, "-m", "pytest", "-q", "-p", "no:nbval", "-p", "no:anyio"]  # as in pyproject.toml


def main() -> int:
    """Measure everything, print a table, and end with 1 when a goal is missed."""
    of_solutions = ("--submission", "solutions", "--isolation")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        measured = _take_turns(
            {
                "empty": lambda: _run([*PYTEST, folder]),
                "solutions": lambda: _run([*PYTEST, "grading", "--submission", "solutions"]),
                "labs": lambda: _run([*PYTEST, "grading"]),
                **{level: partial(_run, [*PYTEST, "grading", *of_solutions, level]) for level in _levels()},
                "bare": bare_checks,
            }
        )
    empty, solutions, labs, bare = (measured[name] for name in ("empty", "solutions", "labs", "bare"))
    per_check = (solutions - empty) / CHECKS
    print(f"an empty pytest run           {empty * 1000:7.0f} ms")
    print(f"a bare child, one exchange    {bare / CHECKS * 1000:7.2f} ms")
    met = [
        _told("pytest grading, solutions, against an empty run", solutions / empty, 3.0, "times"),
        _told("pytest grading, labs, against an empty run", labs / empty, 3.0, "times"),
        _told("a check, beyond pytest's own start", per_check * 1000, 12.0, "ms"),
        *(
            _told(f"isolation {level}, against none", measured[level] / measured["none"], 1.15, "times")
            for level in _levels()
            if level != "none"
        ),
        _told("a check against a bare child", per_check / (bare / CHECKS), None, "times"),
        _told("a broken program against the reference", broken_against_reference(), 1.5, "times"),
        _told("a check with the recorder against one without", recorded_against_unrecorded(), 1.15, "times"),
    ]
    return 0 if all(met) else 1


@lru_cache(maxsize=1)
def _levels() -> list[str]:
    """Give the levels of isolation that hold here."""
    found: list[str] = []
    for level in LEVELS:
        isolation = Isolation(level)
        try:
            isolation.until_ready()
        except SandboxUnavailable as unavailable:
            print(f"not measured: {unavailable}")
        else:
            found += [level] if level != "auto" else []
        finally:
            isolation.close()
    return found


def _told(what: str, value: float, goal: float | None, unit: str) -> bool:
    met = goal is None or value <= goal
    aim = "" if goal is None else f"goal: at most {goal:g} {unit}{'' if met else ', MISSED'}"
    print(f"{what:50} {value:7.2f} {unit:6}{aim}")
    return met


def _take_turns(runs: dict[str, Callable[[], object]]) -> dict[str, float]:
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(RUNS):
        for name, run in runs.items():
            begin = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - begin)
    return {name: statistics.median(taken[1:]) for name, taken in seconds.items()}  # the first fills caches


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def broken_against_reference() -> float:
    """Median over the gallery's broken programs of the time each takes, against the reference of its kind."""
    entries = [entry for entry in read_gallery() if not entry.fair]
    reference = {
        program: statistics.median(_graded(ROOT / "solutions" / lab / f"{program}.py", program) for _ in range(5))
        for lab, program in _PROGRAMS
    }
    return statistics.median(_graded(entry.path, entry.program) / reference[entry.program] for entry in entries)


def recorded_against_unrecorded() -> float:
    """Median over the four reference programs of what the recorder adds to a check, in arenas that take turns."""
    sandboxes = [Sandbox(Bubblewrap(Limits().disk), recorded=recorded) for recorded in (True, False)]
    scripts = [
        Script(program, {f"{program}.py": (ROOT / "solutions" / lab / f"{program}.py").read_bytes()})
        for lab, program in _PROGRAMS
    ]
    try:
        for sandbox in sandboxes:
            sandbox.until_ready()
        seconds: list[list[float]] = [[], []]
        for _ in range(ARENAS):
            for script in scripts:
                for sandbox, taken in zip(sandboxes, seconds, strict=True):
                    begin = time.perf_counter()
                    _exchange(sandbox, script)
                    taken.append(time.perf_counter() - begin)
        with_it, without = seconds
        return statistics.median(one / other for one, other in zip(with_it, without, strict=True))
    finally:
        for sandbox in sandboxes:
            sandbox.close()


def _exchange(sandbox: Sandbox, script: Script) -> None:
    """Do what a check does: open an arena, have the program do its part, close."""
    words = Words(1, lambda texts: [text.upper() for text in texts])
    stage = Stage(sandbox.open, words)
    try:
        match script.program:
            case "udp_server":
                server = UdpServer(stage, script)
                server.ask(server.client(), words.sentence())
            case "tcp_server":
                TcpServer(stage, script).ask(words.sentence())
            case _:
                client = (UdpClient if script.program == "udp_client" else TcpClient)(stage, script, words.sentence())
                client.until_sent()
                client.answer_and_see(words.unrelated(client.phrase))
    finally:
        stage.close()


_PROGRAMS = (
    ("lab1_udp", "udp_server"),
    ("lab1_udp", "udp_client"),
    ("lab2_tcp", "tcp_server"),
    ("lab2_tcp", "tcp_client"),
)


def _graded(path: Path, program: str) -> float:
    begin = time.perf_counter()
    grade(path, program)
    return time.perf_counter() - begin


def bare_checks() -> None:
    """Do what a check cannot do without: fork, make a network, exchange one datagram; as often as there are checks."""
    libc = ctypes.CDLL(None, use_errno=True)
    for _ in range(CHECKS):
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                status = _bare_child(libc)
            finally:
                os._exit(status)
        _, status = os.waitpid(pid, 0)
        if status != 0:
            raise RuntimeError("no network namespace can be made here: nothing to compare with")


def _bare_child(libc: ctypes.CDLL) -> int:
    new_user, new_network, set_flags, up = 0x10000000, 0x40000000, 0x8914, 0x49
    if libc.unshare(new_user | new_network) != 0:
        return 1
    server, client = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
    fcntl.ioctl(server, set_flags, struct.pack("16sh14x", b"lo", up))
    server.bind(("", 12000))
    client.sendto(b"words", ("127.0.0.1", 12000))
    message, address = server.recvfrom(2048)
    server.sendto(message.upper(), address)
    return 0 if client.recv(2048) == b"WORDS" else 1


if __name__ == "__main__":
    sys.exit(main())
