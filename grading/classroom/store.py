"""The folder of a class: what was graded is found there again, by whoever grades it next.

``OUT/results/FILE.json`` are written whole or not at all, so that a run may end at any moment. What only this room
reads is hidden: ``.class.json``, the seed and what was found beside submissions; ``.class.lock``; and ``.left``, the
results of students who are no longer in the class.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from grading.reports import visible
from grading.reports.files import write_whole
from grading.reports.rows import CheckRow, Row, row_of

STATE = ".class.json"
_LOCK = ".class.lock"
_WHOLE = ("graded", "unreadable", "missing")
"""Status of a result that is not graded again, as long as its key is the same."""


class Refused(Exception):  # noqa: N818  it says what the command line is not
    """What was asked for cannot be done; the message says, in a sentence, why and what to do."""


@dataclass(frozen=True)
class Kept:
    """What is known of a student from an earlier run, or an earlier minute of this one."""

    row: Row
    key: str
    content: str
    path: Path


class Store:
    """A class's folder, for one run at a time."""

    def __init__(self, out: Path) -> None:
        """Open the folder, or make it. Raises `Refused` where it is somebody else's."""
        self.out = out
        name = visible(str(out))
        try:
            if out.exists() and not out.is_dir():
                raise Refused(f"--out: {name} is a file: name a folder.")
            if out.is_dir() and not (out / STATE).exists() and not all(map(_is_ours, out.iterdir())):
                raise Refused(f"--out: {name} holds something else than a class's grades: name a new folder.")
            out.mkdir(parents=True, exist_ok=True)
            self._lock = (out / _LOCK).open("a")
        except OSError as error:
            raise Refused(f"--out: {name} cannot be written ({error.strerror}): name another folder.") from None
        if not _lock(self._lock):
            self._lock.close()
            raise Refused(f"--out: {name} is being written by another run: wait for its end.")
        for folder in (out, out / "results", out / "students"):
            for half in folder.glob(".*.*.????????"):  # of a run that was killed while it wrote
                half.unlink()
        self.state = self._read_state()
        self.remember()  # that the folder is ours, before anything else is in it
        (out / "results").mkdir(exist_ok=True)
        self._begun: dict[str, Kept] = {}
        """By student: the results that this run has begun to write."""
        self._checks: dict[CheckRow, CheckRow] = {}
        self._kept = dict(self._read_kept(out / ".left")) | dict(self._read_kept(out / "results"))

    def _read_state(self) -> dict[str, Any]:
        try:
            state = json.loads((self.out / STATE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Refused(f"--out: {visible(str(self.out / STATE))} cannot be read ({error}): remove it.") from None
        return state if isinstance(state, dict) else {}

    def _read_kept(self, folder: Path) -> Iterator[tuple[str, Kept]]:
        for path in sorted(folder.glob("*.json")):
            with suppress(OSError, KeyError, TypeError, ValueError):  # then it is made anew
                kept = self._kept_of(json.loads(path.read_bytes()), path)
                yield kept.row.id, kept

    def remember(self, **what: Any) -> None:
        """Keep something for the next run."""
        self.state |= what
        write_whole(self.out / STATE, (json.dumps({"format": 1, **self.state}, indent=1) + "\n").encode())

    def seed(self, asked: int | None) -> int:
        """Give the seed of the class: the one asked for, that of earlier runs, or a new one."""
        seed = self.state.get("seed") if asked is None else asked
        if not isinstance(seed, int):
            seed = random.SystemRandom().randrange(1_000_000)
        if seed != self.state.get("seed"):
            self.remember(seed=seed)
        return seed

    def hold_to_shard(self, shard: str) -> None:
        """Raise `Refused` where an earlier run graded another part of the class here."""
        earlier = self.state.get("shard", shard)
        if earlier != shard:
            raise Refused(
                f"--out: {visible(str(self.out))} holds the grades of {_part(earlier)}, not of {_part(shard)}: "
                "name a folder for each, and merge them."
            )
        self.remember(shard=shard)

    def known(self, identity: str, file: str, key: str) -> Row | None:
        """Give the row of a student whose result of that key is there, whole."""
        kept = self._kept.get(identity)
        if kept is None or kept.key != key or kept.row.file != file or kept.row.status not in _WHOLE:
            return None
        if kept.path != self.path_of(file):  # of one who was away
            kept.path.replace(self.path_of(file))
        return kept.row

    def keep(self, results: Mapping[str, Any]) -> Row:
        """Write the results of a student; give the row that counts.

        That is the earlier one where grading the same submission has broken now and had not before.
        """
        new = self._kept_of(results, self.path_of(str(results["extra_data"]["student"]["file"])))
        old = self._kept.get(new.row.id)
        if new.row.status == "incomplete" and old and old.row.status in _WHOLE and old.content == new.content:
            return old.row
        self._begun[new.row.id] = new
        write_whole(new.path, (json.dumps(results) + "\n").encode("ascii"))  # indented it would take 5 ms
        if old and old.path != new.path:
            old.path.unlink(missing_ok=True)
        self._kept[new.row.id] = new
        return new.row

    def written(self, *, but: Container[str] = ()) -> Iterator[Row]:
        """Give the row of each result that this run has written, even if it was ended in that very moment.

        ``but`` names students that are known of, and passed over.
        """
        for begun in self._begun.values():
            if begun.row.id not in but:
                with suppress(FileNotFoundError):
                    there = self._kept_of(json.loads(begun.path.read_bytes()), begun.path)
                    if there.key == begun.key:
                        self._kept[there.row.id] = there
                        yield there.row

    def _kept_of(self, results: Mapping[str, Any], path: Path) -> Kept:
        """Make what is held of a student: equal checks of several are held once, as a class may be of thousands."""
        extra, row = results["extra_data"], row_of(results)
        row = replace(row, checks=tuple(self._checks.setdefault(check, check) for check in row.checks))
        return Kept(row, str(extra["key"]), str(extra["content"]), path)

    def path_of(self, file: str) -> Path:
        """Say where a student's results are."""
        return self.out / "results" / f"{file}.json"

    def page_of(self, file: str) -> Path:
        """Say where a student's page is."""
        return self.out / "students" / f"{file}.html"

    def rows(self) -> Iterator[Row]:
        """Give everybody of whom there is a result, in the order of their names in ``results``."""
        return (kept.row for kept in self._kept.values() if kept.path.parent.name == "results")

    def results(self, rows: Iterable[Row]) -> Iterator[Mapping[str, Any]]:
        """Read the results of students, one at a time."""
        for row in rows:
            read: Mapping[str, Any] = json.loads(self.path_of(row.file).read_bytes())
            yield read

    def retire(self, present: Iterable[str]) -> list[Row]:
        """Put aside the results of those who are not in the class any more; give their rows."""
        away = self._kept.keys() - set(present)
        gone = [self._kept[identity] for identity in sorted(away) if self._kept[identity].path.parent.name == "results"]
        for kept in gone:
            (self.out / ".left").mkdir(exist_ok=True)
            kept.path.replace(self.out / ".left" / kept.path.name)
            self.page_of(kept.row.file).unlink(missing_ok=True)
        return [kept.row for kept in gone]

    def close(self) -> None:
        """Let others have the folder."""
        self._lock.close()


def _is_ours(path: Path) -> bool:
    """Whether a file is of a run that was killed before it had said whose folder this is."""
    return path.name.startswith((STATE, f".{STATE}", _LOCK))


def _part(shard: str) -> str:
    return "the whole class" if shard == "1/1" else f"shard {visible(str(shard))}"


def _lock(file: IO[str]) -> bool:
    """Lock a file until it is closed; false where another process has."""
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  of that system alone

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  of the other systems alone

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def keep_apart(out: Path, source: Path) -> None:
    """Raise `Refused` where one folder is the other, or in it."""
    own, other = (Path(os.path.realpath(path)) for path in (out, source))
    if own.is_relative_to(other) or other.is_relative_to(own):
        raise Refused(f"--out: name a folder that is not in {visible(str(source))}, nor around it.")
