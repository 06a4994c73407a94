"""Grade every attack at every level that holds here, and print the table.

    python -m tests.attacks [WORD] [--times 20] [--soak 500]

WORD takes those whose names have it in them. `--soak` does so many gradings instead, and tells what is left.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import defaultdict
from pathlib import Path

from tests.attacks.entries import (
    ROOT,
    Attack,
    Graded,
    Setting,
    Task,
    differences,
    grade_all,
    packs,
    read_attacks,
    settings,
)

LEAVES_MUCH = (
    "kills_everybody",
    "daemons_beside",
    "daemon_holds_the_port",
    "fork_bomb",
    "squats_folders",
    "forged_results",
)
"""Attacks whose traces would be found."""


def _row(attack: Attack, setting: Setting, runs: list[Graded]) -> tuple[bool, str]:
    """Give one line of the table, and more where something is not as it should be."""
    told = [one for graded in runs for one in [*differences(attack, graded), *graded.hurt]]
    last = runs[-1].of(attack.program)
    failed = [data["cause"] for data in last if data["verdict"] == "failed"]
    passed = sum(data["verdict"] == "passed" for data in last)
    slowest = max(sum(data["seconds"] for data in graded.of(attack.program)) for graded in runs)
    line = f"{attack.name:45} {setting.name:28} {passed:2} of {len(last):2} checks  {failed[0] if failed else '-':20} "
    return bool(told), "\n".join([f"{line}{slowest:5.1f} s", *(f"    NOT SO: {one}" for one in dict.fromkeys(told))])


def print_table(attacks: list[Attack], times: int, levels: list[Setting]) -> int:
    """Grade and print; give the number of rows that are not as they should be."""
    wrong = 0
    for setting in levels:
        begin = time.monotonic()
        together = packs(attacks)
        runs: dict[Attack, list[Graded]] = defaultdict(list)
        tasks: list[Task] = [(pack, setting, ()) for _ in range(times) for pack in together]
        for pack, graded in zip(together * times, grade_all(tasks), strict=True):
            for attack in pack:
                runs[attack].append(graded)
        for attack in attacks:
            differs, text = _row(attack, setting, runs[attack])
            wrong += differs
            print(text, flush=True)
        print(f"{setting.name}: {len(tasks)} gradings in {time.monotonic() - begin:.0f} s", flush=True)
    return wrong


def soak(times: int, levels: list[Setting]) -> int:
    """Grade a right server and hostile ones in turn; say what is left, and give its number."""
    left = 0
    hostile = [attack for attack in read_attacks() if attack.slug in LEAVES_MUCH]
    several: list[Path | tuple[Attack, ...]] = [ROOT / "solutions", *((attack,) for attack in hostile)]
    for setting in levels:
        begin = time.monotonic()
        tasks: list[Task] = [
            (one, setting, ("-k", "server")) for one in itertools.islice(itertools.cycle(several), times)
        ]
        hurt: list[str] = []
        for number, graded in enumerate(grade_all(tasks), 1):
            hurt += graded.hurt
            if number % 100 == 0:
                print(f"{setting.name}: {number} gradings, left behind or touched so far: {len(hurt)}", flush=True)
        left += len(hurt)
        told = f"{times} gradings in {time.monotonic() - begin:.0f} s; left behind or touched: {len(hurt)}"
        print(f"{setting.name}: {told}", *dict.fromkeys(hurt), sep="\n    ", flush=True)
    return left


def main() -> int:
    """Do what is asked; end with 1 when something is not as it should be."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks")
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--soak", type=int, default=0)
    parser.add_argument("--level", default="")
    asked = parser.parse_args()
    levels = [setting for setting in settings() if asked.level in setting.name]
    if asked.soak:
        return 1 if soak(asked.soak, levels) else 0
    attacks = [attack for attack in read_attacks() if asked.word in attack.name]
    wrong = print_table(attacks, asked.times, levels)
    print(f"{len(attacks)} attacks, {wrong} rows not as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
