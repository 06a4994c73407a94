"""What the parts of the benchmark share: how it is measured in turns, told, and at which levels of isolation."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from grading.arena import LEVELS, Isolation, Level
from grading.session import STARTUP_PROBLEMS
from tests.gallery.entries import ROOT

CHECKS = 44
"""Of the rubric; a test holds that."""
PYTEST = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml")]
"""With our settings wherever the tests are: an empty run must not load plugins that the other ones refuse."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Size:
    """How much is measured of what takes long."""

    students: int = 100
    rounds: int = 3
    """In which the runs of a class take turns; figures are medians over them."""
    long: bool = False
    """Whether a class ten times as large is graded, too."""


def told(what: str, value: float, goal: float | None, unit: str) -> bool:
    """Print a figure with its goal; say whether it is met."""
    met = goal is None or value <= goal
    aim = "" if goal is None else f"goal: at most {goal:g} {unit}{'' if met else ', MISSED'}"
    print(f"{what:58} {value:7.2f} {unit:6}{aim}".rstrip(), flush=True)
    return met


def take_turns(
    runs: Mapping[str, Callable[[], _T]], rounds: int, between: Callable[[], object] = lambda: None
) -> dict[str, list[_T]]:
    """Do each run once in every round, and something before each of them; give what the runs gave."""
    given: dict[str, list[_T]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            between()
            given[name].append(run())
    return given


def seconds_of(run: Callable[[], object]) -> float:
    """Say how long something takes."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def run_quietly(command: list[str]) -> None:
    """Run a command for its time alone."""
    subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


@lru_cache(maxsize=len(LEVELS))
def why_not(level: Level) -> str:
    """Say why programs cannot be kept apart here in a way; an empty text where they can."""
    isolation = Isolation(level)
    try:
        isolation.until_ready()
    except STARTUP_PROBLEMS as problem:
        return str(problem)
    else:
        return ""
    finally:
        isolation.close()


def best_level() -> Level | None:
    """Give the best level of isolation that holds here: what ``auto`` comes to; and say so, where it is not bwrap."""
    level = next((level for level in LEVELS if level != "auto" and not why_not(level)), None)
    if level is None:
        print(f"not measured: {why_not('none')}")
    elif level != "bwrap":
        print(f"at level {level}, and not at bwrap: {why_not('bwrap')}")
    return level
