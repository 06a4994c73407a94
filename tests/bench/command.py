"""One run of ``python -m grading class``, as it is typed, watched from outside: its time and its memory."""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import psutil

from grading.arena import Level
from grading.classroom.command import cores
from tests.gallery.entries import ROOT

_NURSERY = "grading.classroom.nursery"
_LOOK_EVERY = 0.02
_LOOK_FOR_NURSERIES_EVERY = 0.5  # seconds: that one reads all processes of the machine


@dataclass(frozen=True)
class ClassRun:
    """What one run of the command took."""

    seconds: float
    main: float
    """Peak of the command's own process, in MB; 0 where the system does not say."""
    nursery: float
    """The same, of the largest process in which submissions are graded."""


class Watch(threading.Thread):
    """Reads the peaks of memory that the kernel keeps of a process and of its nurseries, up to their end."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.main = self.nursery = 0.0
        self._over = threading.Event()

    def run(self) -> None:
        nurseries: list[int] = []
        looked = 0.0
        while not self._over.wait(_LOOK_EVERY):
            if time.monotonic() - looked > _LOOK_FOR_NURSERIES_EVERY:
                nurseries, looked = _nurseries_of(self.pid), time.monotonic()
            self.main = max(self.main, _peak_of(self.pid))
            self.nursery = max([self.nursery, *map(_peak_of, nurseries)])

    def end(self) -> None:
        self._over.set()
        self.join()


def _peak_of(pid: int) -> float:
    """Give the most memory that a process has held in RAM, in MB; 0 where that is not to be known."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _nurseries_of(pid: int) -> list[int]:
    try:
        return [child.pid for child in psutil.Process(pid).children() if _NURSERY in child.cmdline()]
    except psutil.Error:  # one of them has just ended
        return []


def grade_class(submissions: Path, out: Path, level: Level) -> ClassRun:
    """Grade a class, as many at a time as there are cores. Raises `RuntimeError` where not all of it was graded."""
    command = [sys.executable, "-m", "grading", "class", str(submissions), "--out", str(out)]
    command += ["--isolation", level, "--workers", str(cores())]
    with tempfile.TemporaryFile("w+") as said:
        begin = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said)
        watch = Watch(process.pid)
        watch.start()
        status = process.wait()
        seconds = time.perf_counter() - begin
        watch.end()
        said.seek(0)
        if status != 0 or set(statuses(out)) != {"graded"}:
            raise RuntimeError(f"the class was not graded; the command ended with {status}:\n{said.read()}")
    return ClassRun(seconds, watch.main, watch.nursery)


def statuses(out: Path) -> Counter[str]:
    """Count the students of each status."""
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return Counter(row["status"] for row in csv.DictReader(file))
