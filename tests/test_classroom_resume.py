"""A run that was ended goes on where it was, and what is there, whole, is not made again."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grading.classroom.store import Refused, Store
from tests.classrooms import command, environment, gradebook, hand_in, results, run, small_class, solution
from tests.gallery.entries import ROOT

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs signals and flock")


def written(out: Path) -> dict[str, tuple[int, bytes]]:
    """Give when each result was written, and what."""
    return {path.stem: (path.stat().st_mtime_ns, path.read_bytes()) for path in (out / "results").glob("*.json")}


def killed_when(out: Path, results_there: int, *arguments: str | Path) -> None:
    """Start a run and kill it as soon as so many results are there, or with 0 as soon as the folder is."""
    with subprocess.Popen(
        command(*arguments), cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        while process.poll() is None and not (out / "results").is_dir():
            pass
        while process.poll() is None and len(list((out / "results").glob("*.json"))) < results_there:
            pass
        process.kill()


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_class(tmp_path_factory.mktemp("class") / "in")


@pytest.fixture(scope="module")
def whole(handed_in: Path) -> Path:
    """Grade the class without interruption."""
    out = handed_in.parent / "whole"
    assert run("class", handed_in, "--out", out, "--seed", "5").status == 0
    return out


@posix
class TestARunThatWasKilled:
    def test_gives_in_the_end_what_an_uninterrupted_run_gives(
        self, handed_in: Path, whole: Path, tmp_path: Path
    ) -> None:
        out = tmp_path / "out"
        arguments = ("class", handed_in, "--out", out, "--seed", "5")
        moments = sorted(random.Random(6).sample(range(5), 3))
        before: dict[str, tuple[int, bytes]] = {}
        for there in moments:
            killed_when(out, there, *arguments)
            after = written(out)
            assert {name: after.get(name) for name in before} == before, "a whole result was made again"
            assert all(json.loads(content) for _, content in after.values())
            before = after
        assert run(*arguments).status == 0
        after = written(out)
        assert {name: after[name] for name in before} == before
        assert (out / "gradebook.csv").read_bytes() == (whole / "gradebook.csv").read_bytes()
        for each in after:
            ours, theirs = results(out, each), results(whole, each)
            assert ours["extra_data"] == theirs["extra_data"]

    def test_leaves_no_process_behind(self, handed_in: Path, tmp_path: Path) -> None:
        import psutil

        killed_when(tmp_path / "out", 1, "class", handed_in, "--out", tmp_path / "out")
        ours = [each for each in psutil.process_iter() if is_nursery_of(each, handed_in)]
        _, alive = psutil.wait_procs(ours, timeout=60)
        assert alive == []


def is_nursery_of(process: Any, _handed_in: Path) -> bool:
    """Whether it is an orphaned nursery: its parent, which was killed, was this test's."""
    import psutil

    try:
        return "grading.classroom.nursery" in process.cmdline() and process.ppid() == 1
    except psutil.Error:
        return False


class TestASecondRun:
    def test_grades_nothing_that_is_there(self, handed_in: Path, whole: Path) -> None:
        before, book = written(whole), (whole / "gradebook.csv").read_bytes()
        ran = run("class", handed_in, "--out", whole)
        assert (ran.status, written(whole)) == (0, before)
        assert (whole / "gradebook.csv").read_bytes() == book
        assert "5 of the results from before" in ran.out

    def test_grades_a_late_submission_alone(self, tmp_path: Path) -> None:
        for student in ("amy", "ben"):
            hand_in(tmp_path / "in", student, udp_client="")
        arguments = ("class", tmp_path / "in", "--out", tmp_path / "out")
        assert run(*arguments).status == 0
        before = written(tmp_path / "out")
        hand_in(tmp_path / "in", "ben", udp_client=solution("udp_client"))
        hand_in(tmp_path / "in", "cem", udp_client="")
        assert run(*arguments).status == 0
        after = written(tmp_path / "out")
        assert after.keys() == {"amy", "ben", "cem"}
        assert after["amy"] == before["amy"]
        assert [row["score"] for row in gradebook(tmp_path / "out")] == ["0", "24", "0"]
        assert run(*arguments, "--fresh").status == 0
        assert written(tmp_path / "out")["amy"][0] > before["amy"][0]

    def test_puts_aside_who_has_left_and_knows_them_when_they_are_back(self, tmp_path: Path) -> None:
        for student in ("amy", "ben"):
            hand_in(tmp_path / "in", student, udp_client="")
        out = tmp_path / "out"
        arguments = ("class", tmp_path / "in", "--out", out)
        run(*arguments)
        before = written(out)
        (tmp_path / "in" / "ben").rename(tmp_path / "ben")
        ran = run(*arguments)
        assert "No longer in the class, their results put aside: ben (ben)." in ran.out
        assert [row["id"] for row in gradebook(out)] == ["amy"]
        assert written(out).keys() == {"amy"}
        assert not (out / "students" / "ben.html").exists()
        (tmp_path / "ben").rename(tmp_path / "in" / "ben")
        run(*arguments)
        assert written(out) == before
        assert (out / "students" / "ben.html").exists()


