"""What is to be known about one cause, as lines for a terminal: the scorecard's look, without a grade."""

from __future__ import annotations

from collections.abc import Iterable

from grading.reports.page import Line, Page
from grading.reports.scorecard import MAX_WIDTH, MIN_WIDTH


def explained(
    slug: str,
    title: str,
    sections: Iterable[tuple[str, str, str]],
    *,
    width: int = MAX_WIDTH,
    unicode: bool = True,
) -> list[Line]:
    """Lay out a cause: each section has a heading, a text (a paragraph a line) and lines of code, or none.

    Width and ``unicode`` as for the scorecard.
    """
    page = Page(min(max(width, MIN_WIDTH), MAX_WIDTH), ascii_only=not unicode)
    page.line((slug, "title"))
    page.paragraph(f"{title}.")
    for heading, text, code in sections:
        page.gap()
        page.line((heading, "title"))
        for paragraph in text.split("\n"):
            page.paragraph(paragraph, 2, hanging=2 if "\n" in text else 0)
        for line in code.split("\n") if code else ():
            page.paragraph(line, 6, "source")
    page.gap()
    return page.lines
