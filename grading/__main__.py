"""``python -m grading COMMAND``: what is more than the grading of one submission, which is ``pytest grading``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from grading.classroom import command as classroom
from grading.platforms import command as package


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; give its exit status."""
    parser = argparse.ArgumentParser(prog="python -m grading", description="Socket Labs, for whole classes.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    classroom.add_arguments(subparsers)
    package.add_arguments(subparsers)
    args = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = args.main
    return run(args)


if __name__ == "__main__":
    sys.exit(main())
