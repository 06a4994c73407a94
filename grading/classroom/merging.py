"""Joins the parts of a class that were graded apart."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from grading.classroom.command import refuse
from grading.classroom.reporting import Forms, write_page, write_reports
from grading.classroom.store import STATE, Refused, Store, keep_apart
from grading.classroom.summary import summary
from grading.reports import visible
from grading.reports.rows import Row, row_of
from grading.reports.worksheet import WorksheetProblem

_BETTER = ("missing", "incomplete", "unreadable", "graded")


def merge_parts(args: argparse.Namespace) -> int:
    """Merge; give the exit status: 0, 1 where a part or a row is incomplete, 2 for what cannot be done at all."""
    try:
        return _merge(args.parts, args.out, Forms(args.canvas, args.moodle, args.assignment))
    except (Refused, WorksheetProblem) as problem:
        return refuse("merge", str(problem))
    except OSError as error:
        refuse("merge", f"{visible(str(error.filename or args.out))}: {error.strerror}.")
        return 1


def _merge(folders: Sequence[Path], out: Path, forms: Forms) -> int:
    began = time.monotonic()
    states = {folder: _state_of(folder) for folder in folders}
    for folder in folders:
        keep_apart(out, folder)
    store = Store(out)
    try:
        store.hold_to_shard("1/1")
        notes = _not_there(states)
        rows, conflicts = _join(folders, store)
        about = _about(states.values(), [*notes, *conflicts])
        programs = next((state["programs"] for state in states.values() if state.get("programs")), list[Any]())
        store.remember(programs=programs, about=about, finished=not notes)
        left = store.retire(row.id for row in rows)
        about["notes"] += [f"No longer in the class: {visible(row.name)} ({visible(row.id)})." for row in left]
        more = write_reports(store, rows, [(name, points) for name, points in programs], about, forms)
        levels = {row.isolation for row in rows if row.isolation}
        level = levels.pop() if len(levels) == 1 else ""
        print("\n".join(summary(rows, about, out, seconds=time.monotonic() - began, level=level, notes=more)))
    finally:
        store.close()
    return 1 if notes or any(row.status == "incomplete" for row in rows) else 0


def _state_of(folder: Path) -> dict[str, Any]:
    try:
        state = json.loads((folder / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        state = None
    if not isinstance(state, dict):
        raise Refused(f"{visible(str(folder))} holds no grades of a class: name an --out of `python -m grading class`.")
    return state


def _not_there(states: Mapping[Path, Mapping[str, Any]]) -> list[str]:
    """Say which part of the class is not among the parts, or not done."""
    notes = [
        f"{visible(str(folder))} was not graded to its end."
        for folder, state in states.items()
        if not state.get("finished")
    ]
    shards = {tuple(map(int, str(state.get("shard", "1/1")).split("/"))) for state in states.values()}
    for of in sorted({of for _, of in shards}):
        absent = [f"{number}/{of}" for number in range(1, of + 1) if (number, of) not in shards]
        notes += [f"Of the shards, {', '.join(absent)} are not there."] if absent else []
    return notes


def _join(folders: Sequence[Path], store: Store) -> tuple[list[Row], list[str]]:
    """Keep each student's results once, and say where there was a choice."""
    taken: dict[str, tuple[Row, str, Path]] = {}
    files: dict[str, str] = {}
    conflicts: list[str] = []
    for folder, results in _results_of(folders):
        row, key = row_of(results), str(results["extra_data"]["key"])
        if files.setdefault(row.file, row.id) != row.id:
            raise Refused(f"{visible(row.id)} and {visible(files[row.file])} would have the same files: {row.file}.")
        if row.id in taken:
            other, its_key, its_folder = taken[row.id]
            if key == its_key and row.status == other.status:
                continue
            better = _BETTER.index(row.status) >= _BETTER.index(other.status)
            chosen = folder if better else its_folder
            conflicts.append(
                f"{visible(row.name)} ({visible(row.id)}) is in {visible(str(its_folder))} and in "
                f"{visible(str(folder))}, with different results: those in {visible(str(chosen))} were taken."
            )
            if not better:
                continue
        kept = store.keep(results)
        taken[row.id] = (kept, key, folder)
        write_page(store, results)
    return sorted((row for row, _, _ in taken.values()), key=lambda row: (row.id, row.file)), conflicts


def _results_of(folders: Sequence[Path]) -> Iterator[tuple[Path, dict[str, Any]]]:
    for folder in folders:
        for path in sorted((folder / "results").glob("*.json")):
            try:
                results = json.loads(path.read_bytes())
                row_of(results)
            except (OSError, KeyError, TypeError, ValueError):
                raise Refused(f"{visible(str(path))} is no student's results: remove it.") from None
            yield folder, results


def _about(states: Any, notes: Sequence[str]) -> dict[str, Any]:
    """Join what was found beside the students."""
    abouts = [state["about"] for state in states if "about" in state]
    return {
        "layout": "; ".join(dict.fromkeys(about["layout"] for about in abouts)),
        "strays": [*dict.fromkeys(stray for about in abouts for stray in about["strays"])],
        "notes": [*dict.fromkeys(note for about in abouts for note in about["notes"]), *notes],
    }
