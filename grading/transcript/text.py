"""A conversation as text: two columns, arrows between them, the step that failed marked."""

from __future__ import annotations

import textwrap

from grading.transcript.conversation import Conversation
from grading.transcript.moments import Moment, Row, fitting, printable, rows_of, width_of

WIDTH = 80
_ARROWS = {True: ("◀", "─", "▶", "✗"), False: ("<", "-", ">", "x")}
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
    left, right = (page.name(name) for name in conversation.lanes)
    lines = [page.joined(left, "", right)]
    half = len(conversation.steps) // 2
    for row in rows_of(conversation):
        if conversation.left_out and row.moments[0].index >= half:
            lines.append(page.shown(f"  … {conversation.left_out} more steps …"))
            half = len(conversation.steps)
        lines += page.row(row)
    return [line.rstrip() for line in lines]


class _Columns:
    def __init__(self, column: int, *, unicode: bool) -> None:
        self.column = column
        self.unicode = unicode
        self.left, self.line, self.right, self.failed = _ARROWS[unicode]

    def shown(self, text: str) -> str:
        """Show any text with what the terminal can print."""
        if self.unicode:
            return printable(text)
        return printable(text.replace("…", "...")).encode("ascii", "backslashreplace").decode()

    def name(self, text: str) -> str:
        """Show what heads a column."""
        shown = self.shown(text)
        return (" " * _NUMBER + shown)[: fitting(shown, self.column - 1)]

    def joined(self, left: str, gutter: str, right: str, mark: str = "") -> str:
        left += " " * (self.column - width_of(left))
        return f"{mark:{_MARGIN}}{left}{gutter:^{_GUTTER}} {right}"

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
        line = self.line * (_GUTTER - 3)
        tip = (self.line + (self.right if row.arrow else self.left)) if row.lands else self.failed
        return f"{line}{tip}" if row.arrow else f"{tip[::-1]}{line}"

    def _side(self, moment: Moment | None) -> list[str]:
        if moment is None:
            return []
        number = str(moment.step.line) if moment.step.line and moment.part != "end" else ""
        said = self.shown(moment.said)
        return textwrap.wrap(
            said,
            fitting(said, self.column - (moment.lane == 0)),  # a blank before what comes beside it
            initial_indent=f"{number:>{_NUMBER - 1}} ",
            subsequent_indent=" " * (_NUMBER + 2),
            break_on_hyphens=False,
        ) or [f"{number:>{_NUMBER - 1}}"]
