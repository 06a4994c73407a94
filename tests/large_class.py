"""Grade a large class of everything that there is, and compare each student with the same submission alone.

    python -m tests.large_class [--students 1000] [--kills 10]

The class has the gallery, fair and broken, the attacks, and mixtures of these, each as often as it takes. It is
graded between canaries; then each submission is graded by ``pytest grading`` with the same words. With ``--kills`` a
hundred of the students are graded by runs that are killed at random moments, too, and their gradebook is compared with
that of a run that is not. Takes half an hour for 1,000 students on two cores.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

from tests.attacks.canaries import Canaries
from tests.attacks.entries import read_attacks
from tests.classrooms import LABS, command, environment, gradebook, results, solution, verdicts
from tests.gallery.entries import ROOT, read_gallery

SEED = 5
_MIXED = 100
"""Submissions that are put together at random."""
_MOMENTS = (0.5, 6.0)
"""Seconds after which a run is killed, at least and at most."""
_KILLED = 100
"""Students whose runs are killed."""

Submission = Mapping[str, bytes]


def submissions(canaries: Canaries) -> dict[str, Submission]:
    """Give every different submission, by its name: one program of a gallery among solutions; then mixtures."""
    right = {program: solution(program).encode() for program in LABS}
    programs = [(f"{'fair' if entry.fair else 'broken'}-{entry.path.stem}", entry.program, entry.path.read_bytes())
                for entry in read_gallery()]  # fmt: skip
    programs += [(f"attack-{each.slug}", each.program, canaries.named_in(each.text)) for each in read_attacks()]
    found: dict[str, Submission] = {f"{kind}-{name}": {**right, name: text} for kind, name, text in programs}
    chance = random.Random(SEED)
    for number in range(_MIXED):
        found[f"mixed-{number}"] = {
            program: chance.choice([text for _, name, text in programs if name == program]) for program in LABS
        }
    return found


def hand_in(folder: Path, different: Mapping[str, Submission], students: int) -> dict[str, str]:
    """Make the class; give which submission each student handed in."""
    handed_in = {}
    for number, (name, programs) in enumerate(islice(cycle(different.items()), students)):
        student = f"s{number:05}"
        handed_in[student] = name
        (folder / student).mkdir(parents=True)
        for program, text in programs.items():
            (folder / student / f"{program}.py").write_bytes(text)
    return handed_in


def alone(folder: Path, room: Path) -> dict[str, object]:
    """Grade one submission as anybody does; give its results."""
    written = room / f"{folder.name}.json"
    arguments = ["-m", "pytest", str(ROOT / "grading"), "-q", "-p", "no:cacheprovider", "--seed", str(SEED)]
    subprocess.run([sys.executable, *arguments, "--submission", str(folder), "--results", str(written)],
                   cwd=ROOT, env=environment(), capture_output=True, check=False)  # fmt: skip
    read: dict[str, object] = json.loads(written.read_bytes())
    return read


def differences(out: Path, handed_in: Mapping[str, str], singly: Mapping[str, Mapping[str, object]]) -> Iterable[str]:
    """Tell where a student got another verdict or cause than the same submission alone.

    Lines are not compared: that of a program which is stopped in the middle is where it happened to be.
    """
    for student, name in handed_in.items():
        here, there = (verdicts(read) for read in (results(out, student), singly[name]))
        for check, (verdict, cause, *_) in here.items():
            if (verdict, cause) != there[check][:2]:
                yield f"{name} ({student}), {check}: {verdict} {cause}; alone {there[check][:2]}"


def kill_and_go_on(submissions: Path, room: Path, kills: int) -> Iterable[str]:
    """Grade a class without interruption, and by runs that are killed; tell what is not the same, or was done twice."""
    uninterrupted, out = room / "uninterrupted", room / "killed"
    graded(submissions, uninterrupted).wait()
    chance = random.Random(SEED)
    before: dict[str, int] = {}
    for number in range(kills + 1):
        process = graded(submissions, out)
        if number < kills:
            time.sleep(chance.uniform(*_MOMENTS))  # the moment is the experiment
            process.kill()
        status = process.wait()
        after = {path.stem: path.stat().st_mtime_ns for path in (out / "results").glob("*.json")}
        print(f"run {number + 1}: ended with {status}, {len(after)} results are there", flush=True)
        yield from (f"{name} was graded again" for name, written in before.items() if after.get(name) != written)
        before = after
    if (out / "gradebook.csv").read_bytes() != (uninterrupted / "gradebook.csv").read_bytes():
        yield "the gradebook of the runs that were killed is another one"


def graded(submissions: Path, out: Path) -> subprocess.Popen[bytes]:
    """Begin to grade a class."""
    arguments = command("class", submissions, "--out", out, "--seed", str(SEED))
    return subprocess.Popen(arguments, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)


def main() -> int:
    """Do it, and print what was found; end with 1 where that is anything."""
    parser = argparse.ArgumentParser(prog="python -m tests.large_class")
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="large-class-") as folder:
        room = Path(folder)
        room.chmod(0o711)
        found: list[str] = []
        with Canaries(room, ordinary=False) as canaries:
            different = submissions(canaries)
            handed_in = hand_in(room / "in", different, asked.students)
            begin = time.monotonic()
            status = graded(room / "in", room / "out").wait()
            print(f"{asked.students} students: {time.monotonic() - begin:.0f} s, ended with {status}", flush=True)
            found += canaries.hurt()
        rows = gradebook(room / "out")
        if sorted(row["id"] for row in rows) != sorted(handed_in):
            found.append("the rows are not the students")
        found += [f"{handed_in[row['id']]}: {row['status']}" for row in rows if row["status"] != "graded"]
        first = {name: student for student, name in reversed(handed_in.items())}
        with ThreadPoolExecutor(2) as pool:
            singly = dict(zip(first, pool.map(lambda one: alone(room / "in" / one, room), first.values()), strict=True))
        found += differences(room / "out", handed_in, singly)
        print(f"{len(rows)} rows, {len(first)} submissions compared", flush=True)
        if asked.kills:
            for student in [one for one, name in handed_in.items() if not name.startswith(("attack", "mixed"))][
                :_KILLED
            ]:
                shutil.copytree(room / "in" / student, room / "calm" / student)
            found += kill_and_go_on(room / "calm", room, asked.kills)
        print(*found, f"{len(found)} not as they should be", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
