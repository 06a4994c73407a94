"""What is said at the end: where the reports are, and what stands in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grading.reports import count, points, visible
from grading.reports.pages.about import ISOLATION
from grading.reports.rows import Row

_MOST_LISTED = 10


def summary(
    rows: Sequence[Row],
    about: Mapping[str, Any],
    out: Path,
    *,
    seconds: float,
    known: int = 0,
    level: str = "",
    notes: Sequence[str] = (),
) -> list[str]:
    """Say how it went, in a few lines."""
    statuses = Counter(row.status for row in rows)
    told = [f"{statuses[status]:,} {status}" for status in ("incomplete", "graded", "unreadable", "missing")
            if statuses[status]]  # fmt: skip
    graded = [row for row in rows if row.status == "graded"]
    lines = [f"{count(len(rows), 'student')}: {', '.join(told) or 'nobody'}."]
    if graded:
        mean = sum(row.score for row in graded) / len(graded)
        lines.append(f"Mean score of those graded: {points(mean)} of {points(graded[0].max_score)}.")
    lines.append(f"Layout: {visible(about['layout'])}. {ISOLATION.get(level, '')}".rstrip())
    if strays := about["strays"]:
        more = f", and {len(strays) - _MOST_LISTED} more" if len(strays) > _MOST_LISTED else ""
        lines.append(f"Belonging to no student: {', '.join(map(visible, strays[:_MOST_LISTED]))}{more}.")
    lines += [visible(note) for note in (*about["notes"], *notes)]
    before = f", {known:,} of the results from before" if known else ""
    lines.append(f"Reports: {visible(str(out / 'index.html'))} and gradebook.csv beside it ({_time(seconds)}{before}).")
    return lines


def _time(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"
