"""Print the matrix of the gallery, each program with the checks it fails and its cause; then the mutation score.

The argument `mutants` prints each mutant, and the score, alone; any other one the entries that it names. What comes
after it is a level of isolation: `fair user`.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from tests.gallery.entries import Entry, differences, grade_all, read_gallery
from tests.gallery.equal_mutants import EQUAL
from tests.gallery.mutants import PROGRAMS, Graded, grade_mutants, mutants, score


def _row(entry: Entry, results: Mapping[str, Any]) -> tuple[bool, str]:
    data = [test["extra_data"] for test in results["tests"]]
    failed = [one for one in data if one["verdict"] == "failed"]
    cause = f"{failed[0]['cause']}, line {failed[0]['line']}" if failed else "-"
    names = ", ".join(one["check"].removeprefix(f"{entry.program}_") for one in failed)
    told = differences(entry, results)
    lines = [f"{entry.name:58} {results['score']:>3g} / {results['max_score']:<3g} {cause:34} {names}"]
    return bool(told), "\n".join([*lines, *(f"    expected otherwise: {one}" for one in told)])


def _mutant_row(one: Graded) -> str:
    data = [test["extra_data"] for test in one.failed()]
    cause = f"{data[0]['cause']}, line {data[0]['line']}" if data else "-"
    text = f"{' '.join(one.mutant.key):110} {one.results['score']:>3g} / {one.results['max_score']:<3g} {cause}"
    return text + (f" (equal: {EQUAL[one.mutant.key]})" if one.mutant.key in EQUAL else "")


def print_mutants(*, each: bool) -> int:
    """Grade all mutants; print the score, and those that the grader takes for what they are not; give their number."""
    wrong = 0
    for program in PROGRAMS:
        graded = []
        for one in grade_mutants(mutants(program)):
            graded.append(one)
            if each:
                print(_mutant_row(one), flush=True)
        found = score(graded)
        print(f"{program:12} {found}", flush=True)
        for said, those in (("survived", found.survived), ("is no mistake, and lost points", found.blamed)):
            for one in those:
                print(f"    {said}: {_mutant_row(one)}")
        wrong += len(found.survived) + len(found.blamed)
    return wrong


def main() -> int:
    """Grade what the first argument names; end with 1 when something differs from what is expected."""
    wanted, *isolation = sys.argv[1:] or [""]
    if wanted == "mutants":
        return 1 if print_mutants(each=True) else 0
    entries = [entry for entry in read_gallery() if wanted in entry.name]
    wrong = 0
    graded = grade_all(((entry.path.read_bytes(), entry.program) for entry in entries), *isolation)
    for entry, results in zip(entries, graded, strict=True):
        differs, text = _row(entry, results)
        wrong += differs
        print(text, flush=True)
    print(f"{len(entries)} programs, {wrong} not as expected")
    if not wanted:
        print("The reference solutions with one change each:")
        wrong += print_mutants(each=False)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
