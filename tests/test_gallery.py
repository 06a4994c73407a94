"""Real programs and real mistakes get exactly the verdicts they deserve."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grading.arena import Isolation, PortTaken
from grading.arena.users import is_root
from grading.diagnosis import CAUSES
from tests.gallery.entries import ROOT, Entry, differences, grade, grade_all, grade_submission, read_gallery

GALLERY = read_gallery()


@pytest.fixture(scope="module")
def graded(request: pytest.FixtureRequest) -> Mapping[str, Mapping[str, Any]]:
    """Grade the entries that this run asks for, side by side."""
    callspecs = (getattr(item, "callspec", None) for item in request.session.items)
    entries = [spec.params["entry"] for spec in callspecs if spec is not None and "entry" in spec.params]
    results = grade_all((entry.path.read_bytes(), entry.program) for entry in entries)
    return {entry.name: given for entry, given in zip(entries, results, strict=True)}


@pytest.mark.parametrize("entry", GALLERY, ids=lambda entry: entry.name)
def test_gets_its_verdicts(entry: Entry, graded: Mapping[str, Mapping[str, Any]]) -> None:
    assert differences(entry, graded[entry.name]) == []


@pytest.mark.parametrize("name", ["slides", "daemonises", "asks_host_and_port", "threads_that_accept"])
def test_a_fair_program_is_as_fair_on_the_real_loopback(name: str) -> None:
    try:
        Isolation("none").until_ready()
    except PortTaken as taken:
        pytest.skip(str(taken))
    entries = [entry for entry in GALLERY if entry.fair and entry.path.stem == name]
    assert entries
    for entry in entries:
        assert differences(entry, grade(entry.path, entry.program, "--isolation", "none")) == []


LEANING_ON_THE_MACHINE = {
    *("asyncio_client", "asyncio_datagrams", "asyncio_streams", "both_ip_versions", "daemonises", "executor"),
    *("fork_per_client", "gethostname", "lan_address", "placeholder_host", "slides", "socketserver_handler"),
    *("threads_share_a_variable", "workers_without_end", "lock_taken_twice", "public_address"),
}
"""Programs whose verdicts hang most on what a sandbox gives: names, addresses, processes, threads."""


@pytest.mark.skipif(not is_root(), reason="only root can run programs as another user")
def test_a_program_gets_the_same_verdict_as_another_user() -> None:
    entries = [entry for entry in GALLERY if entry.path.stem in LEANING_ON_THE_MACHINE]
    assert len(entries) >= 20
    results = grade_all(((entry.path.read_bytes(), entry.program) for entry in entries), "user")
    for entry, given in zip(entries, results, strict=True):
        assert given["extra_data"]["isolation"] == "user"
        assert (entry.name, differences(entry, given)) == (entry.name, [])


def test_every_entry_says_what_it_is() -> None:
    assert [entry.name for entry in GALLERY if not entry.what] == []
    assert [entry.name for entry in GALLERY if not entry.fair and not (entry.cause and entry.fails)] == []
    assert [entry.name for entry in GALLERY if entry.fair and (entry.cause or entry.fails or entry.skips)] == []


NOT_TWICE = {
    "missing-file": "a file of the gallery is there",
    "out-of-time": "it takes its time: tests/attacks has one, with a shorter deadline",
}
"""Causes that no two programs can show, and why."""


def test_the_gallery_is_large_enough_to_mean_something() -> None:
    assert sum(entry.fair for entry in GALLERY) >= 60
    assert sum(not entry.fair for entry in GALLERY) >= 120


def test_each_cause_is_the_first_of_at_least_two_broken_programs() -> None:
    shown = Counter(entry.cause for entry in GALLERY if not entry.fair)
    assert set(shown) <= set(CAUSES)
    assert {slug for slug in CAUSES if shown[slug] < 2} == set(NOT_TWICE)


def test_the_slides_four_programs_as_printed_get_full_marks(tmp_path: Path) -> None:
    """The golden rule: with nothing but the host name filled in, apart and together."""
    for slides in (Path(__file__).parent / "gallery" / "fair").glob("*/slides.py"):
        shutil.copy(slides, tmp_path / f"{slides.parent.name}.py")
    results = grade_submission(tmp_path)
    assert (results["score"], results["max_score"]) == (100, 100)


def test_gradings_side_by_side_do_not_meet() -> None:
    with ThreadPoolExecutor(max_workers=6) as pool:
        graded = list(pool.map(lambda _: grade_submission(ROOT / "solutions"), range(12)))
    assert [results["score"] for results in graded] == [100] * 12
