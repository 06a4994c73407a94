"""``python -m grading class`` and ``python -m grading merge``: what people type, and what they are told."""

from __future__ import annotations

import argparse
import math
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from grading.classroom.shards import Shard, shard
from grading.reports import visible

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  argparse gives it no public name

LEVELS = ("auto", "bwrap", "user", "none")
"""Those of ``pytest grading``; a test holds that. Importing them takes longer than to say what is wrong."""
_T = TypeVar("_T")


def add_arguments(subparsers: Subparsers) -> None:
    """Add the commands to those of ``python -m grading``; what was typed is run by their ``main``."""
    _add_class(subparsers)
    _add_merge(subparsers)


def _add_class(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "class",
        help="grade a whole class",
        description="Grade the submissions of a class, as `pytest grading` grades one. Run again with the same --out, "
        "it grades only what has changed or is not done yet.",
    )
    parser.add_argument("submissions", type=_path, metavar="SUBMISSIONS",
                        help="a folder, or one zip, as Canvas, Moodle, nbgrader or GitHub Classroom give it, or any "
                        "with a folder, a zip or files for each student")  # fmt: skip
    _add_out(parser)
    parser.add_argument("--roster", type=_path, metavar="CSV", help="who is in the class: adds who handed in nothing")
    _add_forms(parser)
    parser.add_argument("--workers", type=_workers, metavar="N", help="gradings at a time (default: one for each core)")
    parser.add_argument("--cluster", metavar="ADDRESS", help="have a Dask cluster grade: tcp://HOST:8786")
    parser.add_argument("--shard", type=_shard, default=Shard(), metavar="K/N",
                        help="grade one of N parts of the class; `merge` joins them")  # fmt: skip
    parser.add_argument("--fresh", action="store_true", help="grade everybody again")
    parser.add_argument("--isolation", choices=LEVELS, default="auto",
                        help="how programs are kept apart (default: auto, the best there is; none only where it is "
                        "said here)")  # fmt: skip
    parser.add_argument("--seed", type=int, help="seed of the words that are typed and sent (default: drawn once)")
    parser.add_argument("--deadline", type=_seconds, default=5.0, metavar="SECONDS",
                        help="for a program that computes or sleeps, at each step (default: 5)")  # fmt: skip
    parser.set_defaults(main=_class)


def _add_merge(subparsers: Subparsers) -> None:
    parser = subparsers.add_parser(
        "merge",
        help="join the parts of a class that were graded with --shard",
        description="Join what `python -m grading class --shard K/N` wrote, and write the reports of them all.",
    )
    parser.add_argument("parts", type=_path, nargs="+", metavar="DIR", help="the --out of a part")
    _add_out(parser)
    _add_forms(parser)
    parser.set_defaults(main=_merge)


def _add_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=_path, required=True, metavar="DIR", help="folder for results and reports")


def _add_forms(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--canvas", type=_path, metavar="CSV", help="fill in this export of a Canvas gradebook")
    parser.add_argument(
        "--assignment", metavar="NAME", help="which of its columns gets the score, where there are several"
    )
    parser.add_argument("--moodle", type=_path, metavar="CSV", help="fill in this grading worksheet of Moodle")


def _class(args: argparse.Namespace) -> int:
    from grading.classroom.run import grade_class  # noqa: PLC0415  takes longer than to say what is wrong

    return grade_class(args)


def _merge(args: argparse.Namespace) -> int:
    from grading.classroom.merging import merge_parts  # noqa: PLC0415  as above

    return merge_parts(args)


def _typed(why: str) -> Callable[[Callable[[str], _T]], Callable[[str], _T]]:
    """Say what was expected where a value cannot be read."""

    def reading(read: Callable[[str], _T]) -> Callable[[str], _T]:
        def checked(text: str) -> _T:
            try:
                return read(text)
            except ValueError:
                raise argparse.ArgumentTypeError(f'"{visible(text)}": {why}') from None

        return checked

    return reading


@_typed("it is empty, so name a path")
def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError(text)
    return Path(text)


@_typed("give a number of at least 1")
def _workers(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


@_typed("give a number of seconds greater than 0")
def _seconds(text: str) -> float:
    if not 0 < float(text) < math.inf:
        raise ValueError(text)
    return float(text)


@_typed("give a part and how many there are, such as 3/16")
def _shard(text: str) -> Shard:
    return shard(text)


def refuse(command: str, why: str) -> int:
    """Say in a sentence what is wrong with a command line; give the exit status."""
    print(f"python -m grading {command}: {why}", file=sys.stderr)
    return 2


def cores() -> int:
    """Count the cores that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
