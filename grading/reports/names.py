"""Names of people on one line, in the script that they are written in."""

from __future__ import annotations

import unicodedata

_ESCAPED = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, halves of characters, and what begins a line or a paragraph."""
_MISLEADING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
"""What turns the text around it, marks an order of bytes, or is no character."""


def legible(text: str) -> str:
    r"""Show text on one line, with what would break the line as an escape, such as ``\n``.

    Unlike ``visible``, it leaves what names need: the wide blank between Japanese names, the joiners in
    Persian and Hindi ones, letters that this Python does not know yet. What remains can stand in UTF-8 and in XML.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if _breaks(char) else char for char in text)


def _breaks(char: str) -> bool:
    return unicodedata.category(char) in _ESCAPED or char in _MISLEADING


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
