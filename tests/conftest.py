"""Arenas for the tests: of each kind, ended with the test."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from grading.arena import Arena, Isolation, Program, SandboxUnavailable, Script, shared
from grading.arena.private import Sandbox

Start = Callable[..., Program]


@pytest.fixture(scope="session")
def bwrap() -> Iterator[Isolation]:
    """Give private networks, or skip where there is no bubblewrap."""
    try:
        isolation = Isolation("bwrap")
    except SandboxUnavailable as unavailable:
        pytest.skip(str(unavailable))
    try:
        isolation.until_ready()
    except SandboxUnavailable as unavailable:
        pytest.skip(str(unavailable))
    yield isolation
    isolation.close()


@pytest.fixture
def sandbox(bwrap: Isolation) -> Sandbox:
    """Give the sandbox in which private arenas are made."""
    assert bwrap._sandbox is not None
    return bwrap._sandbox


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Isolation:
    """Give arenas on the real loopback; their programs take ephemeral ports, so port 12000 may be anybody's."""
    monkeypatch.setattr(shared, "check_port_is_free", lambda kind: None)
    return Isolation("none")


@pytest.fixture
def private(bwrap: Isolation) -> Iterator[Arena]:
    """Open an arena with a network of its own."""
    with bwrap.open() as arena:
        yield arena


@pytest.fixture(params=["private", "loopback"])
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """Open an arena of each kind in turn."""
    isolation = request.getfixturevalue("bwrap" if request.param == "private" else "loopback")
    with isolation.open() as opened:
        yield opened


@pytest.fixture
def any_arena(loopback: Isolation, request: pytest.FixtureRequest) -> Iterator[Arena]:
    """Open the quickest arena that there is here."""
    isolation = loopback
    with suppress(pytest.skip.Exception):
        isolation = request.getfixturevalue("bwrap")
    with isolation.open() as opened:
        yield opened


def script(source: str, name: str = "program", *, trusted: bool = False, **beside: str) -> Script:
    """Make a program of its text, and of those of the modules beside it."""
    texts = {name: textwrap.dedent(source), **beside}
    return Script(name, {f"{module}.py": text.encode() for module, text in texts.items()}, trusted)


@pytest.fixture(name="script")
def _script() -> Callable[..., Script]:
    """Lend `script` to tests."""
    return script
