"""What it takes to grade a class: time for each check, time and memory as the class grows, broken programs in it."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from grading.arena import Level
from grading.classroom.command import cores
from tests.bench.command import ClassRun, grade_class
from tests.bench.figures import CHECKS, Size, best_level, seconds_of, take_turns, told
from tests.bench.single import bare_checks, networks_can_be_made
from tests.classrooms import LABS, solution
from tests.gallery.entries import Entry, read_gallery

PER_CHECK, LINEAR, BROKEN, FLAT = 6.5, 1.05, 1.5, 1.2
"""Goals: ms, and times."""
BARE = 3.7
"""ms that a bare child takes on the machine for which `PER_CHECK` was set: on another one the ratio tells."""


def hand_in_solutions(folder: Path, students: int) -> Path:
    """Make a class of copies of the solutions, no two of them the same."""
    for number in range(students):
        _hand_in(folder, number, {program: solution(program).encode() for program in LABS})
    return folder


def hand_in_half_broken(folder: Path, students: int) -> Path:
    """Make the same class, but every other student has one program of the gallery of broken ones for a solution."""
    broken = _spread([entry for entry in read_gallery() if not entry.fair], students // 2)
    for number in range(students):
        programs = {program: solution(program).encode() for program in LABS}
        if number % 2:
            entry = broken[number // 2]
            programs[entry.program] = entry.path.read_bytes()
        _hand_in(folder, number, programs)
    return folder


def _spread(entries: Sequence[Entry], number: int) -> list[Entry]:
    """Take as many at the same distances from each other, in the order of their names; again, where there are fewer."""
    if number >= len(entries):
        return [entries[place % len(entries)] for place in range(number)]
    return [entries[place * len(entries) // number] for place in range(number)]


def _hand_in(folder: Path, number: int, programs: Mapping[str, bytes]) -> None:
    """Write down a student's programs; at their ends, where no line's number changes, what makes them distinct."""
    student = folder / f"student{number:05}"
    student.mkdir(parents=True)
    for program, text in programs.items():
        (student / f"{program}.py").write_bytes(text + f"\n# student {number}\n".encode())


class Classes:
    """Classes on disk, each graded into a new folder whenever it is asked for."""

    def __init__(self, folder: Path, level: Level) -> None:
        self.folder, self.level = folder, level

    def grade(self, make: Callable[[Path, int], Path], students: int) -> ClassRun:
        out = self.graded(make, students)
        shutil.rmtree(out, ignore_errors=True)  # of a run before
        return self.grade_again(make, students)

    def grade_again(self, make: Callable[[Path, int], Path], students: int) -> ClassRun:
        """Grade a class into the folder of its last run, if there was one."""
        submissions = self.folder / f"{make.__name__}-{students}"
        if not submissions.exists():
            make(submissions, students)
        return grade_class(submissions, self.graded(make, students), self.level)

    def graded(self, make: Callable[[Path, int], Path], students: int) -> Path:
        """Give the folder into which a class is graded."""
        return self.folder / f"{make.__name__}-{students}-graded"


def measure(size: Size) -> list[bool]:
    """Measure classes, and print a table; give for each goal whether it is met."""
    level = best_level()
    if level is None:
        return []
    with tempfile.TemporaryDirectory(prefix="socketlabs-bench-") as folder:
        return _measure(Classes(Path(folder), level), size)


def _measure(classes: Classes, size: Size) -> list[bool]:
    few = min(cores(), size.students - 1)
    bare: list[float] = []
    with_bare = networks_can_be_made()

    def between() -> None:
        if with_bare:
            bare.append(seconds_of(bare_checks))

    classes.grade(hand_in_solutions, few)  # fills caches
    runs = take_turns(
        {
            "few": partial(classes.grade, hand_in_solutions, few),
            "solutions": partial(classes.grade, hand_in_solutions, size.students),
            "half broken": partial(classes.grade, hand_in_half_broken, size.students),
            "twice": partial(classes.grade, hand_in_solutions, 2 * size.students),
        },
        size.rounds,
        between,
    )
    seconds = {name: statistics.median(run.seconds for run in those) for name, those in runs.items()}
    start, once, twice = seconds["few"], seconds["solutions"], seconds["twice"]
    of = f"a class of {size.students}"
    grows = (twice - start) / (2 * size.students - few) / ((once - start) / (size.students - few))
    print(f"isolation {classes.level}; --workers {cores()}; {of} and of {2 * size.students}; reports are written")
    told(f"a class of {few}, from its start to its reports", start, None, "s")
    told(f"{of} solutions", once, None, "s")
    met = [
        told("a check, in all", once / (size.students * CHECKS) * 1000, PER_CHECK, "ms"),
        *_against_bare(once / (size.students * CHECKS), bare),
        told("twice the class, against twice the time", twice / once / 2, None, "times"),
        told("the same, without what the smallest class takes", grows, LINEAR, "times"),
        told("half of the class broken, against all solutions", seconds["half broken"] / once, BROKEN, "times"),
    ]
    again = classes.grade_again(hand_in_solutions, size.students)
    told(f"{of} solutions again, where nothing has changed", again.seconds, None, "s")
    return met + _memory(classes, size, runs)


def _against_bare(per_check: float, bare: Sequence[float]) -> list[bool]:
    """Compare with what a check cannot do without, done by one process; measured before each run of a class."""
    if not bare:
        return []
    least = statistics.median(bare) / CHECKS
    told("a bare child, one exchange, no report", least * 1000, None, "ms")
    return [told("a check, against that", per_check / least, round(PER_CHECK / BARE, 2), "times")]


def _memory(classes: Classes, size: Size, runs: Mapping[str, Sequence[ClassRun]]) -> list[bool]:
    """Say how much memory a class takes, and how that grows with it."""
    if sys.platform != "linux":
        print("not measured: memory, of which Linux alone tells the peak of another process")
        return []
    largest = {students: _peaks(runs[name]) for students, name in ((1, "solutions"), (2, "twice"))}
    if size.long:
        largest[10] = _peaks([classes.grade(hand_in_solutions, 10 * size.students)])
    met = []
    for place, process in enumerate(("the command's own process", "the largest nursery")):
        first = largest[1][place]
        if not first:
            print(f"not measured: memory of {process}, which had ended before it was looked at")
            continue
        told(f"memory of {process}, at its peak", first, None, "MB")
        for times, peaks in largest.items():
            if times > 1:
                goal = FLAT if times == 10 else None
                met.append(told(f"    with {times} times the class, against that", peaks[place] / first, goal, "times"))
    return met


def _peaks(runs: Sequence[ClassRun]) -> tuple[float, float]:
    return statistics.median(run.main for run in runs), statistics.median(run.nursery for run in runs)
