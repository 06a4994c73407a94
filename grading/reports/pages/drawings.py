"""A run beside the reference's: as diagrams, and in words for whoever hears the page or finds words easier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from grading.transcript import Conversation
from grading.transcript.moments import Row, printable, rows_of
from grading.transcript.svg import draw


@dataclass(frozen=True)
class Told:
    """One row of a run in words."""

    text: str
    failed: bool
    """Whether this is where it went wrong."""


@dataclass(frozen=True)
class Drawing:
    """One run."""

    heading: str
    svg: Markup
    words: tuple[Told, ...]


@dataclass(frozen=True)
class Drawings:
    """A run that failed, and the reference's where there is one."""

    runs: tuple[Drawing, ...]
    parting: str


def drawings_of(runs: Mapping[str, Any] | None) -> Drawings | None:
    """Draw what a test's ``extra_data`` has under ``runs``; nothing of what cannot be read."""
    if not runs:
        return None
    drawn = [_drawn(runs.get("own"), "What happened"), _drawn(runs.get("reference"), "The same with the reference")]
    shown = tuple(each for each in drawn if each is not None)
    return Drawings(shown, str(runs.get("parting") or "")) if drawn[0] else None


def _drawn(read: Mapping[str, Any] | None, heading: str) -> Drawing | None:
    if read is None:
        return None
    try:
        conversation = Conversation.from_json(read)
        svg = draw(conversation, styled=False)
    except (KeyError, TypeError, ValueError, AttributeError):  # a page without a picture is better than none
        return None
    words = tuple(_told(conversation, row) for row in rows_of(conversation))
    return Drawing(heading, Markup(svg), words)  # noqa: S704  the drawing escapes what it shows: tests/test_drawings.py


def _told(conversation: Conversation, row: Row) -> Told:
    parts = []
    for moment in row.moments:
        line = f", line {moment.step.line}" if moment.step.line and moment.part != "end" else ""
        parts.append(f"{conversation.lanes[moment.lane]}{line}: {moment.said}")
    lost = " (this never arrives)" if row.arrow is not None and not row.lands else ""
    return Told(printable("; ".join(parts)) + lost, any(moment.failed for moment in row.moments))
