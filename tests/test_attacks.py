"""Every attack at every level that holds here, as root and as an ordinary user: contained, and with its verdict."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.arena import Isolation, Level, PortTaken, SandboxUnavailable
from grading.arena.shared import check_port_is_free
from grading.arena.sockets import KINDS
from tests.attacks.canaries import SECRET, Canaries
from tests.attacks.entries import (
    LONGEST,
    ROOT,
    Attack,
    Graded,
    Setting,
    Task,
    adopt_orphans,
    differences,
    grade_all,
    in_a_fork,
    left_of,
    packs,
    python_for_all,
    read_attacks,
    settings,
)

pytestmark = pytest.mark.skipif(not Path("/proc/self/ns/pid").exists(), reason="levels are for Linux")

ATTACKS = read_attacks()
PACKS = packs(ATTACKS)
SETTINGS = list(settings())
BESIDE = 3
"""Every how many packs the solutions are graded meanwhile."""
CHECKS = 44
IN_CONTAINERS = (
    *("deletes_everything", "forged_results", "fork_bomb", "daemons_beside", "forbidden_calls", "memory_in_children"),
    *(
        "kills_everybody",
        "stops_everybody",
        "disk_fill",
        "passes_descriptors",
        "setuid_binaries",
        "deep_record",
        "reads_everything",
    ),
)
"""Attacks on files, processes and results: those that matter where the network is the machine's."""
_LEVELS: dict[str, Level] = {"bwrap": "bwrap", "user": "user"}


def need(setting: Setting) -> None:
    """Skip where a setting cannot be; where this is root in CI, everything can."""
    why = ""
    if setting.ordinary:
        why = "" if python_for_all() else "no Python with pytest that everybody may start"
    else:
        isolation = Isolation(_LEVELS[setting.level])
        try:
            isolation.until_ready()
        except (SandboxUnavailable, PortTaken) as unavailable:
            why = str(unavailable)
        isolation.close()
    if why and os.environ.get("CI") and os.geteuid() == 0:
        pytest.fail(why)
    if why:
        pytest.skip(why)


class Outcome:
    """What came of all attacks in one setting, and of the solutions beside them."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        tasks: list[Task] = []
        for number, pack in enumerate(PACKS):
            tasks += [(ROOT / "solutions", setting, ())] if number % BESIDE == 0 else []
            tasks.append((pack, setting, ()))
        self.of_pack: list[Graded] = []
        self.beside: list[Graded] = []
        for (submission, _, _), graded in zip(tasks, grade_all(tasks), strict=True):
            (self.of_pack if isinstance(submission, tuple) else self.beside).append(graded)

    def of(self, attack: Attack) -> Graded:
        return next(graded for pack, graded in zip(PACKS, self.of_pack, strict=True) if attack in pack)


@pytest.fixture(scope="module", params=SETTINGS, ids=[setting.name for setting in SETTINGS])
def outcome(request: pytest.FixtureRequest) -> Outcome:
    need(request.param)
    return Outcome(request.param)


@pytest.mark.parametrize("attack", ATTACKS, ids=[attack.name for attack in ATTACKS])
def test_an_attack_gets_what_it_earned(outcome: Outcome, attack: Attack) -> None:
    assert differences(attack, outcome.of(attack)) == []


@pytest.mark.parametrize("number", range(len(PACKS)))
class TestSomeAttacks:
    def test_touch_nobody_and_leave_nothing(self, outcome: Outcome, number: int) -> None:
        assert outcome.of_pack[number].hurt == []

    def test_end_in_time(self, outcome: Outcome, number: int) -> None:
        assert outcome.of_pack[number].seconds < LONGEST

    def test_have_a_result_for_every_check(self, outcome: Outcome, number: int) -> None:
        results = outcome.of_pack[number].results
        assert results is not None
        assert len({test["extra_data"]["check"] for test in results["tests"]}) == CHECKS
        assert results["extra_data"]["complete"]
        assert results["extra_data"]["isolation"] == outcome.setting.level
        assert SECRET not in json.dumps(results)

    def test_show_no_control_characters(self, outcome: Outcome, number: int) -> None:
        graded = outcome.of_pack[number]
        assert controls_in(graded.screen) == []
        assert graded.results is not None
        for test in graded.results["tests"]:
            assert controls_in(test["output"] + test["name"]) == []


def controls_in(text: str) -> list[str]:
    """List what does not print, but ends of lines."""
    return sorted({char for char in text if not char.isprintable() and char != "\n"})


def _leave_a_daemon() -> list[str]:
    adopt_orphans()
    subprocess.run(["sh", "-c", "setsid sleep 60 &"], check=True)
    return left_of(within=0.2)


def test_a_process_that_is_left_would_be_found() -> None:
    (told,) = in_a_fork(_leave_a_daemon)
    assert "sleep" in told


def test_whatever_happens_to_a_canary_would_be_found(tmp_path: Path) -> None:
    with Canaries(tmp_path, ordinary=False) as canaries:
        assert canaries.hurt() == []
        os.kill(canaries.pid, signal.SIGSTOP)
        wait_until(lambda: "a process of the machine's was stopped" in canaries.hurt())
        (canaries.folder / "udp_server.py").write_text("owned")
        listener = socket.create_connection(("127.0.0.1", canaries.port))
        listener.close()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"hi", ("127.0.0.1", canaries.port))
        for name in (f"\0{canaries.abstract}", str(canaries.folder / "socket")):
            with socket.socket(socket.AF_UNIX) as local:
                local.connect(name)
        assert len(canaries.hurt()) == 6
        os.kill(canaries.pid, signal.SIGKILL)
        wait_until(lambda: any("was ended" in text for text in canaries.hurt()))


def wait_until(seen: Callable[[], bool]) -> None:
    """Look until something is so. Raises ``AssertionError`` where it never is."""
    begin = time.monotonic()
    while not seen():
        assert time.monotonic() - begin < 10


def test_a_right_submission_beside_them_keeps_full_marks(outcome: Outcome) -> None:
    assert len(outcome.beside) == -(-len(PACKS) // BESIDE)
    for graded in outcome.beside:
        assert graded.results is not None, graded.screen
        assert graded.results["score"] == 100, graded.screen
        assert graded.hurt == []


@pytest.fixture(scope="module")
def contained() -> list[tuple[tuple[Attack, ...], Graded]]:
    """Grade where root may make no namespaces, as in most containers; one at a time, on the machine's network."""
    if os.geteuid() != 0:
        pytest.skip("only root can be kept from that")
    try:
        for kind in KINDS:
            check_port_is_free(kind)
    except PortTaken as taken:
        pytest.skip(str(taken))
    setting = Setting("user", narrowed=True)
    chosen = packs(attack for attack in ATTACKS if attack.slug in IN_CONTAINERS)
    tasks: list[Task] = [(ROOT / "solutions", setting, ()), *((pack, setting, ()) for pack in chosen)]
    return list(zip([(), *chosen], grade_all(tasks, at_a_time=1), strict=True))


