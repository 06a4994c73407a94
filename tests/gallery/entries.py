"""The gallery: programs as students write them, each with the exact result it must get in its first comments.

`read_gallery` finds them; `grade` runs the real command on one, `grade_all` the same on many, in less time;
`differences` says where what they gave and what was wanted part.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grading.arena import DEADLINE
from grading.classroom.grader import Nurseries
from grading.classroom.keys import checks_version
from grading.classroom.task import Manner, Task

ROOT = Path(__file__).parent.parent.parent
_FIELD = re.compile(r"#\s*(What|Cause|Line|Fails|Skips|Findings):\s*(.*)")
_CONTINUED = re.compile(r"#   +(.*)")


@dataclass(frozen=True)
class Entry:
    """One program, and what grading it must give."""

    path: Path
    program: str
    fair: bool
    what: str
    cause: str | None
    """Of its first failed check."""
    line: int | None
    """The line its first feedback must name, where one is at fault."""
    fails: Mapping[str, str]
    """Checks that fail, with their causes."""
    skips: frozenset[str]
    findings: frozenset[str]
    """Remarks that cost nothing. A broken program may get more."""

    @property
    def name(self) -> str:
        return f"{'fair' if self.fair else 'broken'}/{self.program}/{self.path.stem}"


def read_gallery() -> list[Entry]:
    """Read all entries, in the order of their names."""
    here = Path(__file__).parent
    return [_read(path) for kind in ("fair", "broken") for path in sorted((here / kind).glob("*/*.py"))]


def _read(path: Path) -> Entry:
    fields: dict[str, str] = {}
    last = ""
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := _FIELD.fullmatch(line.strip()):
            last = match[1]
            fields[last] = match[2].strip()
        elif last and (match := _CONTINUED.fullmatch(line.strip())):
            fields[last] += " " + match[1].strip()
        elif not line.startswith("#!"):
            break
    program = path.parent.name
    cause = fields.get("Cause")
    fails = dict(_with_cause(name, cause or "") for name in _names(fields.get("Fails", "")))
    return Entry(
        path=path,
        program=program,
        fair=path.parent.parent.name == "fair",
        what=fields.get("What", ""),
        cause=cause,
        line=int(fields["Line"]) if "Line" in fields else None,
        fails={f"{program}_{name}": its for name, its in fails.items()},
        skips=frozenset(f"{program}_{name}" for name in _names(fields.get("Skips", ""))),
        findings=frozenset(_names(fields.get("Findings", ""))),
    )


def _names(text: str) -> list[str]:
    return [name.strip().rstrip(".") for name in text.split(",") if name.strip() and name.strip() != "none"]


def _with_cause(name: str, cause: str) -> tuple[str, str]:
    bare, _, other = name.partition("=")
    return bare.strip(), other.strip() or cause


def grade(path: Path, program: str, *options: str) -> dict[str, Any]:
    """Grade one program as a student would, and give its ``results.json``."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(path, Path(folder, f"{program}.py"))
        return grade_submission(Path(folder), "-k", program, *options)


def grade_submission(submission: Path, *options: str) -> dict[str, Any]:
    """Run the real command on a folder, and give its ``results.json``."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder, "results.json")
        command = [sys.executable, "-m", "pytest", str(ROOT / "grading"), "-q", "-p", "no:cacheprovider"]
        command += ["--submission", str(submission), "--results", str(results), *options]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        if not results.exists():
            raise AssertionError(f"no results; the command ended with {done.returncode}:\n{done.stdout}\n{done.stderr}")
        read: dict[str, Any] = json.loads(results.read_text())
        return read


def grade_all(programs: Iterable[tuple[bytes, str]], isolation: str = "auto") -> Iterator[dict[str, Any]]:
    """Grade the texts of many programs, each given with its program's name; give their results in order.

    As those of a class, as many at a time as there are cores: pytest starts once for each core, and not for each
    program. What is said of the other programs, which nobody handed in, is left out.
    """
    nurseries, manner = Nurseries(), Manner(isolation, DEADLINE, checks_version())
    seed = random.SystemRandom().randrange(1_000_000)

    def graded(given: tuple[bytes, str]) -> dict[str, Any]:
        text, program = given
        task = Task({"id": program, "name": program, "file": program}, "", "", seed, manner)
        return _of_program(json.loads(nurseries.grade(_zipped(f"{program}.py", text), task)), program)

    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            yield from pool.map(graded, programs)
    finally:
        nurseries.close()


def _zipped(name: str, text: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, text)
    return packed.getvalue()


def _of_program(results: dict[str, Any], program: str) -> dict[str, Any]:
    """Keep of results what is said of one program, as ``-k`` would."""
    if not results["tests"]:
        raise AssertionError(f"nothing was graded: {results['output']}")
    tests = [test for test in results["tests"] if test["extra_data"]["program"] == program]
    score, most = (sum(test[name] for test in tests) for name in ("score", "max_score"))
    return {**results, "tests": tests, "score": score, "max_score": most}


def differences(entry: Entry, results: Mapping[str, Any]) -> list[str]:
    """Say in sentences where a grading is not what the entry's comments ask for."""
    tests: Sequence[Mapping[str, Any]] = results["tests"]
    about = {test["extra_data"]["check"]: test["extra_data"] for test in tests}
    found = {name: data["verdict"] for name, data in about.items()}
    wanted = (
        dict.fromkeys(found, "passed") | dict.fromkeys(entry.skips, "skipped") | dict.fromkeys(entry.fails, "failed")
    )
    told = [
        f"{name} is {found.get(name, 'no check')}, not {verdict}" + _why(about.get(name, {}))
        for name, verdict in wanted.items()
        if found.get(name) != verdict
    ]
    for name, cause in entry.fails.items():
        if found.get(name) == "failed" and about[name]["cause"] != cause:
            told.append(f"{name} failed for {about[name]['cause']}, not {cause}")
    failed = [data for data in about.values() if data["verdict"] == "failed"]
    if entry.line and failed and failed[0]["line"] != entry.line:
        told.append(f"the feedback names line {failed[0]['line']}, not {entry.line}")
    remarks = {finding["cause"] for data in about.values() for finding in data["findings"]}
    if not (entry.findings <= remarks and (remarks <= entry.findings or not entry.fair)):
        told.append(f"the findings are {sorted(remarks)}, not {sorted(entry.findings)}")
    return told


def _why(data: Mapping[str, Any]) -> str:
    return f" ({data['cause']}, line {data['line']})" if data.get("cause") else ""
