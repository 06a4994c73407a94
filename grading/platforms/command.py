"""``python -m grading package gradescope|classroom|prairielearn``: writes what is uploaded there, as a zip."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grading.platforms import classroom, gradescope, prairielearn
from grading.platforms.archive import zipped
from grading.platforms.contents import NotPackable
from grading.reports.files import write_whole

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001  argparse gives it no public name

PLATFORMS = {"gradescope": gradescope, "classroom": classroom, "prairielearn": prairielearn}
USAGE_ERROR = 2


def add_arguments(subparsers: Subparsers) -> None:
    """Add the command to those of ``python -m grading``; what was typed is run by its ``main``."""
    parser = subparsers.add_parser(
        "package",
        help="write the autograder for Gradescope, GitHub Classroom or PrairieLearn",
        description="Write the autograder for a platform, as a zip with a README in it that says where it goes.",
    )
    parser.add_argument("platform", choices=PLATFORMS)
    parser.add_argument("--out", metavar="PATH", help="the zip to write (default: socket-labs-PLATFORM.zip)")
    parser.set_defaults(main=main)


def main(args: argparse.Namespace) -> int:
    """Write the package; give 0, or 2 where it could not be written."""
    platform = PLATFORMS[args.platform]
    path = Path(args.out or f"socket-labs-{args.platform}.zip")
    if path.suffix.lower() != ".zip" or path.is_dir():  # a slip must not replace somebody's file
        return _refuse(f"--out: {path} cannot be written: name a file that ends in .zip, in a folder that exists")
    try:
        entries = platform.contents()
    except NotPackable as problem:
        return _refuse(str(problem))
    try:
        write_whole(path, zipped(entries))
    except OSError as error:
        return _refuse(f"--out: {path} cannot be written ({error.strerror})")
    print(f"Wrote {path} ({len(entries)} files). {platform.NEXT}")
    return 0


def _refuse(why: str) -> int:
    print(f"python -m grading package: {why}", file=sys.stderr)
    return USAGE_ERROR
