"""Gradescope: the autograder's zip, and its ``results.json`` where there is a grade and where there is none.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/. It asks for a score at the top or in each
test; a file without either is no grade, and Gradescope shows the submission as one that the autograder failed on.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from grading.platforms.archive import Entry
from grading.platforms.attempt import Attempt, attempt
from grading.platforms.contents import from_template, grader, programs
from grading.reports.files import write_whole

NEXT = "Upload it on Gradescope: Configure Autograder, base image Ubuntu 22.04 or newer. README.md in it says more."
_PATIENCE = 480.0
"""Seconds: Gradescope's own limit is 10 minutes unless an assignment says otherwise."""


def contents() -> list[Entry]:
    """Give the files of the zip; ``setup.sh`` and ``run_autograder`` stand at its root."""
    named = ", ".join(f"`{name}`" for name in programs())
    return [
        *grader(),
        *(from_template("gradescope", name, name) for name in ("setup.sh", "run_autograder")),
        from_template("gradescope", "README.md", "README.md", programs=named),
    ]


def results_of(made: Attempt) -> dict[str, Any]:
    """Give what ``results.json`` holds: a grade as it is, or words and no score at all."""
    if made.results is not None and not made.problem:
        return dict(made.results)
    return {
        "output": made.told,
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"complete": False, "problem": made.problem},
    }


def main(submission: Path, results: Path) -> int:
    """Grade; give 0 for a grade, and 1 for a file that says why there is none."""
    made = attempt(submission, _PATIENCE)
    write_whole(results, json.dumps(results_of(made), indent=2).encode("ascii"))
    if made.problem:
        print(f"This is no grade: {made.problem}.")
    return int(bool(made.problem))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
