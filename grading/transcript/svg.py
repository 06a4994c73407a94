"""A conversation as SVG: a sequence diagram as on the slides, time going down, waiting shown as such.

It has a background of its own, light or dark as the reader's system asks, because Jupyter shows it as an image on
whatever colour the page has.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from grading.transcript.conversation import Conversation
from grading.transcript.moments import Moment, Row, fitting, printable, rows_of

_WIDTH = 840
_LIFELINES = (320, 520)
_NUMBER = 36  # room for a line number beside the lifeline
_CHARACTER = 7.3  # width of one of the monospaced font, 12 px high
_COLUMN = int((_LIFELINES[0] - _NUMBER - 24) / _CHARACTER)
_LINE, _GAP, _TOP = 16, 10, 52
_SVG = "http://www.w3.org/2000/svg"
STYLE = """
.conversation { --ink: #1f2328; --soft: #59636e; --paper: #ffffff; --rail: #d1d9e0; --wait: #9a6700; --go: #0969da;
  --bad: #c21c27; --tint: #ffebe9; max-width: 100%; height: auto; }
@media screen and (prefers-color-scheme: dark) { .conversation { --ink: #e6edf3; --soft: #9ea7b1; --paper: #151b23;
  --rail: #3d444d; --wait: #d29922; --go: #4493f8; --bad: #ff8a83; --tint: #41171b; } }
.conversation text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  fill: var(--ink); }
.conversation .paper { fill: var(--paper); stroke: var(--rail); }
.conversation .name { font-weight: bold; }
.conversation .soft { fill: var(--soft); }
.conversation .bad { fill: var(--bad); font-weight: bold; }
.conversation .tint { fill: var(--tint); }
.conversation .rail { stroke: var(--rail); stroke-width: 2; }
.conversation .wait { stroke: var(--wait); stroke-width: 6; stroke-dasharray: 3 3; }
.conversation .go { stroke: var(--go); stroke-width: 1.6; fill: none; }
.conversation .tip { fill: var(--go); }
.conversation .lost { stroke: var(--bad); stroke-width: 1.6; stroke-dasharray: 5 3; }
.conversation .dot { fill: var(--ink); }
"""
"""Names are for this drawing alone: it may stand in the middle of a page, which may have it once for all of its own."""


def draw(conversation: Conversation, *, styled: bool = True) -> str:
    """Draw it as one self-contained SVG document; ``styled`` is false for a page that has ``STYLE`` already."""
    rows = [_Placed(row) for row in rows_of(conversation)]
    bottom = float(_TOP)
    for row in rows:
        row.top = bottom
        bottom += row.height
    height = bottom + _GAP
    root = ET.Element(
        "svg", {"xmlns": _SVG, "viewBox": f"0 0 {_WIDTH} {height:g}", "role": "img", "class": "conversation"}
    )
    root.attrib |= {"width": str(_WIDTH), "height": f"{height:g}"}
    _add(root, "title", {}, f"{conversation.lanes[0]} and {conversation.lanes[1]}: what they said to each other"[:200])
    if styled:
        _add(root, "style", {}, STYLE)
    size = {"x": "0.5", "y": "0.5", "width": str(_WIDTH - 1), "height": f"{height - 1:g}", "rx": "6"}
    _add(root, "rect", {**size, "class": "paper"})
    for lane, name in enumerate(name[:_COLUMN] for name in conversation.lanes):
        anchor = "end" if lane == 0 else "start"
        _add(root, "text", {"x": _x(lane, 10), "y": "26", "text-anchor": anchor, "class": "name"}, name)
    for row in rows:
        row.tint(root)
    for x in _LIFELINES:
        _add(root, "line", {"x1": str(x), "x2": str(x), "y1": "36", "y2": f"{height - _GAP:g}", "class": "rail"})
    _waits(root, rows, height - _GAP)
    for row in rows:
        row.draw(root)
    if conversation.left_out:
        text = f"{conversation.left_out} more steps in the middle are not shown"
        _add(root, "text", {"x": str(_WIDTH // 2), "y": "46", "text-anchor": "middle", "class": "soft"}, text)
    return ET.tostring(root, encoding="unicode")


@dataclass
class _Placed:
    """A row, and where it stands."""

    row: Row
    top: float = 0.0

    def __post_init__(self) -> None:
        self.sides = {moment.lane: (moment, _wrapped(moment)) for moment in self.row.moments}

    @property
    def height(self) -> float:
        return _LINE * max(len(lines) for _, lines in self.sides.values()) + _GAP

    @property
    def middle(self) -> float:
        """Where the lifelines are met: the height of the first line of text."""
        return self.top + 11

    def tint(self, root: ET.Element) -> None:
        """Stress the row on which it went wrong."""
        if any(moment.failed for moment in self.row.moments):
            y, height = f"{self.top - 3:g}", f"{self.height - 3:g}"
            _add(root, "rect", {"x": "1", "y": y, "width": str(_WIDTH - 2), "height": height, "class": "tint"})

    def draw(self, root: ET.Element) -> None:
        for lane, (moment, lines) in self.sides.items():
            self._say(root, lane, moment, lines)
        if self.row.arrow is not None:
            self._arrow(root, self.row.arrow)

    def _say(self, root: ET.Element, lane: int, moment: Moment, lines: list[str]) -> None:
        anchor = "end" if lane == 0 else "start"
        _add(root, "circle", {"cx": str(_LIFELINES[lane]), "cy": f"{self.middle:g}", "r": "3", "class": "dot"})
        if moment.step.line and moment.part != "end":
            place = {"x": _x(lane, 8), "y": f"{self.middle + 4:g}", "text-anchor": anchor}
            _add(root, "text", {**place, "class": "soft"}, str(moment.step.line))
        style = "bad" if moment.failed else "" if moment.step.name else "soft"
        for number, line in enumerate(lines):
            place = {"x": _x(lane, _NUMBER), "y": f"{self.middle + 4 + number * _LINE:g}", "text-anchor": anchor}
            _add(root, "text", {**place, "class": style} if style else place, line)

    def _arrow(self, root: ET.Element, to: int) -> None:
        start, end = (_LIFELINES[1 - to], _LIFELINES[to])
        way = 1 if end > start else -1
        y = f"{self.middle:g}"
        if self.row.lands:
            ends = {"x1": str(start + 4 * way), "x2": str(end - 9 * way), "y1": y, "y2": y}
            _add(root, "line", {**ends, "class": "go"})
            tip = f"{end - 4 * way},{y} {end - 12 * way},{self.middle - 4:g} {end - 12 * way},{self.middle + 4:g}"
            _add(root, "polygon", {"points": tip, "class": "tip"})
        else:
            stop = (start + end) // 2
            _add(root, "line", {"x1": str(start + 4 * way), "x2": str(stop), "y1": y, "y2": y, "class": "lost"})
            place = {"x": str(stop + 8 * way), "y": f"{self.middle + 4:g}", "text-anchor": "middle"}
            _add(root, "text", {**place, "class": "bad"}, "✗")
        data = next((moment.step.data for moment in self.row.moments if moment.step.data), "")
        label = data if len(data) <= _LABEL else f"{data[: _LABEL - 1]}…"
        place = {"x": str((start + end) // 2), "y": f"{self.middle - 5:g}", "text-anchor": "middle", "class": "soft"}
        _add(root, "text", place, label)


_LABEL = int((_LIFELINES[1] - _LIFELINES[0] - 20) / _CHARACTER)


def _waits(root: ET.Element, rows: list[_Placed], bottom: float) -> None:
    """Show each call that had to wait, from its beginning to where it came back."""
    ends = {moment.index: row.middle for row in rows for moment in row.row.moments if moment.part == "end"}
    for row in rows:
        for moment in row.row.moments:
            if moment.part == "begin":
                x = str(_LIFELINES[moment.lane])
                y2 = ends.get(moment.index, bottom)
                _add(root, "line", {"x1": x, "x2": x, "y1": f"{row.middle:g}", "y2": f"{y2:g}", "class": "wait"})


def _x(lane: int, distance: float) -> str:
    return f"{_LIFELINES[lane] - distance:g}" if lane == 0 else f"{_LIFELINES[lane] + distance:g}"


def _wrapped(moment: Moment) -> list[str]:
    text = printable(moment.said)
    return textwrap.wrap(text, fitting(text, _COLUMN), break_on_hyphens=False) or [""]


def _add(parent: ET.Element, tag: str, attributes: dict[str, str], text: str = "") -> None:
    element = ET.SubElement(parent, tag, attributes)
    if text:
        element.text = text if tag == "style" else printable(text)
