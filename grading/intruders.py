"""Keeps pytest from running what is handed in.

pytest looks for a ``conftest.py`` beside everything on its command line that is a path, before it knows which options
there are: in the folder that ``--submission`` names too, and in all folders above it. It would run as the grader.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

_TOP = Path(__file__).parent.parent
_OURS = tuple(_TOP / room for room in ("grading", "tests", "notebooks"))


def keep_out(manager: pytest.PytestPluginManager) -> None:
    """Have pytest pass over every ``conftest.py`` that is not this project's, from now on.

    This project's is loaded first where ``grading`` comes first on the command line: see ``SECURITY.md``.
    """
    load = manager._importconftest  # noqa: SLF001  there is no public way to refuse one

    def load_ours(path: Path, *args: Any, **options: Any) -> ModuleType:
        if any(path.resolve().is_relative_to(room) for room in _OURS):
            return load(path, *args, **options)
        return ModuleType("conftest")

    manager._importconftest = load_ours  # type: ignore[method-assign, assignment]  # noqa: SLF001  as above


def refuse_the_other_order(arguments: Sequence[str], submission: str | None, invoked_in: Path) -> None:
    """Raise ``UsageError`` where a submission was named before ``grading``: pytest looked for its conftest.py first.

    Refused whether it has one or not, so that nobody gets used to it. What belongs to this project is no stranger's.
    """
    path = invoked_in.joinpath(submission or _TOP / "labs").resolve()
    if any(path.is_relative_to(_TOP / room) for room in ("labs", "solutions")):
        return
    for argument in arguments:
        if argument == "--submission":
            message = "put grading before --submission: otherwise pytest itself runs a conftest.py that was handed in"
            raise pytest.UsageError(message)
        named = (invoked_in / argument.partition("::")[0]).resolve()
        if not argument.startswith("-") and named.is_relative_to(_OURS[0]):
            return
