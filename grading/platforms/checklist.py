"""The checks as pytest collects them: what each is called and worth, without running any."""

from __future__ import annotations

import contextlib
import io

import pytest

from grading.platforms.contents import TOP, NotPackable
from grading.rubric import Rubric, RubricCheck


class _Listener:
    """A plugin that notes down what is collected."""

    def __init__(self) -> None:
        self.rubric = Rubric()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.rubric.collect(items)


def checklist() -> list[RubricCheck]:
    """Collect the rubric, in its order. Raises ``NotPackable`` where that fails."""
    listener = _Listener()
    options = ["--collect-only", "-q", "-p", "no:cacheprovider", "--isolation", "none"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        status = pytest.main([str(TOP / "grading"), f"--rootdir={TOP}", *options], plugins=[listener])
    if status != pytest.ExitCode.OK:
        raise NotPackable(f"the checks could not be collected: {said.getvalue().strip().splitlines()[-1:]}")
    return list(listener.rubric.checks.values())
