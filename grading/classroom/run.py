"""A run of ``python -m grading class``: from the submissions to the reports."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import FrameType
from typing import Any

from grading.classroom.command import cores, refuse
from grading.classroom.engine import Done, Engine
from grading.classroom.grader import CannotGrade, Ready
from grading.classroom.keys import checks_version, reports_version
from grading.classroom.layouts import find_class
from grading.classroom.progress import Progress, progress, told
from grading.classroom.reporting import Forms, prepare_reports, write_page, write_reports
from grading.classroom.roster import NotARoster, match, read_roster
from grading.classroom.shards import Shard
from grading.classroom.store import Refused, Store, keep_apart
from grading.classroom.students import NotAClass, Student
from grading.classroom.summary import summary
from grading.classroom.task import Manner
from grading.classroom.workforce import Cluster, Local, Lost, Workforce
from grading.reports import count, visible
from grading.reports.rows import Row
from grading.reports.worksheet import WorksheetProblem


@dataclass(frozen=True)
class _Class:
    """The students of one shard, and what was found beside them."""

    handed_in: Sequence[Student]
    missing: Sequence[Student]
    about: dict[str, Any]
    """See `grading.classroom.reporting.write_reports`."""

    @property
    def total(self) -> int:
        return len(self.handed_in) + len(self.missing)


@dataclass
class _Outcome:
    """What a run has done, to its end or to where it was stopped."""

    rows: list[Row] = field(default_factory=list)
    known: int = 0
    problems: int = 0
    why: str = ""
    """Why it stopped before its end."""
    status: int = 0
    """Of a run that was stopped."""


def grade_class(args: argparse.Namespace) -> int:
    """Grade a class; give the exit status: 0, 1 where a row is incomplete, 2 for what cannot be done at all."""
    try:
        forms = _forms(args)
        found = _find(args.submissions, args.roster, args.shard)
        keep_apart(args.out, args.submissions)
        store = Store(args.out)
        try:
            return _grade(args, found, store, forms)
        finally:
            store.close()
    except (Refused, NotAClass, NotARoster, WorksheetProblem) as problem:
        return refuse("class", str(problem))
    except CannotGrade as problem:
        return refuse("class", f"nothing was graded: {problem}.".replace("..", "."))
    except OSError as error:  # a disk that is full, most of all; what is written is whole, and will be found again
        refuse("class", f"{visible(str(error.filename or args.out))}: {error.strerror}. Run the same again to go on.")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _forms(args: argparse.Namespace) -> Forms:
    """See now whether the forms can be filled in, and not when all is graded."""
    forms = Forms(args.canvas, args.moodle, args.assignment)
    with tempfile.TemporaryDirectory() as folder:
        forms.fill(Path(folder), [])
    return forms


def _find(submissions: Path, roster: Path | None, shard: Shard) -> _Class:
    from grading.session import PROGRAMS  # noqa: PLC0415  imports pytest, after what is quickly told

    found = find_class(submissions, PROGRAMS)
    missing: Sequence[Student] = ()
    notes = [*found.notes]
    if roster:
        listed = match(found, read_roster(roster))
        missing = [student for student in listed.missing if shard.holds(student.id)]
        notes += listed.notes
        if listed.strangers:
            notes.append(f"Not on the roster: {', '.join(map(visible, listed.strangers))}.")
    about = {"layout": found.layout, "strays": [*found.strays], "notes": notes}
    return _Class([student for student in found.students if shard.holds(student.id)], missing, about)


def _grade(args: argparse.Namespace, found: _Class, store: Store, forms: Forms) -> int:
    store.hold_to_shard(str(args.shard))
    screen = progress()
    part = "" if args.shard.of == 1 else f" in shard {args.shard}"
    screen.say(f"Found {visible(found.about['layout'])}: {count(found.total, 'student')}{part}.")
    began = time.monotonic()
    workforce: Workforce = Cluster(args.cluster) if args.cluster else Local(args.workers or cores())
    try:
        manner, ready = _prepare(args, workforce)
        store.remember(programs=ready.programs, about=found.about, finished=False)
        engine = Engine(store, workforce, ready, manner, store.seed(args.seed))
        outcome = _work(engine, found, store, screen, fresh=args.fresh)
    finally:
        workforce.close()
    return _finish(store, found, forms, outcome, ready, time.monotonic() - began)


def _prepare(args: argparse.Namespace, workforce: Workforce) -> tuple[Manner, Ready]:
    """Find out how everybody is graded: all at one level."""
    manner = Manner(args.isolation, args.deadline, checks_version())
    workforce.start(manner)
    prepare_reports()  # meanwhile
    ready = workforce.ready(manner)
    return replace(manner, isolation=ready.level), ready


def _work(engine: Engine, found: _Class, store: Store, screen: Progress, *, fresh: bool) -> _Outcome:
    """Grade, until all is done or somebody stops it; what is done is in the store, and its page is written."""
    outcome = _Outcome()
    pages = reports_version()
    anew = store.state.get("pages") != pages
    store.remember(pages="")  # until all are written
    screen.begin(found.total)
    try:
        with _ended_by_sigterm():
            for done in _every(engine, found, fresh=fresh):
                outcome.known += done.how == "known"
                _tell(done, screen)
                outcome.problems += not _write_page(store, done, screen, anew=anew)
                outcome.rows.append(done.row)
                screen.step(graded=done.how != "known")
        store.remember(pages=pages, finished=True)
    except _Ended as ended:
        outcome.why, outcome.status = "it was stopped", ended.status
    except KeyboardInterrupt:
        outcome.why, outcome.status = "it was stopped", 128 + signal.SIGINT
    except Lost as lost:
        outcome.why, outcome.status = str(lost), 1
    finally:
        screen.close()
    if outcome.why:
        for row in store.written(but={row.id for row in outcome.rows}):  # the last one may not have got this far
            outcome.rows.append(row)
            outcome.problems += not _write_page(store, Done(row, "graded"), screen, anew=True)
    return outcome


def _every(engine: Engine, found: _Class, *, fresh: bool) -> Iterator[Done]:
    yield from engine.missing(found.missing)
    yield from engine.grade(found.handed_in, fresh=fresh)


def _tell(done: Done, screen: Progress) -> None:
    """Print what is not as it should be."""
    if line := told(done.row):
        screen.say(line)
    if done.how == "kept":
        who = f"{visible(done.row.name)} ({visible(done.row.id)})"
        screen.say(f"kept: {who}: grading it again broke, so its earlier result stands")


def _write_page(store: Store, done: Done, screen: Progress, *, anew: bool) -> bool:
    """Write a student's page where there is none of now; say whether that worked."""
    if done.results is None and not anew and store.page_of(done.row.file).exists():
        return True
    try:
        write_page(store, done.results or next(store.results([done.row])))
    except Exception as error:  # noqa: BLE001  whatever a submission does to its page, the others get theirs
        screen.say(f"no page: {visible(done.row.name)} ({visible(done.row.id)}): {visible(str(error))}")
        return False
    return True


