"""A conversation as text: two columns, arrows between them, the step that failed marked."""

from __future__ import annotations

import textwrap

from grading.transcript.conversation import Conversation
from grading.transcript.moments import Moment, Row, rows_of

WIDTH = 80
_ARROWS = {True: ("◀", "─", "▶", "✗", "┊"), False: ("<", "-", ">", "x", ":")}
_GUTTER = 7
_MARGIN = 2
_NUMBER = 4


def draw(conversation: Conversation, width: int = WIDTH, *, unicode: bool = True) -> str:
    """Draw it in ``width`` columns (at least 60), ASCII alone where ``unicode`` is false."""
    return "\n".join(lines_of(conversation, width, unicode=unicode)) + "\n"


def lines_of(conversation: Conversation, width: int = WIDTH, *, unicode: bool = True) -> list[str]:
    """Give the lines of the drawing."""
    column = (max(width, 60) - _MARGIN - _GUTTER - 1) // 2
    page = _Columns(column, unicode=unicode)
    left, right = conversation.lanes
    lines = [page.joined(f"{' ' * _NUMBER}{left}", "", f"{' ' * _NUMBER}{right}")]
    half = len(conversation.steps) // 2
    for row in rows_of(conversation):
        if conversation.left_out and row.moments[0].index >= half:
            lines.append(
                f"  … {conversation.left_out} more steps …" if unicode else f"  ... {conversation.left_out} more"
            )
            half = len(conversation.steps)
        lines += page.row(row)
    return [line.rstrip() for line in lines]


class _Columns:
    def __init__(self, column: int, *, unicode: bool) -> None:
        self.column = column
        self.left, self.line, self.right, self.failed, self.waits = _ARROWS[unicode]

    def joined(self, left: str, gutter: str, right: str, mark: str = "") -> str:
        return f"{mark:{_MARGIN}}{left:{self.column}}{gutter:^{_GUTTER}} {right}"

    def row(self, row: Row) -> list[str]:
        sides = [self._side(row.of(lane)) for lane in (0, 1)]
        marked = any(moment.failed for moment in row.moments)
        lines = []
        for number in range(max(map(len, sides))):
            left, right = (side[number] if number < len(side) else "" for side in sides)
            gutter = self._gutter(row) if number == 0 else ""
            lines.append(self.joined(left, gutter, right, self.failed if marked and number == 0 else ""))
        return lines

    def _gutter(self, row: Row) -> str:
        if row.arrow is None:
            return ""
        line = self.line * (_GUTTER - 2)
        if not row.lands:
            line = line[:-1] + self.failed if row.arrow else self.failed + line[1:]
            return f"{line}" if row.arrow else line
        return line + self.right if row.arrow else self.left + line

    def _side(self, moment: Moment | None) -> list[str]:
        if moment is None:
            return []
        number = str(moment.step.line) if moment.step.line and moment.part != "end" else ""
        lines = textwrap.wrap(moment.said, self.column - _NUMBER, subsequent_indent="  ", break_on_hyphens=False) or [
            ""
        ]
        return [f"{number:>{_NUMBER - 1}} {lines[0]}", *(" " * _NUMBER + line for line in lines[1:])]
