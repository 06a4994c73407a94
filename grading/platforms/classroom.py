"""GitHub Classroom: a workflow with one step for each check, and what those steps run.

The grader runs once and writes ``results.json``; the step of a check reads it and gives its outcome to Classroom's
reporter, as the graders that GitHub has made do: base64 of JSON in the step's output ``result``. What the reporter
reads, and what the workflow and its job must be called: https://github.com/classroom-resources/autograding-grading-reporter.
"""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from grading.platforms.archive import Entry
from grading.platforms.attempt import attempt
from grading.platforms.contents import from_template, grader
from grading.reports import points
from grading.reports.files import write_whole

NEXT = "Unzip it at the root of the assignment's template repository. .github/socket-labs/README.md in it says more."
_FOLDER = ".github/socket-labs/"
_SCRIPTS = ("setup.sh", "grade.sh", "check.sh", "README.md")
_PATIENCE = 600.0
_LONGEST = 2_000
"""Characters of a message for the reporter, which gets those of all checks in its environment; the step shows all."""
_STATUS = {"passed": "pass", "failed": "fail", "skipped": "fail", "error": "error"}


def contents() -> list[Entry]:
    """Give the files, where they stand in a repository."""
    return [
        *grader(_FOLDER),
        *(from_template("classroom", name, _FOLDER + name) for name in _SCRIPTS),
        Entry(".github/workflows/classroom.yml", workflow().encode()),
    ]


def workflow() -> str:
    """Write the workflow: a step for each check of the rubric, named and worth what it is there."""
    from grading.platforms.checklist import checklist  # noqa: PLC0415  pytest delays every step of the workflow by 0.2 s

    checks = checklist()
    steps, results = [], []
    for check in checks:
        worth = f"{points(check.points)} point{'' if check.points == 1 else 's'}"
        name = json.dumps(f"{check.program}: {check.title} ({worth})", ensure_ascii=False)  # a JSON string is YAML's
        steps += [f"      - name: {name}", f"        id: {check.name}"]
        steps += [f"        run: bash .github/socket-labs/check.sh {check.name}"]
        results += [f"          {check.name.upper()}_RESULTS: ${{{{ steps.{check.name}.outputs.result }}}}"]
    runners = ",".join(check.name for check in checks)
    frame = from_template("classroom", "classroom.yml", "").data.decode()
    for mark, text in (("STEPS", "\n".join(steps)), ("RESULTS", "\n".join(results)), ("RUNNERS", runners)):
        frame = frame.replace(f"@{mark}@", text)
    return frame


def grade(submission: Path, folder: Path) -> int:
    """Grade once, for all steps. Give 0 for a grade, and 1 otherwise: then no step after this one reports any."""
    folder.mkdir(parents=True, exist_ok=True)
    with no_commands():
        made = attempt(submission, _PATIENCE)
        if made.results is None or made.problem:
            print(made.told)
            _summarise(f"**Not graded.** {made.problem}")
            return 1
    write_whole(folder / "results.json", json.dumps(made.results).encode("ascii"))
    _summarise(_table(made.results))
    return 0


def check(name: str, folder: Path) -> int:
    """Say how one check ended, to whoever reads the step and to Classroom's reporter; give 0 if that was known."""
    results = json.loads((folder / "results.json").read_bytes())
    found = [test for test in results["tests"] if test["extra_data"]["check"] == name]
    if not found:
        print(f"There is no check {name} in the results: write the workflow anew with this grader's package command.")
        return 1
    test = found[0]
    with no_commands():
        print(f"{points(test['score'])} of {points(test['max_score'])} points: {test['extra_data']['verdict']}")
        print(test["output"], end="\n" if test["output"] else "")
    _append("GITHUB_OUTPUT", f"result={base64.b64encode(json.dumps(outcome(test)).encode()).decode()}")
    return 0


def outcome(test: Mapping[str, Any]) -> dict[str, Any]:
    """Give one check in the form that Classroom's reporter reads."""
    status = _STATUS[test["extra_data"]["verdict"]]
    one = {
        "name": test["name"],
        "status": status,
        "score": test["score"],
        "message": test["output"][:_LONGEST],
        "test_code": "",
        "filename": "",
        "line_no": test["extra_data"]["line"] or 0,
        "duration": round(1000 * test["extra_data"]["seconds"]),
    }
    return {"version": 1, "status": status, "max_score": test["max_score"], "tests": [one]}


@contextmanager
def no_commands() -> Iterator[None]:
    """Have GitHub take what is printed for text: a line from a program could be a command to the runner."""
    token = os.urandom(16).hex()
    print(f"::stop-commands::{token}", flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", flush=True)


def _table(results: Mapping[str, Any]) -> str:
    rows = ["| program | check | points |", "| --- | --- | --- |"]
    for test in results["tests"]:
        program, _, title = test["name"].partition(": ")
        rows += [f"| {program} | {title} | {points(test['score'])} / {points(test['max_score'])} |"]
    return "\n".join([*rows, "", f"**{points(results['score'])} of {points(results['max_score'])} points**"])


def _summarise(text: str) -> None:
    _append("GITHUB_STEP_SUMMARY", text)


def _append(variable: str, text: str) -> None:
    """Add a line to a file of the runner's, where there is a runner."""
    if path := os.environ.get(variable):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")


def main(arguments: list[str]) -> int:
    """Run ``grade SUBMISSION FOLDER`` or ``check NAME FOLDER``."""
    step, what, folder = arguments
    return grade(Path(what), Path(folder)) if step == "grade" else check(what, Path(folder))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
