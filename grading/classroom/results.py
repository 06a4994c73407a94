"""The results of one student of a class: Gradescope's format, and what a class adds in ``extra_data``."""

from __future__ import annotations

import io
import tokenize
from typing import Any

from grading.classroom.task import Task
from grading.reports import points, visible
from grading.reports.gradescope import to_json
from grading.results import SubmissionResult
from grading.submission import Submission


def graded(task: Task, result: SubmissionResult, submission: Submission) -> dict[str, Any]:
    """Give the results of a submission that was graded."""
    results = to_json(result)
    results["extra_data"] = {**results["extra_data"], **_about(task, "graded" if result.complete else "incomplete",
        *result.notes), "sources": sources_of(submission)}
    return results


def unreadable(task: Task, problem: str, max_score: float) -> dict[str, Any]:
    return {}


def _about(task: Task, status: str, *notes: str) -> dict[str, Any]:
    """Give what a class adds, for any status."""
    return {
        "student": dict(task.student),
        "status": status,
        "notes": [visible(note) for note in (*task.notes, *notes)],
        "key": task.key,
    }


def sources_of(submission: Submission) -> dict[str, dict[str, str]]:
    """Give the programs as they were handed in, with the names they had."""
    sources = {}
    for name, found in submission.programs.items():
        if found.path is not None:
            sources[name] = {"file": f"{name}.py", "text": _text(found.path.read_bytes())}
    return sources


def _text(source: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding, "replace")
    except (SyntaxError, LookupError, ValueError):
        return source.decode("utf-8", "replace")