def _finish(store: Store, found: _Class, forms: Forms, outcome: _Outcome, ready: Ready, seconds: float) -> int:
    """Write the reports of what is done, and say how it went; give the exit status."""
    about = found.about
    rows = sorted(outcome.rows, key=lambda row: (row.id, row.file))
    if not outcome.why and (left := store.retire(row.id for row in rows)):
        names = ", ".join(f"{visible(row.name)} ({visible(row.id)})" for row in left)
        about = {**about, "notes": [*about["notes"], f"No longer in the class, their results put aside: {names}."]}
    notes = write_reports(store, rows, ready.programs, about, forms)
    lines = summary(rows, about, store.out, seconds=seconds, known=outcome.known, level=ready.level, notes=notes)
    print("\n".join(lines), flush=True)
    if outcome.why:
        print(
            f"Only {len(rows):,} of {count(found.total, 'student')} are in the reports, because {outcome.why}. "
            "Run the same again to go on.",
            file=sys.stderr,
        )
        return outcome.status
    return 1 if outcome.problems or any(row.status == "incomplete" for row in rows) else 0


class _Ended(BaseException):
    """Somebody ended this process politely."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.status = 128 + number


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Have a job's time limit (SIGTERM) end a run as Ctrl-C does."""

    def end(number: int, _frame: FrameType | None) -> None:
        raise _Ended(number)

    before = None
    with suppress(ValueError):  # in a thread, where nobody sends signals
        before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)
