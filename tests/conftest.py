"""What many tests need: arenas of each kind, ended with the test, and a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from grading.arena import Arena, Isolation, shared
from grading.arena.sandbox import Sandbox
from grading.arena.users import is_root

if TYPE_CHECKING:  # few tests need a browser, and all would wait for the import
    from playwright.sync_api import Browser

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def isolation() -> Iterator[Isolation]:
    """Give the best isolation that works here."""
    best = Isolation("auto")
    best.until_ready()
    yield best
    best.close()


@pytest.fixture
def bwrap(isolation: Isolation) -> Isolation:
    """Give private networks, or skip."""
    if isolation.level != "bwrap":
        tried = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"]
        if shutil.which("bwrap") and subprocess.run(tried, check=False, capture_output=True).returncode == 0:
            pytest.fail(f"bubblewrap works here, and our sandbox does not: {isolation.why_not}")
        pytest.skip(f"no private networks here: {isolation.why_not}")
    return isolation


@pytest.fixture(scope="session")
def locked_up() -> Iterator[Isolation]:
    """Give isolation by another user, or skip."""
    if not is_root():
        pytest.skip("only root can run programs as another user")
    isolation = Isolation("user")
    isolation.until_ready()
    yield isolation
    isolation.close()


@pytest.fixture
def sandbox(bwrap: Isolation) -> Sandbox:
    """Give the sandbox in which the private arenas of the tests are made."""
    assert bwrap._sandbox is not None
    return bwrap._sandbox


@pytest.fixture
def loopback(monkeypatch: pytest.MonkeyPatch) -> Isolation:
    """Give arenas on the real loopback. The tests' programs take ephemeral ports: 12000 may be anybody's."""
    monkeypatch.setattr(shared, "check_port_is_free", lambda _kind: None)
    return Isolation("none")


@pytest.fixture(params=["bwrap", "locked_up"])
def private(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """Open an arena with a network of its own, of each kind in turn."""
    opener: Isolation = request.getfixturevalue(request.param)
    with opener.open() as arena:
        yield arena


@pytest.fixture(params=["bwrap", "locked_up", "loopback"])
def arena(request: pytest.FixtureRequest) -> Iterator[Arena]:
    """Open an arena of each kind in turn."""
    opener: Isolation = request.getfixturevalue(request.param)
    with opener.open() as opened:
        yield opened


@pytest.fixture
def any_arena(isolation: Isolation, loopback: Isolation) -> Iterator[Arena]:
    """Open the quickest arena that there is here."""
    with isolation.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start a browser that has no window."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        reason = f"no browser: none of {', '.join(BROWSERS)} is installed"
        if os.environ.get("CI") and sys.platform == "linux":
            pytest.fail(f"{reason}, and CI installs one")
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()
