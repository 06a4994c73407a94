"""One grading where a platform asked for it: its results, or why there are none."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.reports import visible

_TOP = Path(__file__).parents[2]
ISOLATION = "SOCKET_LABS_ISOLATION"
"""Environment variable: how programs are kept apart, as for ``--isolation``. ``none`` has to be said."""
PATIENCE = "SOCKET_LABS_SECONDS"
"""Environment variable: seconds after which a grading is given up, so that there is time to say so."""

_GRADES = (0, 1)
_REFUSED = 4
_ENDS_WITHIN = 8.0
KIND = (
    "Your work arrived, but the grader itself could not finish grading it. This costs you no points and is "
    "not a grade. Please tell your instructor."
)
"""What a student reads where there is no grade."""


@dataclass(frozen=True)
class Attempt:
    """What came out of one grading."""

    results: Mapping[str, Any] | None
    """As ``results.json`` holds them; ``None`` where there are none that can be trusted."""
    problem: str = ""
    """Why this is no grade, in a sentence; empty for a grade."""

    @property
    def told(self) -> str:
        """What a student reads where this is no grade: that, why, and the checks that were made all the same."""
        said = [KIND, f"The reason: {self.problem}"]
        for test in self.results["tests"] if self.results else ():
            said += ["", f"{test['number']} {test['name']}: {test['extra_data']['verdict']}"]
            said += [f"    {line}" for line in test["output"].split("\n") if line]
        return "\n".join(said)


def attempt(submission: Path, patience: float) -> Attempt:
    """Grade a submission; the scorecard goes to stdout, which is the instructor's.

    At most ``patience`` seconds, unless the environment says otherwise. Whatever happens is in what is returned.
    """
    patience = float(os.environ.get(PATIENCE) or patience)
    isolation = os.environ.get(ISOLATION) or "auto"
    with tempfile.TemporaryDirectory(prefix="socketlabs-") as folder:
        path = Path(folder) / "results.json"
        command = [sys.executable, "-m", "pytest", "grading", "-p", "no:cacheprovider", "--isolation", isolation]
        command += ["--submission", str(submission), "--results", str(path)]
        print(f"Grading {submission}", flush=True)
        # A file, not a pipe: nobody waits for the end of a program that outlived its grading and holds the other end.
        with (Path(folder) / "stderr").open("w+b") as complaints:
            process = subprocess.Popen(command, cwd=_TOP, stdin=subprocess.DEVNULL, stderr=complaints)
            try:
                status = process.wait(patience)
            except subprocess.TimeoutExpired:
                _end(process)
                return Attempt(None, f"the grading took longer than {patience:g} seconds and was ended")
            complaints.seek(0)
            said = complaints.read().decode("utf-8", "replace")
        print(said, flush=True)
        return _judged(status, said, _read(path), isolation)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a grading: as Ctrl+C does, so that it ends its programs and takes its folders away; by force if need be."""
    if os.name == "posix":
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_ENDS_WITHIN)
    process.kill()
    process.wait()


def _judged(status: int, said: str, results: Mapping[str, Any] | None, isolation: str) -> Attempt:
    """Tell a grade from what is none."""
    if status == _REFUSED:
        errors = [line.removeprefix("ERROR: ") for line in said.splitlines() if line.startswith("ERROR: ")]
        return Attempt(None, visible(errors[0]) if errors else "the grader refused to start")
    if results is None or not results["tests"]:
        return Attempt(None, f"the grader ended with status {status} and left no results")
    level = results["extra_data"]["isolation"]
    if level == "none" != isolation:  # as root, on the machine that holds the results
        return Attempt(None, f"the programs were not kept apart from the grader here ({ISOLATION}=none allows that)")
    if status not in _GRADES or not results["extra_data"]["complete"]:
        return Attempt(results, "the grader broke in some checks (they say error below)")
    return Attempt(results)


def _read(path: Path) -> Mapping[str, Any] | None:
    try:
        results: Mapping[str, Any] = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return results
