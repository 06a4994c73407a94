"""The checks of all programs, in their order, with what each is worth; filled while pytest collects them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class RubricCheck:
    """A check before it is run."""

    name: str
    title: str
    program: str
    points: float
    after: tuple[str, ...]
    number: str


@dataclass
class Rubric:
    """All checks, in their order."""

    checks: dict[str, RubricCheck] = field(default_factory=dict)

    def collect(self, items: Iterable[pytest.Item]) -> None:
        """Add the checks among what pytest has collected; a check's title is the first line of its docstring."""
        for item in items:
            if isinstance(item, pytest.Function) and (mark := item.get_closest_marker("check")):
                title = (item.function.__doc__ or item.name).strip().splitlines()[0]
                self.add(item.name.removeprefix("test_"), title, **mark.kwargs)

    def add(self, name: str, title: str, program: str, points: float, after: tuple[str, ...]) -> None:
        """Add a check; its number says its program's place and its own in it."""
        programs = list(dict.fromkeys([*(check.program for check in self.checks.values()), program]))
        place = 1 + sum(check.program == program for check in self.checks.values())
        number = f"{programs.index(program) + 1}.{place}"
        self.checks[name] = RubricCheck(name, title, program, points, after, number)
