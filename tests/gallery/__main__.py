"""Print the matrix of the gallery: each program, the checks it fails, the cause that was found."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor

from tests.gallery.entries import Entry, differences, grade, read_gallery


def _row(entry: Entry) -> tuple[bool, str]:
    results = grade(entry.path, entry.program)
    data = [test["extra_data"] for test in results["tests"]]
    failed = [one for one in data if one["verdict"] == "failed"]
    cause = f"{failed[0]['cause']}, line {failed[0]['line']}" if failed else "-"
    names = ", ".join(one["check"].removeprefix(f"{entry.program}_") for one in failed)
    told = differences(entry, results)
    lines = [f"{entry.name:58} {results['score']:>3g} / {results['max_score']:<3g} {cause:34} {names}"]
    return bool(told), "\n".join([*lines, *(f"    expected otherwise: {one}" for one in told)])


def main() -> int:
    """Grade all entries whose name contains the first argument; give the number that differ, at most 1."""
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    entries = [entry for entry in read_gallery() if wanted in entry.name]
    with ThreadPoolExecutor(max_workers=2) as pool:
        wrong = 0
        for differs, text in pool.map(_row, entries):
            wrong += differs
            print(text, flush=True)
    print(f"{len(entries)} programs, {wrong} not as expected")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
