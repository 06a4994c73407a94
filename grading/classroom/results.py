"""The results of one student of a class: Gradescope's format, and what a class adds in ``extra_data``.

``student``, ``status``, ``notes``, ``key`` and ``content`` (hashes, see `grading.classroom.keys`), and ``sources``, the
programs as they were handed in, so that every report can be made from this alone.
"""

from __future__ import annotations

import io
import tokenize
from collections.abc import Mapping
from typing import Any

from grading.classroom.task import Task
from grading.reports import visible
from grading.reports.gradescope import FORMAT, to_json
from grading.reports.rows import Status
from grading.results import SubmissionResult


def graded(task: Task, result: SubmissionResult, sources: Mapping[str, bytes]) -> dict[str, Any]:
    """Give the results of a submission whose checks were run; ``sources`` are its programs, by their names."""
    results: dict[str, Any] = to_json(result)
    about = _about(task, "graded" if result.complete else "incomplete", result.notes)
    results["extra_data"] = {**results["extra_data"], **about, "sources": _texts(sources)}
    return results


def ungraded(task: Task, status: Status, max_score: float, *notes: str) -> dict[str, Any]:
    """Give the results of a student of whom nothing could be graded."""
    about = _about(task, status, notes)
    return {
        "score": 0,
        "max_score": max_score,
        "execution_time": 0,
        "output": "\n".join(about["notes"]),
        "output_format": "text",
        "visibility": "visible",
        "tests": [],
        "extra_data": {
            "format": FORMAT,
            "isolation": "",
            "complete": status != "incomplete",
            "seed": task.seed,
            **about,
            "sources": {},
        },
    }


def _about(task: Task, status: Status, notes: tuple[str, ...]) -> dict[str, Any]:
    every = dict.fromkeys(visible(note) for note in (*task.notes, *notes))
    return {
        "student": dict(task.student),
        "status": status,
        "notes": [*every],
        "key": task.key,
        "content": task.content,
    }


def _texts(sources: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    return {name: {"file": f"{name}.py", "text": _text(source)} for name, source in sources.items()}


def _text(source: bytes) -> str:
    """Read a program as Python would; where it could not, as much of it as there is."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        return source.decode(encoding, "replace")
    except (SyntaxError, LookupError, ValueError):
        return source.decode("utf-8", "replace")
