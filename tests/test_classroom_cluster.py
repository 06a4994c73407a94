"""A class on a Dask cluster of this machine: the same gradebook as without one, also where a worker is lost."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from tests.classrooms import command, environment, gradebook, hand_in, results, run, small_class
from tests.gallery.entries import ROOT

pytestmark = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="Dask is not installed")
SETTINGS = {
    "PYTHONPATH": str(ROOT),
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "2",
    "DASK_DISTRIBUTED__WORKER__DAEMON": "True",
}


@dataclass
class ACluster:
    """A scheduler, and workers that may be killed."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, "-m", "dask", *map(str, arguments)],
                cwd=self.folder,
                env=environment(**SETTINGS),
                stdout=log,
                stderr=log,
            )
        self.processes.append(started)
        return started

    def start_scheduler(self) -> None:
        file = self.folder / "scheduler.json"
        scheduler = self.start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", file
        )
        self.address = ""
        while not self.address:
            assert scheduler.poll() is None, (self.folder / "0.log").read_text()
            if file.exists() and (text := file.read_text()).endswith("}"):
                self.address = json.loads(text)["address"]

    def start_worker(self, *options: str) -> subprocess.Popen[bytes]:
        return self.start(
            "worker", self.address, "--nthreads", "1", "--host", "127.0.0.1", "--no-dashboard",
            "--local-directory", self.folder, *options,
        )  # fmt: skip

    def end(self) -> None:
        for process in reversed(self.processes):
            if process.poll() is None:
                family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
                for each in family:
                    with suppress(psutil.NoSuchProcess):
                        each.kill()
                process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[ACluster]:
    (tmp_path / "cluster").mkdir()
    started = ACluster(tmp_path / "cluster")
    try:
        started.start_scheduler()
        yield started
    finally:
        started.end()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade the small class on this machine."""
    folder = tmp_path_factory.mktemp("local")
    assert run("class", small_class(folder / "in"), "--out", folder / "out", "--seed", "2").status == 0
    return folder / "out"


def test_two_workers_give_what_this_machine_gives(cluster: ACluster, local: Path, tmp_path: Path) -> None:
    cluster.start_worker()
    cluster.start_worker()
    arguments = ("class", local.parent / "in", "--out", tmp_path / "out", "--seed", "2")
    ran = run(*arguments, "--cluster", cluster.address)
    assert ran.status == 0, (ran, logs(cluster))
    assert (tmp_path / "out" / "gradebook.csv").read_bytes() == (local / "gradebook.csv").read_bytes()
    for row in gradebook(local):
        assert results(tmp_path / "out", row["id"])["extra_data"] == results(local, row["id"])["extra_data"]


def test_a_worker_that_is_lost_is_done_without(cluster: ACluster, local: Path, tmp_path: Path) -> None:
    lost = cluster.start_worker("--no-nanny")
    cluster.start_worker("--no-nanny")
    out = tmp_path / "out"
    arguments = command("class", local.parent / "in", "--out", out, "--seed", "2", "--cluster", cluster.address)
    with subprocess.Popen(arguments, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not list((out / "results").glob("[abcd]*.json")):
            pass
        lost.kill()
        said, _ = process.communicate(timeout=120)
    assert process.returncode == 0, (said, logs(cluster))
    assert (out / "gradebook.csv").read_bytes() == (local / "gradebook.csv").read_bytes()


def test_a_submission_that_ends_its_workers_is_one_row(cluster: ACluster, tmp_path: Path) -> None:
    """The row says so, instead of a retry for ever; the nanny of a worker makes a new one each time."""
    handed_in, out = small_class(tmp_path / "in"), tmp_path / "out"
    hand_in(handed_in, "zoe", udp_server="while True:\n    pass\n")
    for student in ("amy", "ben", "cem", "dot"):
        for file in (handed_in / student).iterdir():
            file.write_text("")  # quick
    nanny = cluster.start_worker()
    arguments = command("class", handed_in, "--out", out, "--cluster", cluster.address)
    with subprocess.Popen(arguments, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            if len(list((out / "results").glob("*.json"))) == 5 and (grading := at_work(nanny.pid)):
                grading.kill()
        said, _ = process.communicate()
    assert process.returncode == 1, (said, logs(cluster))
    assert {row["id"]: row["status"] for row in gradebook(out)}["zoe"] == "incomplete"
    assert "ended each worker that tried" in said


def at_work(nanny: int) -> psutil.Process | None:
    """Give the worker of a nanny, where it has a grading under way."""
    try:
        for each in psutil.Process(nanny).children(recursive=True):
            if "grading.classroom.nursery" in each.cmdline() and any(each.children()):
                return each.parent()
    except psutil.Error:
        pass
    return None


def test_a_scheduler_that_is_lost_ends_the_run_with_what_is_done(cluster: ACluster, tmp_path: Path) -> None:
    handed_in, out = small_class(tmp_path / "in"), tmp_path / "out"
    hand_in(handed_in, "zoe", udp_server="while True:\n    pass\n")
    cluster.start_worker("--no-nanny")
    arguments = command("class", handed_in, "--out", out, "--cluster", cluster.address)
    with subprocess.Popen(
        arguments, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None and len(list((out / "results").glob("*.json"))) < 3:
            pass
        cluster.processes[0].kill()
        said, complained = process.communicate(timeout=120)
    assert process.returncode == 1, (said, complained)
    assert "Traceback" not in said + complained
    assert len(gradebook(out)) >= 3


def logs(cluster: ACluster) -> str:
    return "\n".join(path.read_text()[-3000:] for path in sorted(cluster.folder.glob("*.log")))