class TestInAContainer:
    def test_a_right_submission_gets_full_marks(self, contained: list[tuple[tuple[Attack, ...], Graded]]) -> None:
        _, solutions = contained[0]
        assert solutions.results is not None, solutions.screen
        assert solutions.results["score"] == 100, solutions.screen
        assert "Namespaces are refused here" in solutions.results["output"]

    def test_attacks_on_files_processes_and_results_are_contained(
        self, contained: list[tuple[tuple[Attack, ...], Graded]]
    ) -> None:
        told = {attack.name: differences(attack, one) for pack, one in contained for attack in pack}
        assert len(told) == len(IN_CONTAINERS)
        assert {name: texts for name, texts in told.items() if texts} == {}
        assert [text for _, one in contained for text in one.hurt] == []


SOLUTION = (ROOT / "solutions/lab1_udp/udp_server.py").read_bytes()
NASTY = (
    *(
        "=cmd|' -C calc'!A0.py",
        "<script>alert(1)<%2fscript>.py",
        "\x1b[2J\x1b[31mred.py",
        "line\nbreak.py",
        "'quotes\"`$(id)`.py",
    ),
    *("\u202egnp.yp", "[bold]rich[link].py", "{{7*7}}.py", "-rf", "--results=x", "a;b&c|d.py"),
)


def special_files(folder: Path) -> None:
    """Programs that are no files."""
    (folder / "udp_server.py").symlink_to(ROOT / "solutions/lab1_udp/udp_server.py")
    os.mkfifo(folder / "udp_client.py")
    (folder / "tcp_server.py").symlink_to("/dev/zero")
    if os.geteuid() == 0:
        os.mknod(folder / "tcp_client.py", stat.S_IFCHR | 0o666, os.makedev(1, 5))
    else:
        (folder / "tcp_client.py").mkdir()
    (folder / "loop").symlink_to(folder)
    with (folder / "huge.py").open("wb") as huge:
        huge.truncate(1 << 40)  # bytes that take no room


