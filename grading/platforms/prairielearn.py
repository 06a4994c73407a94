"""PrairieLearn: a question with an external grader, and the results in PrairieLearn's form.

The form: https://prairielearn.readthedocs.io/en/latest/externalGrading/#grading-results. ``gradable`` is false where
there is no grade: then no points are given or taken, and no attempt is used up.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grading.platforms.archive import Entry
from grading.platforms.attempt import Attempt, attempt
from grading.platforms.contents import from_template, grader, programs, requirements
from grading.reports.files import write_whole

NEXT = "Unzip it in the course's folder. questions/socket_labs/README.md in it says how to build the image."
_QUESTION = "questions/socket_labs/"
_SECONDS = 300
_PATIENCE = _SECONDS - 20.0
_MOST_BYTES = 900_000
"""PrairieLearn reads at most 1 MB."""
_LONGEST = 100_000


def contents() -> list[Entry]:
    """Give the files of the question, where they stand in a course."""
    return [
        *grader(f"{_QUESTION}tests/socket-labs/"),
        from_template("prairielearn", "run.sh", f"{_QUESTION}tests/run.sh"),
        from_template("prairielearn", "info.json", f"{_QUESTION}info.json", seconds=str(_SECONDS)),
        from_template("prairielearn", "question.html", f"{_QUESTION}question.html", programs=",".join(programs())),
        from_template("prairielearn", "README.md", f"{_QUESTION}README.md"),
        from_template("prairielearn", "Dockerfile", f"{_QUESTION}image/Dockerfile"),
        Entry(f"{_QUESTION}image/requirements.txt", requirements().encode()),
    ]


def results_of(made: Attempt) -> dict[str, Any]:
    """Give what PrairieLearn's ``results.json`` holds."""
    if made.results is None or made.problem:
        return {
            "gradable": False,
            "format_errors": [made.told.partition("\n\n")[0]],
            "output": _cut(made.told, _LONGEST),
        }
    return {
        "gradable": True,
        "score": made.results["score"] / made.results["max_score"],
        "message": made.results["output"],
        "tests": [_test(test) for test in made.results["tests"]],
    }


def _test(test: Mapping[str, Any]) -> dict[str, Any]:
    verdict = test["extra_data"]["verdict"]
    return {
        "name": f"{test['number']} {test['name']}",
        "points": test["score"],
        "max_points": test["max_score"],
        "message": "Not run." if verdict == "skipped" else f"{verdict.capitalize()}.",
        "output": test["output"],
    }


def packed(results: Mapping[str, Any]) -> bytes:
    """Write results as JSON that PrairieLearn takes: texts are cut, the longest first, where it would be too long."""
    most = max((len(test["output"]) for test in results.get("tests", ())), default=0)
    while len(data := json.dumps(results, indent=1).encode("ascii")) > _MOST_BYTES and most:
        most //= 2
        shorter = [{**test, "output": _cut(test["output"], most)} for test in results["tests"]]
        results = {**results, "tests": shorter}
    return data


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]} … (cut: too long for PrairieLearn)"


def main(submission: Path, results: Path) -> int:
    """Grade; give 0 for a grade, and 1 for a file that says why there is none."""
    made = attempt(submission, _PATIENCE)
    write_whole(results, packed(results_of(made)))
    if made.problem:
        print(f"This is no grade: {made.problem}.")
    return int(bool(made.problem))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
