"""The right answers: what the reference solution says when it is asked."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Sequence

from grading.arena.arena import NO_LINGER, Arena, GraderError, Stalled, reachable
from grading.arena.mismatch import what_it_does
from grading.arena.program import Script
from grading.arena.sockets import Kind


def ask_reference(open_arena: Callable[[], Arena], server: Script, texts: Sequence[str]) -> list[str]:
    """Run a reference server in an arena of its own and have it answer each text.

    Raises `GraderError` where it does not: then it is the reference that is broken, or this machine.
    """
    kind: Kind = "udp" if server.program.startswith("udp") else "tcp"
    with open_arena() as arena:
        program = arena.start(server)
        try:
            bound = arena.wait(lambda: arena.bound(kind, program), program)
            client = arena.lend(kind)
            answers: list[str] = []
            for text in texts:
                if kind == "tcp" and answers:
                    client = arena.lend(kind)
                client.connect(reachable(bound.local))
                client.setblocking(False)
                client.send(text.encode())

                def seen(client: socket.socket = client) -> bytes | None:
                    with contextlib.suppress(BlockingIOError):
                        return client.recv(1 << 16)
                    return None

                answers.append(arena.wait(seen, program, [client]).decode())
                if kind == "tcp":
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
                    client.close()
        except (Stalled, OSError) as error:
            why = what_it_does(error, arena.deadline) if isinstance(error, Stalled) else str(error)
            why = why.replace("Your program", "It")
            raise GraderError(f"the reference {server.file} did not answer. {why} {program.screen[-500:]}") from None
    return answers
