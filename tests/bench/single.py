"""How long the grading of one submission takes: ratios, measured side by side in one run."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import statistics
import struct
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from grading.arena import LEVELS, Level, Script, Stage, TcpClient, TcpServer, UdpClient, UdpServer, Words
from grading.arena.bubblewrap import Bubblewrap
from grading.arena.limits import Limits
from grading.arena.sandbox import Sandbox
from tests.bench.figures import CHECKS, PYTEST, Size, run_quietly, seconds_of, take_turns, told, why_not
from tests.gallery.entries import ROOT, Entry, grade, read_gallery

RUNS = 9
ARENAS = 40


def measure(_size: Size, runs: int = RUNS) -> list[bool]:
    """Measure one submission in many ways, and print a table; give for each goal whether it is met."""
    levels = [level for level in LEVELS if level != "auto" and _holds(level)]
    of_solutions = ("--submission", "solutions", "--isolation")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        commands: dict[str, list[str]] = {
            "empty": [*PYTEST, folder],
            "solutions": [*PYTEST, "grading", "--submission", "solutions"],
            "labs": [*PYTEST, "grading"],
            **{level: [*PYTEST, "grading", *of_solutions, level] for level in levels},
        }
        timed = {name: partial(seconds_of, partial(run_quietly, command)) for name, command in commands.items()}
        if networks_can_be_made():
            timed["bare"] = partial(seconds_of, bare_checks)
        seconds = take_turns(timed, runs + 1)
    measured = {name: statistics.median(taken[1:]) for name, taken in seconds.items()}  # the first fills caches
    empty, solutions, labs, bare = (measured.get(name) for name in ("empty", "solutions", "labs", "bare"))
    assert empty is not None
    assert solutions is not None
    assert labs is not None
    per_check = (solutions - empty) / CHECKS
    told("an empty pytest run", empty * 1000, None, "ms")
    met = [
        told("pytest grading, solutions, against an empty run", solutions / empty, 3.0, "times"),
        told("pytest grading, labs, against an empty run", labs / empty, 3.0, "times"),
        told("a check, beyond pytest's own start", per_check * 1000, 12.0, "ms"),
        *(
            told(f"isolation {level}, against none", measured[level] / measured["none"], 1.15, "times")
            for level in levels
            if "none" in levels and level != "none"
        ),
    ]
    if bare:
        told("a bare child, one exchange", bare / CHECKS * 1000, None, "ms")
        told("a check against a bare child", per_check / (bare / CHECKS), None, "times")
    entries = [entry for entry in read_gallery() if not entry.fair]
    met.append(told("a broken program against the reference", broken_against_reference(entries), 1.5, "times"))
    if "bwrap" in levels:
        recorded = recorded_against_unrecorded(ARENAS)
        met.append(told("a check with the recorder against one without", recorded, 1.15, "times"))
    return met


def _holds(level: Level) -> bool:
    if why := why_not(level):
        print(f"not measured: {why}")
    return not why


def broken_against_reference(entries: Iterable[Entry], times: int = 5) -> float:
    """Median over broken programs of the time each takes, against the reference of its kind."""
    reference = {
        program: statistics.median(_graded(ROOT / "solutions" / lab / f"{program}.py", program) for _ in range(times))
        for lab, program in _PROGRAMS
    }
    return statistics.median(_graded(entry.path, entry.program) / reference[entry.program] for entry in entries)


def recorded_against_unrecorded(arenas: int) -> float:
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
        for _ in range(arenas):
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


def bare_checks(checks: int = CHECKS) -> None:
    """Do what a check cannot do without: fork, make a network, exchange one datagram; as often as there are checks."""
    libc = ctypes.CDLL(None, use_errno=True)
    for _ in range(checks):
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


def networks_can_be_made() -> bool:
    """Say whether a child may have a network of its own here; print so, where it may not."""
    try:
        bare_checks(1)
    except (RuntimeError, AttributeError) as problem:  # AttributeError: there is no fork here
        print(f"not measured: a bare child with a network of its own ({problem})")
        return False
    return True


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
