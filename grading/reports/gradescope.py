"""``results.json`` as Gradescope reads it, and as everything else here that shows grades is made from.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format. Gradescope knows
two statuses; the four verdicts are in ``extra_data``, and ``complete`` is false there where the grader
itself broke, so that the score is a lower bound and no final grade.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from grading.reports import count, explanation, points, visible
from grading.reports.files import write_whole
from grading.results import CheckResult, SubmissionResult, Verdict

FORMAT = 1


def to_json(result: SubmissionResult) -> dict[str, object]:
    """Turn a result into the object that ``results.json`` holds: plain JSON types, nothing unprintable."""
    return {
        "score": _number(result.score),
        "max_score": _number(result.max_score),
        "execution_time": round(sum(check.seconds for check in result.checks), 3),
        "output": _summary(result),
        "output_format": "text",
        "visibility": "visible",
        "tests": [_test(check, result) for check in result.checks],
        "extra_data": {
            "format": FORMAT,
            "isolation": result.isolation,
            "complete": result.complete,
            "seed": result.seed,
        },
    }


def write_results(result: SubmissionResult, path: Path) -> None:
    """Write ``results.json``, whole or not at all: no reader ever sees half of it.

    Raises ``OSError`` where it cannot be written; an older file is then still there, untouched.
    """
    text = json.dumps(to_json(result), indent=2) + "\n"
    write_whole(path, text.encode("ascii"))


def _test(check: CheckResult, result: SubmissionResult) -> dict[str, object]:
    feedback = check.feedback if check.verdict is Verdict.FAILED else None
    cause = feedback.cause if feedback else None
    return {
        "name": visible(f"{check.program}: {check.title}"),
        "number": check.number,
        "score": _number(check.points),
        "max_score": _number(check.max_points),
        "status": "passed" if check.verdict is Verdict.PASSED else "failed",
        "output": "\n".join(explanation(check, result)),
        "output_format": "text",
        "tags": [tag for tag in (check.program, cause) if tag is not None],
        "visibility": "visible",
        "extra_data": {
            "program": check.program,
            "check": check.check,
            "verdict": check.verdict.value,
            "cause": cause,
            "line": feedback.line if feedback else None,
            "findings": [
                {"cause": finding.cause, "line": finding.line, "text": visible(finding.text)}
                for finding in check.findings
            ],
            "seconds": round(check.seconds, 4),
            **({"runs": asdict(feedback.runs)} if feedback and feedback.runs else {}),
        },
    }


def _summary(result: SubmissionResult) -> str:
    broken = sum(check.verdict is Verdict.ERROR for check in result.checks)
    first = f"{points(result.score)} of {points(result.max_score)} points."
    if broken:
        first += f" Not final: the grader itself broke in {count(broken, 'check')}; no points are lost by that."
    if result.stopped:
        first += " Not final: the run stopped before all checks were made."
    return "\n".join([first, *(visible(note) for note in result.notes)])


def _number(value: float) -> float:
    """Round away what binary fractions add up to; whole points are whole numbers."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded
