"""How values of a run stand in a sentence: whatever they hold, they are short and printable."""

from __future__ import annotations

SHOWN = 160
"""Characters of a value that are kept in a sentence; longer ones are cut in the middle."""


def shown(text: str, limit: int = SHOWN) -> str:
    """Give ``text`` on one line, with everything unprintable escaped, cut in the middle."""
    if len(text) > limit:
        half = limit // 2
        text = f"{text[:half]} … {text[-half:]}"
    return "".join(char if char.isprintable() else _escaped(char) for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def code(text: str) -> str:
    """Give a piece of the student's program as it stands in a sentence."""
    return f"`{shown(text, 80)}`"


def sentences(*parts: str) -> str:
    """Join sentences: each ends with a stop, empty ones are left out, none is said twice."""
    said: list[str] = []
    for part in parts:
        text = shown(part.strip(), 1000)
        if not text:
            continue
        if not text.endswith((".", "?", ":", "…")):
            text += "."
        if text not in said:
            said.append(text)
    return " ".join(said)


def the_line(line: int | None) -> str:
    """Name a line where it begins a sentence."""
    return f"Line {line}" if line else "The program"


def on_line(line: int | None) -> str:
    """Say where, behind something else; nothing where the line is not known."""
    return f" on line {line}" if line else ""
