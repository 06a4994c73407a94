"""Classes for the tests of grading them: small ones, and the command as it is typed."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.gallery.entries import ROOT

LABS = {"udp_server": "lab1_udp", "udp_client": "lab1_udp", "tcp_server": "lab2_tcp", "tcp_client": "lab2_tcp"}
OF_OUR_OWN = re.compile(r'Traceback|INTERNALERROR|File "')
"""What no output may show: the inside of the grader."""
_PORT = re.compile(r"\b[1-9][0-9]{4}\b")


def solution(program: str) -> str:
    return (ROOT / "solutions" / LABS[program] / f"{program}.py").read_text(encoding="utf-8")


def skeleton(program: str) -> str:
    return (ROOT / "labs" / LABS[program] / f"{program}.py").read_text(encoding="utf-8")


def hand_in(folder: Path, student: str, **programs: str) -> None:
    """Have a student hand in programs, by their names; what is not given is not handed in."""
    (folder / student).mkdir(parents=True, exist_ok=True)
    for program, text in programs.items():
        (folder / student / f"{program}.py").write_text(text, encoding="utf-8")


def small_class(folder: Path) -> Path:
    """Make a class of five, each quick to grade, with five different scores."""
    folder.mkdir(parents=True, exist_ok=True)
    hand_in(folder, "amy", udp_server=solution("udp_server"))
    hand_in(folder, "ben", udp_client=solution("udp_client"), tcp_server="import socket\n")
    hand_in(folder, "cem", tcp_server=solution("tcp_server"), udp_server=skeleton("udp_server"))
    hand_in(folder, "dot", udp_server=solution("udp_server"), udp_client=solution("udp_client"))
    (folder / "eva.zip").write_bytes(b"PK\x03\x04 and nothing of a zip")
    return folder


@dataclass(frozen=True)
class Ran:
    """What one command did."""

    status: int
    out: str
    err: str


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "grading", *map(str, arguments)]


def environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | more


def run(*arguments: str | Path, **env: str) -> Ran:
    """Run ``python -m grading``, and hold what holds for each of its outputs: it shows no traceback of ours."""
    done = subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env=environment(**env),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert not OF_OUR_OWN.search(done.stdout + done.stderr), done.stdout + done.stderr
    return Ran(done.returncode, done.stdout, done.stderr)


def gradebook(out: Path) -> list[dict[str, str]]:
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def results(out: Path, file: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "results" / f"{file}.json").read_bytes())
    return read


def verdicts(read: Mapping[str, Any]) -> dict[str, tuple[str, str | None, int | None, str]]:
    """Give what was found out, without what differs in every run."""
    return {
        test["extra_data"]["check"]: (
            test["extra_data"]["verdict"],
            test["extra_data"]["cause"],
            test["extra_data"]["line"],
            _PORT.sub("port", test["output"]),
        )
        for test in read["tests"]
    }