def result_of(status: str, *, key: str = "key", content: str = "content", student: str = "amy") -> dict[str, Any]:
    extra = {"isolation": "bwrap", "student": {"id": student, "name": student, "file": student}, "status": status}
    extra |= {"notes": [], "key": key, "content": content}
    return {"score": 10, "max_score": 100, "tests": [], "extra_data": extra}


class TestTheStore:
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        opened = Store(tmp_path / "out")
        yield opened
        opened.close()

    @pytest.mark.parametrize("key", ["key", "of other checks"])
    def test_keeps_a_good_result_where_grading_again_broke(self, store: Store, key: str) -> None:
        store.keep(result_of("graded"))
        before = store.path_of("amy").read_bytes()
        assert store.keep(result_of("incomplete", key=key)).status == "graded"
        assert store.path_of("amy").read_bytes() == before

    def test_takes_a_broken_result_of_another_submission(self, store: Store) -> None:
        store.keep(result_of("graded"))
        assert store.keep(result_of("incomplete", key="other", content="other")).status == "incomplete"
        assert results(store.out, "amy")["extra_data"]["status"] == "incomplete"

    def test_does_not_know_what_is_incomplete_or_of_another_key(self, store: Store) -> None:
        store.keep(result_of("incomplete"))
        assert store.known("amy", "amy", "key") is None
        store.keep(result_of("graded"))
        assert store.known("amy", "amy", "other") is None
        assert store.known("amy", "amy", "key") is not None

    def test_forgets_what_was_not_written_to_its_end(self, store: Store) -> None:
        store.keep(result_of("graded"))
        store.path_of("amy").write_text('{"score": 10,')
        half = store.out / "results" / ".amy.json.0123abcd"
        half.write_text("{")
        store.close()
        again = Store(store.out)
        assert again.known("amy", "amy", "key") is None
        assert not half.exists()
        again.close()

    @pytest.mark.parametrize("late", [True, False])
    def test_knows_what_was_written_in_the_moment_of_the_end(
        self, store: Store, monkeypatch: pytest.MonkeyPatch, *, late: bool
    ) -> None:
        replace = Path.replace

        def ended(path: Path, to: Path) -> None:
            if late:
                replace(path, to)
            raise KeyboardInterrupt

        monkeypatch.setattr(Path, "replace", ended)
        with pytest.raises(KeyboardInterrupt):
            store.keep(result_of("graded"))
        assert [row.id for row in store.written()] == (["amy"] if late else [])
        assert [row.id for row in store.rows()] == (["amy"] if late else [])

    def test_survives_a_write_that_fails(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        store.keep(result_of("graded"))
        before = store.path_of("amy").read_bytes()

        def full(_descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            store.keep(result_of("graded", content="other"))
        assert store.path_of("amy").read_bytes() == before
        assert [path.name for path in (store.out / "results").iterdir()] == ["amy.json"]

    def test_has_one_seed_for_all_runs(self, store: Store) -> None:
        first = store.seed(None)
        assert store.seed(None) == first
        assert store.seed(first + 1) == first + 1
        store.close()
        again = Store(store.out)
        assert again.seed(None) == first + 1
        again.close()

    def test_refuses_a_folder_of_somebody_else(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.txt").write_text("years")
        with pytest.raises(Refused, match="holds something else"):
            Store(tmp_path)
        assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]
        with pytest.raises(Refused, match="is a file"):
            Store(tmp_path / "thesis.txt")

    @posix
    def test_is_for_one_run_at_a_time(self, store: Store) -> None:
        with pytest.raises(Refused, match="another run"):
            Store(store.out)

    def test_is_for_one_shard(self, store: Store) -> None:
        store.hold_to_shard("1/2")
        store.hold_to_shard("1/2")
        with pytest.raises(Refused, match="shard 1/2, not of the whole class"):
            store.hold_to_shard("1/1")


@posix
@pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_is_done_is_saved_and_reported_where_somebody_ends_it(
    number: signal.Signals, status: int, tmp_path: Path
) -> None:
    small_class(tmp_path / "in")
    hand_in(tmp_path / "in", "zoe", udp_server="while True:\n    pass\n")  # takes its time
    out = tmp_path / "out"
    arguments = ("class", tmp_path / "in", "--out", out, "--workers", "1")
    with subprocess.Popen(
        command(*arguments), cwd=ROOT, env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None and len(list((out / "results").glob("*.json"))) < 2:
            pass
        process.send_signal(number)
        said, complained = process.communicate(timeout=60)
    assert process.returncode == status, (said, complained)
    assert "Traceback" not in said + complained
    assert complained.endswith("because it was stopped. Run the same again to go on.\n")
    there = written(out)
    assert 2 <= len(there) < 6
    assert sorted(row["id"] for row in gradebook(out)) == sorted(there)
    assert (out / "index.html").exists()
