"""How long grading takes, and what it needs: ``make bench``, or ``python -m tests.bench [single|classes|peers]``.

What is compared is measured in one run, by runs that take turns, so that a machine that slows down slows all of them.
The times of one machine say little about another's; the ratios travel.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence

from tests.bench import classes, peers, single
from tests.bench.figures import Size

PARTS: Mapping[str, Callable[[Size], list[bool]]] = {
    "single": single.measure,
    "classes": classes.measure,
    "peers": peers.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for, or everything; print tables, and end with 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure how long grading takes.")
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART",
                        help=f"{', '.join(PARTS)} (default: all)")  # fmt: skip
    parser.add_argument("--students", type=AtLeast(2), default=Size.students, metavar="N",
                        help="of a class (default: %(default)s)")  # fmt: skip
    parser.add_argument("--rounds", type=AtLeast(1), default=Size.rounds, metavar="N",
                        help="in which runs of a class take turns (default: %(default)s)")  # fmt: skip
    parser.add_argument("--long", action="store_true", help="grade a class ten times as large, too")
    asked = parser.parse_args(arguments)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling all modules at every start is not what is measured
    size = Size(asked.students, asked.rounds, asked.long)
    met = []
    for part in asked.parts or PARTS:
        print(f"== {part}", flush=True)
        try:
            met += PARTS[part](size)
        except RuntimeError as problem:
            print(f"not measured to its end: {problem}")
            met.append(False)
    return 0 if all(met) else 1


def _part(text: str) -> str:
    if text not in PARTS:
        raise argparse.ArgumentTypeError(f'"{text}" is none of {", ".join(PARTS)}')
    return text


class AtLeast:
    """A whole number, and not too small a one."""

    def __init__(self, least: int) -> None:
        self.least = least

    def __call__(self, text: str) -> int:
        if not text.isdecimal() or int(text) < self.least:
            raise argparse.ArgumentTypeError(f'"{text}": give a number of at least {self.least}')
        return int(text)


if __name__ == "__main__":
    sys.exit(main())
