"""The reference programs meet programs that nobody here wrote: nc, ncat and socat, in a private network."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.arena import Isolation, Phrase, Script, Stage, Words, meet
from grading.arena.sockets import Kind

SOLUTIONS = Path(__file__).parent.parent / "solutions"
FOLDERS = {"udp": "lab1_udp", "tcp": "lab2_tcp"}

CLIENT = """
import subprocess
text = input("Sentence: ").encode()
with subprocess.Popen({command}, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tool:
    tool.stdin.write(text)
    tool.stdin.flush()
    print("Answer:", tool.stdout.read(len(text)).decode())
    if {ends}:
        tool.stdin.close()
        print("And then:", tool.stdout.read())
    else:
        tool.kill()
"""
"""A client made of a command. A datagram has no end to wait for: then the command is stopped."""

SERVER = """
import subprocess
subprocess.run({command})
"""
"""A server made of a command that answers by itself."""

BY_HAND = """
import os, subprocess
with subprocess.Popen({command}, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as tool:
    tool.stdin.write(os.read(tool.stdout.fileno(), 2048).upper())
    tool.stdin.close()
    tool.wait()
"""
"""A server made of a command at which somebody types the answer."""

UPPER = "dd conv=ucase bs=2048 count=1 status=none"  # tr would wait for more than there is

CLIENTS: list[tuple[Kind, str]] = [
    ("udp", "nc -u 127.0.0.1 12000"),
    ("udp", "ncat -u 127.0.0.1 12000"),
    ("udp", "socat - UDP4:127.0.0.1:12000"),
    ("tcp", "nc 127.0.0.1 12000"),
    ("tcp", "ncat 127.0.0.1 12000"),
    ("tcp", "socat - TCP4:127.0.0.1:12000"),
]
SERVERS: list[tuple[Kind, list[str], str]] = [
    ("udp", ["nc", "-u", "-l", "12000"], BY_HAND),
    ("udp", ["ncat", "-4", "-u", "-l", "12000", "-c", UPPER], SERVER),
    ("udp", ["socat", "UDP4-RECVFROM:12000,fork", f"EXEC:{UPPER}"], SERVER),
    ("tcp", ["nc", "-N", "-l", "12000"], BY_HAND),
    ("tcp", ["ncat", "-4", "-k", "-l", "12000", "-c", UPPER], SERVER),
    ("tcp", ["socat", "TCP4-LISTEN:12000,fork", f"EXEC:{UPPER}"], SERVER),
]


@pytest.fixture
def stage(bwrap: Isolation) -> Iterator[Stage]:
    """Give a stage with private networks; nobody on it computes long."""
    stage = Stage(bwrap.open, Words(1, lambda texts: [text.upper() for text in texts]), deadline=60.0)
    yield stage
    stage.close()


def reference(program: str) -> Script:
    path = SOLUTIONS / FOLDERS[program[:3]] / f"{program}.py"
    return Script(program, {path.name: path.read_bytes()}, trusted=True)


def made_of(program: str, source: str, command: list[str], *, ends: bool = True) -> Script:
    """Make a program of a command, or skip where that is not installed."""
    name = command[0]
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    if (
        name == "nc"
        and "OpenBSD" not in subprocess.run(["nc", "-h"], capture_output=True, text=True, check=False).stderr
    ):
        pytest.skip("nc is not OpenBSD's here, and others have other options")
    resolved = str(Path(found).resolve())  # the sandbox has no /etc/alternatives
    text = source.format(command=[resolved, *command[1:]], ends=ends)
    return Script(program, {f"{program}.py": text.encode()})


@pytest.mark.parametrize("kind, command", CLIENTS, ids=[command for _, command in CLIENTS])
@pytest.mark.parametrize(
    "phrase", [Phrase("hello there", "HELLO THERE"), Phrase("x", "X"), Phrase("z" * 900, "Z" * 900)]
)
def test_the_reference_server_answers(stage: Stage, kind: Kind, command: str, phrase: Phrase) -> None:
    client = made_of(f"{kind}_client", CLIENT, command.split(), ends=kind == "tcp")
    meet(stage, client, reference(f"{kind}_server"), phrase)
    assert stage.current is not None
    asking = stage.current.programs[1]
    stage.current.wait(lambda: asking.ended or None, asking)
    assert asking.status == 0
    end = "And then: b''\n" if kind == "tcp" else ""
    assert asking.screen == f"Sentence: Answer: {phrase.answer}\n{end}"


@pytest.mark.parametrize("kind, command, source", SERVERS, ids=[" ".join(command) for _, command, _ in SERVERS])
def test_the_reference_client_is_answered(stage: Stage, kind: Kind, command: list[str], source: str) -> None:
    phrase = Phrase("hello there", "HELLO THERE")
    meet(stage, reference(f"{kind}_client"), made_of(f"{kind}_server", source, command), phrase)
    assert stage.current is not None
    asking = stage.current.programs[1]
    stage.current.wait(lambda: asking.ended or None, asking)
    assert asking.status == 0
    assert phrase.answer in asking.screen


@pytest.mark.parametrize("kind", ["udp", "tcp"])
def test_a_reference_server_answers_one_tool_after_the_other(stage: Stage, kind: Kind) -> None:
    arena = stage.arena()
    server = arena.start(reference(f"{kind}_server"))
    arena.wait(lambda: arena.bound(kind, server), server)
    for _, command in (one for one in CLIENTS if one[0] == kind):
        client = arena.start(made_of(f"{kind}_client", CLIENT, command.split(), ends=kind == "tcp"))
        client.type(command)
        arena.wait(lambda client=client: client.ended or None, client)  # type: ignore[misc]  # binds the loop's value
        assert f"Answer: {command.upper()}\n" in client.screen
    assert not server.ended
