"""The benchmark measures what it says: on tiny classes, and no times are asserted, as other programs are at work."""

from __future__ import annotations

import ast
import json
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from grading.arena import LEVELS, Isolation, PortTaken
from tests.bench import __main__ as bench
from tests.bench import classes, command, figures, peers, single
from tests.bench.classes import Classes, hand_in_half_broken, hand_in_solutions
from tests.bench.command import ClassRun
from tests.bench.figures import CHECKS, Size, take_turns, told
from tests.bench.peers import Contender
from tests.classrooms import LABS, solution
from tests.gallery.entries import ROOT, read_gallery
from tests.test_architecture import RUBRIC


@pytest.fixture(autouse=True)
def levels_anew() -> None:
    figures.why_not.cache_clear()


class TestFigures:
    def test_there_are_as_many_checks_as_in_the_rubric(self) -> None:
        assert len(RUBRIC) == CHECKS

    @pytest.mark.parametrize("value, met, ending", [(2.0, [True], "goal: at most 2 ms"), (2.1, [False], "ms, MISSED")])
    def test_are_told_with_their_goal(
        self, capsys: pytest.CaptureFixture[str], value: float, met: list[bool], ending: str
    ) -> None:
        assert [told("a check", value, 2.0, "ms")] == met
        assert capsys.readouterr().out.rstrip().endswith(ending)

    def test_without_a_goal_are_met(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert told("a check", 1e9, None, "ms")
        assert "goal" not in capsys.readouterr().out

    def test_an_empty_run_refuses_the_plugins_that_grading_refuses(self, tmp_path: Path) -> None:
        (tmp_path / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
        command = [*figures.PYTEST, "--trace-config", str(tmp_path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0
        assert "1 passed" in done.stdout
        assert re.findall(r"PLUGIN registered: .*(?:hypothesis|nbval|anyio).*", done.stdout) == []

    def test_runs_take_turns(self) -> None:
        numbers = count(1)
        assert take_turns(dict.fromkeys("ab", lambda: next(numbers)), 2) == {"a": [1, 3], "b": [2, 4]}

    def test_the_level_is_said_where_it_is_not_the_best(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(figures, "why_not", lambda level: "" if level == "none" else "no bwrap here")
        assert figures.best_level() == "none"
        assert capsys.readouterr().out == "at level none, and not at bwrap: no bwrap here\n"

    def test_no_level_at_all_is_said(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        monkeypatch.setattr(figures, "why_not", lambda level: f"{level} does not hold")
        assert [part(Size(2, 1)) for part in (classes.measure, peers.measure)] == [[], []]
        assert capsys.readouterr().out == "not measured: none does not hold\n" * 2

    def test_a_port_that_is_taken_is_a_reason(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def taken(_isolation: Isolation) -> None:
            raise PortTaken("somebody is there")

        monkeypatch.setattr(Isolation, "until_ready", taken)
        assert figures.why_not("none") == "somebody is there"


class TestCommandLine:
    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Size]]:
        asked: list[tuple[str, Size]] = []

        def part(name: str, size: Size) -> list[bool]:
            asked.append((name, size))
            return [True, name != "peers"]

        monkeypatch.setattr(bench, "PARTS", {name: partial(part, name) for name in bench.PARTS})
        return asked

    def test_runs_every_part(self, asked: list[tuple[str, Size]]) -> None:
        assert bench.main([]) == 1, "the goal of one part is missed"
        assert asked == [(part, Size(100, 3)) for part in ("single", "classes", "peers")]

    def test_runs_the_part_that_is_named(self, asked: list[tuple[str, Size]]) -> None:
        assert bench.main(["classes", "--students", "4", "--rounds", "1", "--long"]) == 0
        assert asked == [("classes", Size(4, 1, long=True))]

    def test_goes_on_after_a_part_that_cannot_be_measured(
        self, asked: list[tuple[str, Size]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def broken(_size: Size) -> list[bool]:
            raise RuntimeError("the class was not graded")

        monkeypatch.setattr(bench, "PARTS", {"broken": broken, "single": bench.PARTS["single"]})
        assert bench.main([]) == 1
        assert [part for part, _ in asked] == ["single"]
        assert "not measured to its end: the class was not graded\n" in capsys.readouterr().out

    @pytest.mark.parametrize("typed", [["nothing"], ["--students", "1"], ["--rounds", "0"], ["--rounds", "x"]])
    def test_says_what_it_cannot_do(self, typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            bench.main(typed)
        assert ended.value.code == 2
        assert f'"{typed[-1]}"' in capsys.readouterr().err


class TestClasses:
    def test_no_two_students_hand_in_the_same(self, tmp_path: Path) -> None:
        texts = [path.read_bytes() for path in hand_in_solutions(tmp_path / "class", 3).rglob("*.py")]
        assert len(texts) == len(set(texts)) == 3 * len(LABS)
        (first, *_), program = sorted((tmp_path / "class").iterdir()), "udp_server"
        parsed = [ast.dump(ast.parse(text)) for text in (solution(program), (first / f"{program}.py").read_text())]
        assert parsed[0] == parsed[1]

    def test_every_other_student_has_one_broken_program(self, tmp_path: Path) -> None:
        broken = {entry.path.read_bytes() for entry in read_gallery() if not entry.fair}
        seen = []
        for student in sorted(hand_in_half_broken(tmp_path / "class", 8).iterdir()):
            texts = [(student / f"{program}.py").read_bytes().rpartition(b"\n# ")[0] for program in LABS]
            seen.append(sum(text in broken for text in texts))
        assert seen == [0, 1] * 4

    def test_broken_programs_are_spread_over_the_gallery(self) -> None:
        entries = [entry for entry in read_gallery() if not entry.fair]
        assert {entry.program for entry in classes._spread(entries, 8)} == {*LABS}
        assert classes._spread(entries, len(entries)) == entries
        assert classes._spread(entries[:2], 3) == [*entries[:2], entries[0]]

    def test_are_graded_and_then_known(self, tmp_path: Path) -> None:
        level = figures.best_level()
        if level is None or level == "none":
            pytest.skip("programs would share the real port")
        made = Classes(tmp_path, level)
        run = made.grade(hand_in_half_broken, 2)
        out = made.graded(hand_in_half_broken, 2)
        results = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (out / "results").iterdir()}
        tests = [test for _, text in results.values() for test in json.loads(text)["tests"]]
        assert len(tests) == 2 * CHECKS
        assert len([*(out / "students").iterdir()]) == 2
        assert run.seconds > 0
        assert min(run.main, run.nursery) > 10 or not Path("/proc/self/status").exists()
        made.grade_again(hand_in_half_broken, 2)
        assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in results} == results

    def test_that_cannot_be_graded_are_no_figures(self, tmp_path: Path) -> None:
        with pytest.raises(RuntimeError, match=r"(?s)ended with 2:\n.*nowhere"):
            command.grade_class(tmp_path / "nowhere", tmp_path / "out", "none")

    def test_all_that_is_asked_for_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """With made-up runs: 2 s of a start, 1 s a student, half as long again where half of them is broken."""

        def made_up(submissions: Path, _out: Path, _level: str) -> ClassRun:
            students = len([*submissions.iterdir()])
            longer = 1.5 if "broken" in submissions.name else 1
            return ClassRun(2 + students * longer, 50 + students, 40)

        monkeypatch.setattr(classes, "grade_class", made_up)
        monkeypatch.setattr(classes, "cores", lambda: 2)
        monkeypatch.setattr(classes, "networks_can_be_made", lambda: True)
        monkeypatch.setattr(classes, "seconds_of", lambda _run: 0.88)  # for 44 bare children
        monkeypatch.setattr(sys, "platform", "linux")
        met = classes._measure(Classes(tmp_path, "bwrap"), Size(10, 1, long=True))
        told = [line[58:73].split() for line in capsys.readouterr().out.splitlines()[1:]]
        assert told == [
            ["4.00", "s"],
            ["12.00", "s"],
            ["27.27", "ms"],
            ["20.00", "ms"],
            ["1.36", "times"],
            ["0.92", "times"],
            ["1.00", "times"],
            ["1.42", "times"],
            ["12.00", "s"],
            ["60.00", "MB"],
            ["1.17", "times"],
            ["2.50", "times"],
            ["40.00", "MB"],
            ["1.00", "times"],
            ["1.00", "times"],
        ]
        assert met == [False, True, True, True, True, True, False, True, True]


class TestMemory:
    def test_of_a_process_that_is_gone_is_nothing(self) -> None:
        nobody = 2**22 + 1  # more than Linux gives
        assert (command._peak_of(nobody), command._nurseries_of(nobody)) == (0, [])

    @pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells it")
    def test_that_was_given_back_counts(self) -> None:
        """The kernel keeps the peak; what is held when one looks would be less."""
        code = "held = bytearray(150 << 20); del held; print(flush=True); input()"
        with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            assert 150 < command._peak_of(process.pid) < 250
            process.communicate(b"\n")


class TestPeers:
    def test_our_peer_grades_the_solutions(self, tmp_path: Path) -> None:
        if why := peers.why_no_own_network():
            pytest.skip(why)
        assert peers.run_peer(tmp_path, "poll", 2, 2, peers.OWN_NETWORK) > 0
        results = [json.loads((tmp_path / f"results-{place}.json").read_text()) for place in range(2)]
        assert [[test["status"] for test in read["tests"]] for read in results] == [["passed"] * 2] * 2

    def test_a_peer_that_fails_is_no_figure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        if why := peers.why_no_own_network():
            pytest.skip(why)
        for program in ("udp_server", "tcp_server"):
            (tmp_path / "solutions").mkdir(exist_ok=True)
            (tmp_path / "solutions" / f"{program}.py").write_text("print('no server')")
        monkeypatch.setattr(peers, "ROOT", tmp_path)
        monkeypatch.setattr(peers, "_PEER", impatient_peer(tmp_path))
        with pytest.raises(RuntimeError, match=r"2 of the peer's 2 checks do not pass .*refused"):
            peers.run_peer(tmp_path, "poll", 2, 1, peers.OWN_NETWORK)

    def test_a_peer_that_breaks_is_no_figure(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Results of a run before are not taken for its own."""
        (tmp_path / "results-0.json").write_text('{"tests": []}')
        monkeypatch.setattr(peers, "_PEER", tmp_path / "nowhere.py")
        with pytest.raises(RuntimeError, match="wrote no results"):
            peers.run_peer(tmp_path, "poll", 1, 1, ["env"])

    def test_that_would_share_a_network_are_not_measured_at_once(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        monkeypatch.setattr(peers, "port_gets_free", lambda: True)
        found = [one for one in peers.contenders(Classes(tmp_path, "none"), Size(2, 1)) if one.peer]
        assert "not measured: the peer several at once" in capsys.readouterr().out
        assert [(one.what, one.apart) for one in found] == [
            ("gradescope-utils, trying every ms", "no"),
            ("gradescope-utils, sleep(1)", "no"),
        ]

    def test_a_port_that_is_taken_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(shutil, "which", lambda _name: None)
        with taken_port("tcp") as port:
            monkeypatch.setattr(peers, "PORT", port)
            assert not peers.port_gets_free(within=0)
            monkeypatch.setattr(peers, "port_gets_free", lambda: False)
            found = peers.contenders(Classes(tmp_path, "none"), Size(2, 1))
            assert f"another program is at port {port}" in capsys.readouterr().out
            assert [one for one in found if one.peer] == []
            with pytest.raises(RuntimeError, match=f"port {port} was taken"):
                peers.run_peer(tmp_path, "poll", 1, 1, ())

    @pytest.mark.parametrize("kind", ["udp", "tcp"])
    def test_a_port_of_either_kind_counts(self, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
        with taken_port(kind) as port:
            monkeypatch.setattr(peers, "PORT", port)
            assert not peers._port_is_free()

    def test_what_is_not_installed_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(peers, "find_spec", lambda _name: None)
        found = peers.contenders(Classes(tmp_path, "bwrap"), Size(2, 1))
        assert "gradescope-utils, which is not installed" in capsys.readouterr().out
        assert [one for one in found if one.peer] == []

    @pytest.mark.parametrize("best, met", [(0.008, [True]), (0.004, [False])])
    def test_the_best_of_them_is_the_goal(
        self, capsys: pytest.CaptureFixture[str], best: float, met: list[bool]
    ) -> None:
        compared = [
            Contender("ours", "bwrap", lambda: 0.006),
            Contender("another", "no", lambda: 0.036, peer=True),
            Contender("the best", "no", lambda: best, peer=True),
            Contender("no grader at all", "network", lambda: 0.001),
        ]
        assert peers._measure(compared, 1) == met
        rows = [line.split() for line in capsys.readouterr().out.splitlines()]
        assert rows[2] == ["another", "36.00", "6.00", "no"]
        assert rows[4] == ["no", "grader", "at", "all", "1.00", "0.17", "network"]

    def test_no_peer_at_all_is_no_goal(self) -> None:
        assert peers._measure([Contender("ours", "bwrap", lambda: 0.006)], 1) == []


@contextmanager
def taken_port(kind: str) -> Iterator[int]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM) as somebody:
        somebody.bind(("127.0.0.1", 0))
        yield somebody.getsockname()[1]


def impatient_peer(folder: Path) -> Path:
    path = folder / "peer.py"
    path.write_text(peers._PEER.read_text().replace("PATIENCE = 5.0", "PATIENCE = 0.1"))
    return path


class TestSingle:
    def test_runs_what_it_measures(self, isolation: Isolation) -> None:
        entry = next(entry for entry in read_gallery() if entry.name == "broken/udp_server/echoes")
        assert single.broken_against_reference([entry], 1) > 0
        if isolation.level == "bwrap":
            assert single.recorded_against_unrecorded(1) > 0
        if single.networks_can_be_made():
            single.bare_checks(2)

    def test_every_level_that_holds_is_told(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(single, "why_not", lambda level: "no bwrap here" if level == "bwrap" else "")
        monkeypatch.setattr(single, "run_quietly", lambda _command: None)
        monkeypatch.setattr(single, "networks_can_be_made", lambda: False)
        monkeypatch.setattr(single, "broken_against_reference", lambda _entries: 1.0)
        single.measure(Size(), 1)
        said = capsys.readouterr().out
        assert "not measured: no bwrap here\n" in said
        assert [level for level in LEVELS if f"isolation {level}, against none" in said] == ["user"]
        assert "recorder" not in said
