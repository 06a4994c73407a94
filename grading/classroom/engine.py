"""Grades the students of a class, as many at a time as there are workers, and only those whose result is not there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import dataclass, field
from typing import Any

from grading.classroom.grader import TRIES, CannotGrade, Ready
from grading.classroom.keys import content_of, key_of
from grading.classroom.packing import pack
from grading.classroom.results import ungraded
from grading.classroom.store import Store
from grading.classroom.students import Student, Unreadable
from grading.classroom.task import Manner, Task
from grading.classroom.workforce import Workforce
from grading.reports.rows import Row, Status, row_of

_WAITING = 2  # submissions in memory for each that is being graded: no worker waits for a disk


@dataclass(frozen=True)
class Done:
    """A student whose row is there."""

    row: Row
    how: str
    """``graded`` now, ``known`` from before, or ``kept`` from before, because grading it again has broken."""
    results: dict[str, Any] | None = None
    """Where they were written now."""


@dataclass
class _Given:
    """What a worker was given."""

    student: Student
    task: Task
    submission: bytes
    tries: int = field(default=1)


class Engine:
    """Grades students."""

    def __init__(self, store: Store, workforce: Workforce, ready: Ready, manner: Manner, seed: int) -> None:
        self._store, self._workforce, self._ready, self._manner, self._seed = store, workforce, ready, manner, seed
        self._given: dict[Future[str], _Given] = {}

    def grade(self, students: Iterable[Student], *, fresh: bool = False) -> Iterator[Done]:
        """Grade those whose result is not there, or with ``fresh`` all; give each student, as they are done."""
        for student in students:
            done = self._begin(student, fresh=fresh)
            if done:
                yield done
            while len(self._given) >= self._workforce.at_once() * _WAITING:
                yield from self._settle()
        while self._given:
            yield from self._settle()

    def missing(self, students: Iterable[Student]) -> Iterator[Done]:
        """Make a row of each who handed in nothing."""
        for student in students:
            yield self._stated(student, "missing", "")

    def _begin(self, student: Student, *, fresh: bool) -> Done | None:
        """Give a submission to a worker; or give the student, where that is not needed."""
        try:
            submission = pack(student)
        except Unreadable as problem:
            return self._stated(student, "unreadable", str(problem))
        task = self._task(student, content_of(submission), submission.notes)
        known = None if fresh else self._store.known(student.id, student.file, task.key)
        if known:
            return Done(known, "known")
        self._give(_Given(student, task, bytes(submission)))
        return None

    def _task(self, student: Student, content: str, notes: tuple[str, ...]) -> Task:
        key = key_of(student, content, self._seed, self._manner, notes)
        about = {"id": student.id, "name": student.name, "file": student.file}
        return Task(about, key, content, self._seed, self._manner, notes)

    def _stated(self, student: Student, status: Status, why: str) -> Done:
        """Make the row of one whose submission no worker is asked about."""
        task = self._task(student, f"{status}: {why}", student.notes)
        results = ungraded(task, status, self._ready.max_score, *([why] if why else []))
        known = self._store.known(student.id, student.file, task.key)
        return Done(known, "known") if known else Done(self._store.keep(results), "graded", results)

    def _give(self, given: _Given) -> None:
        self._given[self._workforce.submit(given.submission, given.task)] = given

    def _settle(self) -> Iterator[Done]:
        """Wait for at least one result."""
        for future in wait(self._given, return_when=FIRST_COMPLETED).done:
            given = self._given.pop(future)
            try:
                results: dict[str, Any] = json.loads(future.result())
                row_of(results)
            except (Exception, CancelledError) as error:  # noqa: BLE001  whatever a cluster raises: a lost worker
                if _may_be_given_again(error) and given.tries < TRIES:
                    given.tries += 1
                    self._give(given)
                    continue
                results = ungraded(given.task, "incomplete", self._ready.max_score, _said_of(error))
            row = self._store.keep(results)
            kept = row.status != results["extra_data"]["status"]
            yield Done(row, "kept") if kept else Done(row, "graded", results)


def _may_be_given_again(error: BaseException) -> bool:
    return type(error).__name__ != "KilledWorker"  # Dask has tried it on several workers then


def _said_of(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "Grading it has ended each worker that tried; no points are lost by that."
    what = str(error) if isinstance(error, CannotGrade) else f"{type(error).__name__}: {error}".strip(": ")
    return f"It could not be graded, and no points are lost by that: {what}."
