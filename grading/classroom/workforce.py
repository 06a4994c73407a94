"""Who grades: threads of this machine, or the workers of a Dask cluster. Both are asked as an executor is."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Protocol

from grading.classroom.grader import CannotGrade, Nurseries, Ready, grade, ready
from grading.classroom.store import Refused
from grading.classroom.task import Manner, Task
from grading.reports import visible

_CONNECTED_WITHIN = 15
_FIRST_WORKER_WITHIN = 60


class Lost(Exception):  # noqa: N818  told to whoever started the run
    """Nobody is left who could grade; the message says who was lost."""


class Workforce(Protocol):
    """Grades submissions, several at a time."""

    def start(self, manner: Manner, /) -> None:
        """Begin with what takes a while, without waiting for it."""

    def ready(self, manner: Manner, /) -> Ready:
        """Find out what works, by doing it. Raises `CannotGrade`."""

    def submit(self, submission: bytes, task: Task, /) -> Future[str]:
        """Have one graded; see `grading.classroom.grader.grade`. Raises `Lost`."""

    def at_once(self) -> int:
        """Say how many gradings run side by side."""

    def close(self) -> None:
        """End whatever still runs."""


class Local:
    """Threads of this process, which wait for processes that grade."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._nurseries = Nurseries()
        self._executor: ThreadPoolExecutor | None = None

    def start(self, manner: Manner) -> None:
        self._nurseries.start(manner)

    def ready(self, manner: Manner) -> Ready:
        found = self._nurseries.ready(manner)
        if not found.private:
            self._workers = 1
        return found

    def submit(self, submission: bytes, task: Task) -> Future[str]:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(self._workers)
        return self._executor.submit(self._nurseries.grade, submission, task)

    def at_once(self) -> int:
        return self._workers

    def close(self) -> None:
        if self._executor:
            self._executor.shutdown(wait=False, cancel_futures=True)
        self._nurseries.close()
        if self._executor:
            self._executor.shutdown()


class Cluster:
    """A Dask cluster. A worker that is lost is Dask's to replace: it has another one do what was lost."""

    def __init__(self, address: str) -> None:
        """Connect. Raises `Refused`."""
        try:
            import distributed  # noqa: PLC0415  takes a second, and is needed here alone
        except ImportError:
            raise Refused("--cluster needs Dask: pip install '.[cluster]'.") from None
        if not re.fullmatch(r"[a-z]+://.+", address):
            raise Refused(f'--cluster: "{visible(address)}" is no address of a scheduler, such as tcp://HOST:8786.')
        logging.disable()  # what Dask has to say, with tracebacks: what matters is said in the rows
        try:
            self._client: Any = distributed.Client(address, timeout=_CONNECTED_WITHIN, set_as_default=False)
        except (OSError, ValueError) as error:
            why = visible(str(error).splitlines()[0]) if str(error) else "it does not answer"
            raise Refused(f"--cluster: there is no scheduler at {visible(address)} ({why}).") from None
        self._executor: Executor = self._client.get_executor(pure=False)

    def start(self, manner: Manner) -> None:
        """Its workers run already."""

    def ready(self, manner: Manner) -> Ready:
        with suppress(TimeoutError):
            self._client.wait_for_workers(1, timeout=_FIRST_WORKER_WITHIN)
        told: Mapping[str, Ready | str] = self._client.run(ready, manner)
        if not told:
            raise CannotGrade("the cluster has no workers")
        for worker, its in told.items():
            if isinstance(its, str):
                raise CannotGrade(f"the worker {visible(worker)} cannot grade: {its}")
        levels = {its.level: worker for worker, its in told.items() if isinstance(its, Ready)}
        if len(levels) > 1:
            said = ", ".join(f"{level} on {visible(worker)}" for level, worker in sorted(levels.items()))
            raise CannotGrade(f"the workers keep programs apart in different ways ({said}): name one with --isolation")
        return next(its for its in told.values() if isinstance(its, Ready))

    def submit(self, submission: bytes, task: Task) -> Future[str]:
        with _or_lost():
            return self._executor.submit(grade, submission, task)

    def at_once(self) -> int:
        with _or_lost():
            threads: Mapping[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def close(self) -> None:
        with suppress(Exception):  # the scheduler may be what was lost
            self._executor.shutdown(wait=False, cancel_futures=True)
        with suppress(Exception):
            self._client.close(timeout=5)


@contextmanager
def _or_lost() -> Iterator[None]:
    """Raise `Lost` for whatever Dask raises, which is many things where its scheduler is gone."""
    try:
        yield
    except Exception:  # noqa: BLE001  as above
        raise Lost("the cluster's scheduler is gone") from None
