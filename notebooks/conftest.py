"""``pytest --nbval notebooks``, from wherever it is typed: what differs in every run is left out of the comparison."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Name the file of rules, whose path in an ini file would be relative to the caller's folder."""
    if config.option.nbval_sanitize_with is None:
        config.option.nbval_sanitize_with = str(Path(__file__).with_name("sanitize.cfg"))
