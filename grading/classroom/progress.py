"""How far a class is, while it is graded: a bar on a terminal, lines elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Protocol

from grading.reports import count, visible
from grading.reports.rows import Row

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

_LINE_EVERY = 15.0  # seconds


class Progress(Protocol):
    """Tells people how far it is."""

    def begin(self, total: int) -> None:
        """Say how many students there are."""

    def step(self, *, graded: bool) -> None:
        """Count a student; ``graded`` is false for one who was graded before."""

    def say(self, line: str) -> None:
        """Print a line."""

    def close(self) -> None:
        """Leave the screen as it is to be."""


def progress() -> Progress:
    """Give what fits where standard output goes."""
    return Bar() if sys.stdout.isatty() else Lines()


def told(row: Row) -> str | None:
    """Say in a line what is not as it should be with a student; nothing where all is well."""
    if row.status not in ("incomplete", "unreadable"):
        return None
    why = row.notes[-1] if row.notes else ""
    broken = [check.title for check in row.checks if check.verdict == "error"]
    if broken and not why:
        why = f"the grader itself broke in {count(len(broken), 'check')}"
    return f"{row.status}: {visible(row.name)} ({visible(row.id)}): {visible(why)}"


class Lines:
    """Lines, one at least every quarter of a minute."""

    def __init__(self) -> None:
        self._total = self._done = self._graded = 0
        self._began = self._said = time.monotonic()

    def begin(self, total: int) -> None:
        self._total = total
        self._began = self._said = time.monotonic()

    def step(self, *, graded: bool) -> None:
        self._done += 1
        self._graded += graded
        now = time.monotonic()
        if now - self._said >= _LINE_EVERY and self._graded:
            self._said = now
            rate = self._graded / (now - self._began)
            left = (self._total - self._done) / rate
            self.say(f"{self._done:,} of {count(self._total, 'student')}, {rate:.1f} a second, {_time(left)} left")

    def say(self, line: str) -> None:
        print(line, flush=True)

    def close(self) -> None:
        """Nothing is left."""


class Bar:
    """One bar, with the lines above it."""

    def __init__(self) -> None:
        self._rich: RichProgress | None = None
        self._task: TaskID | None = None

    def begin(self, total: int) -> None:
        from rich import progress as parts  # noqa: PLC0415  where there is no terminal it is not needed
        from rich.text import Text  # noqa: PLC0415  as above

        class Rate(parts.ProgressColumn):
            def render(self, task: parts.Task) -> Text:
                return Text(f"{task.speed:.1f}/s" if task.speed else "")

        columns = (parts.TextColumn("Grading"), parts.BarColumn(), parts.MofNCompleteColumn(), Rate(),
                   parts.TimeRemainingColumn(compact=True), parts.TextColumn("left"))  # fmt: skip
        self._rich = parts.Progress(*columns, speed_estimate_period=120)
        self._task = self._rich.add_task("", total=total)
        self._rich.start()

    def step(self, *, graded: bool) -> None:  # noqa: ARG002  the bar's own estimate is of the last minutes
        if self._rich and self._task is not None:
            self._rich.advance(self._task)

    def say(self, line: str) -> None:
        if self._rich:
            self._rich.console.print(line, markup=False, highlight=False)
        else:
            print(line, flush=True)

    def close(self) -> None:
        if self._rich:
            self._rich.stop()


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
