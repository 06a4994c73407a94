"""Proves of a sandbox that it holds, by having a program try to get out of it."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

from grading.arena.arena import GraderError, Stalled
from grading.arena.program import Script

if TYPE_CHECKING:
    from grading.arena.sandbox import Sandbox

_TRIES = """
import os, signal, socket
reached = []
try:
    if open({file!r}).read():
        reached.append("a file of the grader's")
except OSError:
    pass
try:
    if {process} != os.getpid():
        os.kill({process}, signal.SIGKILL)
        reached.append("a process of the grader's")
except OSError:
    pass
try:
    if {port}:
        socket.create_connection(("127.0.0.1", {port}), 1)
        reached.append("a listener of the grader's")
except OSError:
    pass
if os.getuid() == 0:
    reached.append("the rights of root")
print("It reached", " and ".join(reached) or "nothing")
"""


def prove(sandbox: Sandbox) -> None:
    """Run a program in a real arena that tries to read, to meet and to end what is the grader's.

    Raises `GraderError` where it can, or where it cannot even run. On a network that is shared, it may meet others.
    """
    with socket.create_server(("127.0.0.1", 0)) as listener, sandbox.open() as arena:
        port = 0 if arena.shared else listener.getsockname()[1]
        source = _TRIES.format(file=__file__, process=sandbox.pid, port=port)
        program = arena.start(Script("probe", {"probe.py": source.encode()}))
        try:
            arena.wait(lambda: program.ended or None, program)
        except Stalled as stalled:
            raise GraderError(f"a program in it did not come to its end: {stalled.how}") from None
        if program.screen != "It reached nothing\n":
            raise GraderError(f"a program in it was not kept apart: {program.screen[-500:].strip()!r}")