def nasty_names(folder: Path) -> None:
    """A right program among files whose names are markup, formulas, options and control characters."""
    (folder / "udp_server.py").write_bytes(SOLUTION)
    for name in NASTY:
        (folder / name).write_text("print('hi')\n")
    (folder / "\x1b[2J").mkdir()
    (folder / "\x1b[2J" / "udp_server.py").write_text("raise SystemExit\n")
    (folder / "=1+1.fifo\n").symlink_to("/etc/passwd")


def graders_own_names(folder: Path) -> None:
    """A right program among files that Python, pytest and the grader would take for their own."""
    (folder / "udp_server.py").write_bytes(SOLUTION)
    spoiler = f"open({str(folder / 'spoiled')!r}, 'w').close()\nraise SystemExit('owned')\n"
    for name in (
        "conftest",
        "sitecustomize",
        "usercustomize",
        "pytest",
        "launcher",
        "forkserver",
        "networks",
        "confinement",
        "recorder",
        "grading",
        "json",
    ):
        (folder / f"{name}.py").write_text(spoiler)
    (folder / "test_folder").mkdir()
    (folder / "test_folder" / "conftest.py").write_text(spoiler)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (folder / "results.json").write_text('{"score": 100}')


def zipped(folder: Path, name: str, *entries: tuple[str, bytes]) -> None:
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, data in entries:
            packed.writestr(path, data)


def zip_bomb(folder: Path) -> None:
    """A megabyte that becomes a gigabyte: 64 entries of 16 MB."""
    zipped(folder, "bomb.zip", *((f"{number}/udp_server.py", bytes(16 << 20)) for number in range(64)))


def zip_in_zips(folder: Path) -> None:
    """A zip in a zip in a zip."""
    data = SOLUTION
    for depth in range(4):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as packed:
            packed.writestr("udp_server.py" if depth == 0 else "inner.zip", data)
        data = inner.getvalue()
    (folder / "outer.zip").write_bytes(data)


def zip_that_climbs(folder: Path) -> None:
    """An entry that would land beside the folder it is unpacked into."""
    zipped(folder, "up.zip", ("udp_server.py", SOLUTION), ("../../neighbours/udp_server.py", b"owned"))


def zip_from_the_root(folder: Path) -> None:
    """An entry with an absolute path."""
    zipped(folder, "root.zip", ("udp_server.py", SOLUTION), ("/etc/owned", b"owned"))


def zip_with_a_link(folder: Path) -> None:
    """A link to a folder of the machine's, and a file that would be written through it."""
    with zipfile.ZipFile(folder / "link.zip", "w") as packed:
        link = zipfile.ZipInfo("out")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, str(folder))
        packed.writestr("out/owned.py", b"owned")
        packed.writestr("udp_server.py", SOLUTION)


SUBMISSIONS: tuple[tuple[Callable[[Path], None], float], ...] = (
    (special_files, 0),
    (nasty_names, 24),
    (graders_own_names, 24),
    (zip_bomb, 0),
    (zip_in_zips, 0),
    (zip_that_climbs, 0),
    (zip_from_the_root, 0),
    (zip_with_a_link, 24),
)


@pytest.fixture(scope="module")
def handed_in(isolation: Isolation, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Path, Graded]]:
    """Grade all of them at the best level there is."""
    if isolation.level == "none":
        pytest.skip("nothing keeps programs apart here")
    folders = []
    for build, _ in SUBMISSIONS:
        folders.append(tmp_path_factory.mktemp(build.__name__))
        build(folders[-1])
    setting = Setting(isolation.level)
    return list(zip(folders, grade_all([(folder, setting, ()) for folder in folders]), strict=True))


@pytest.mark.parametrize("number", range(len(SUBMISSIONS)), ids=[build.__name__ for build, _ in SUBMISSIONS])
def test_a_submission_that_is_an_attack_is_graded_or_refused(handed_in: list[tuple[Path, Graded]], number: int) -> None:
    folder, graded = handed_in[number]
    assert graded.results is not None, graded.screen
    assert graded.results["score"] == SUBMISSIONS[number][1], graded.screen
    assert len(graded.results["tests"]) == CHECKS
    assert graded.hurt == []
    assert controls_in(graded.screen) == []
    assert controls_in(graded.results["output"]) == []
    assert "Traceback" not in graded.screen
    assert not (folder / "spoiled").exists()
    assert not (folder / "owned.py").exists()
    assert not Path("/etc/owned").exists()


def test_a_submission_is_not_named_before_the_grader(tmp_path: Path) -> None:
    """Else pytest would look for its conftest.py before it has seen ours."""
    (tmp_path / "udp_server.py").write_bytes(SOLUTION)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    arguments = ("--submission", str(tmp_path), "grading", "--collect-only")
    done = subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stderr.strip().startswith("ERROR: put grading before --submission")
