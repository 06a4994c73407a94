"""Failed runs drawn beside the reference's: on the terminal, in ``results.json``, and with no harm to the grading."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from grading.arena import Bench, GraderError, Isolation, PortTaken, Script
from grading.checks import test_lab1_udp as udp
from grading.results import CheckResult, Verdict
from grading.session import GradingSession, Settings
from grading.transcript import Conversation
from tests.gallery.entries import ROOT
from tests.talks import parsed
from tests.test_commands import ESCAPE, Run, grade

BROKEN = ROOT / "tests" / "gallery" / "broken"
SEED = ("--seed", "7")
A_FEW = ("-k", "udp_server_starts or udp_server_answers_one_message or udp_server_answers_again")
HEADINGS = ("What happened:", "The same with the reference:")
HOSTILE = """\
import socket
print("\\x1b[2J\\x07</text><script>alert(1)</script>", flush=True)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12000))
data, client = server.recvfrom(2048)
try:
    server.sendto("\\x1b[31m</text><script>&", client)
except TypeError:
    pass
raise type("\\x1b[31mBad</text>", (Exception,), {})
"""


def submission(folder: Path, **programs: str) -> Path:
    """Hand in programs of the gallery of broken ones: ``udp_server="no_loop"``."""
    for program, name in programs.items():
        shutil.copy(BROKEN / program / f"{name}.py", folder / f"{program}.py")
    return folder


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Grade a server without a loop, and no other program, with drawings and in colour."""
    folder = tmp_path_factory.mktemp("drawn")
    handed_in = submission(folder, udp_server="no_loop")
    options = ("--diagrams", "--color=yes", "--results", folder / "results.json", "-k", "udp")
    return grade("--submission", handed_in, *SEED, *options)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Grade a program that prints and sends what should harm a terminal or a page."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "udp_server.py").write_text(HOSTILE, encoding="utf-8")
    options = ("--diagrams", "--results", folder / "results.json", "-k", "udp_server")
    return grade("--submission", folder, *SEED, *options, NO_COLOR="1")


def plain(text: str) -> str:
    """Take the colours and the ports that the system chose out of a text."""
    return re.sub(r"(127\.0\.0\.1(?:', |:))(?!12000\b)\d+", r"\1PORT", re.sub(r"\x1b\[[\d;]*m", "", text))


def runs_of(run: Run) -> dict[str, Any]:
    """Give the runs in the results, by check."""
    tests = [test["extra_data"] for test in run.tests]
    return {data["check"]: data["runs"] for data in tests if "runs" in data}


def lines_like(text: str, *patterns: str) -> list[bool]:
    """Say of each pattern whether a line of the text has it; whether a call had to wait is left open."""
    return [any(re.search(pattern, line) for line in text.splitlines()) for pattern in patterns]


OWN = (
    r"your udp_server\.py +the grader's client$",
    r"^    7 socket\(AF_INET, SOCK_DGRAM\)$",
    r"^    8 bind\(\('', 12000\)\)$",
    r"^      prints 'The server is ready to$",
    r"recvfrom.*b'cusa.* ◀───── +sendto\(b'cusa cugi gufunu',",
    r"^   12 sendto\(b'CUSA CUGI GUFUNU', +─────▶ +recv\(65536\): b'CUSA CUGI$",
)


class TestTheScorecard:
    def test_draws_what_happened_and_the_same_with_the_reference(self, drawn: Run) -> None:
        text = plain(drawn.out)
        own, reference = (text.index(heading) for heading in HEADINGS)
        assert lines_like(text[own:reference], *OWN) == [True] * len(OWN)
        assert "the reference's udp_server.py" in text[reference:]
        assert lines_like(text[reference:], "sendto.b'KIFU CUKO POVINE'.* ─────▶") == [True]

    def test_marks_the_step_at_which_it_went_wrong(self, drawn: Run) -> None:
        text = plain(drawn.out)
        drawing = text[text.index(HEADINGS[0]) : text.index(HEADINGS[1])]
        assert [line for line in drawing.splitlines() if line.startswith("✗")] == ["✗     ends (exit status 0)"]
        assert f"{ESCAPE}31m✗     ends (exit status 0)" in drawn.out

    def test_says_where_the_two_part(self, drawn: Run) -> None:
        said = "Where they part: The reference calls recvfrom again here; your program calls close on line 13."
        assert said in " ".join(plain(drawn.out).split())

    def test_draws_each_cause_once(self, drawn: Run) -> None:
        failed = [data for data in (test["extra_data"] for test in drawn.tests) if data["cause"] == "one-client-only"]
        assert len(failed) > 1
        assert drawn.out.count(HEADINGS[0]) == 1

    def test_draws_nothing_unasked(self, tmp_path: Path) -> None:
        handed_in = submission(tmp_path, udp_server="no_loop")
        out = grade("--submission", handed_in, *SEED, *A_FEW).out
        assert "Answers several messages, one after the other" in out
        assert not re.search("◀|▶|Where they part|What happened:", out)

    def test_draws_no_program_that_is_not_there(self, drawn: Run) -> None:
        text = plain(drawn.out)
        assert "udp_client.py is not in the submission" in text
        assert text.count("What happened:") == 1

    def test_has_no_colours_where_none_are_wanted(self, hostile: Run) -> None:
        assert "\x1b" not in hostile.out
        assert HEADINGS[0] in hostile.out


class TestResults:
    def test_have_the_runs_of_failed_checks_only(self, drawn: Run) -> None:
        verdicts = drawn.verdicts()
        found = runs_of(drawn)
        assert found
        assert {verdicts[check] for check in found} == {"failed"}
        failed = {check for check, verdict in verdicts.items() if verdict == "failed"}
        assert failed - found.keys() == {"udp_client_sends_a_datagram"}  # it was not there

    def test_have_both_runs_and_where_they_part_for_the_first_of_a_kind(self, drawn: Run) -> None:
        runs = [run for check, run in runs_of(drawn).items() if check.startswith("udp_server")]
        first = runs[0]
        assert set(first) == {"own", "reference", "parting"}
        assert "your program calls close" in first["parting"]
        assert Conversation.from_json(first["own"]).lanes[0] == "your udp_server.py"
        assert Conversation.from_json(first["reference"]).lanes[0] == "the reference's udp_server.py"
        assert [run["reference"] for run in runs[1:]] == [None] * (len(runs) - 1)

    def test_are_drawn_as_images_too(self, drawn: Run) -> None:
        for runs in runs_of(drawn).values():
            assert parsed(Conversation.from_json(runs["own"])._repr_svg_()).get("role") == "img"


class TestAHostileProgram:
    def test_shows_its_commands_as_text_on_the_terminal(self, hostile: Run) -> None:
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", hostile.out)
        drawing = "".join(hostile.out[hostile.out.index(HEADINGS[0]) :].split())
        assert "prints'\\x1b[2J\\x07</text><script>" in drawing
        assert "sendto('\\x1b[31m</text>" in drawing
        assert "endsby\\x1b[31mBad</text>" in drawing

    def test_shows_its_markup_as_text_on_a_page(self, hostile: Run) -> None:
        for runs in runs_of(hostile).values():
            svg = Conversation.from_json(runs["own"])._repr_svg_()
            assert "<script" not in svg
            assert "\x1b" not in svg
            texts = "".join(each.text or "" for each in parsed(svg).iter("{http://www.w3.org/2000/svg}text"))
            assert "<script>" in texts


def test_draws_on_the_real_loopback_too(tmp_path: Path) -> None:
    try:
        Isolation("none").until_ready()
    except PortTaken as taken:
        pytest.skip(str(taken))
    handed_in = submission(tmp_path, udp_server="no_loop")
    out = grade("--submission", handed_in, *SEED, *A_FEW, "--diagrams", "--isolation", "none").out
    if "is in use by another program" in out:
        pytest.skip("port 12000 was taken meanwhile")
    text = plain(out)
    own, reference = (text.index(heading) for heading in HEADINGS)
    assert lines_like(text[own:reference], *OWN) == [True] * len(OWN)
    assert "sendto(b'CUSA CUGI GUFUNU'" in text[reference:]


CHECKS = {name.removeprefix("test_"): check for name, check in vars(udp).items() if name.startswith("test_udp_server_")}
Grading = Callable[..., GradingSession]


@pytest.fixture
def grading(tmp_path: Path) -> Iterator[Grading]:
    """Open a grading of one broken UDP server, with its checks."""
    opened: list[GradingSession] = []

    def of(name: str, *, drawings: bool = True) -> GradingSession:
        handed_in = submission(tmp_path, udp_server=name)
        session = GradingSession(Settings(str(handed_in), "auto", 7, 1.0, drawings=drawings))
        opened.append(session)
        session.start()
        for check, act in CHECKS.items():
            session.rubric.add(check, act.__doc__ or check, "udp_server", 1, ())
        return session

    yield of
    for session in opened:
        session.close()


def judged(session: GradingSession, check: str) -> CheckResult:
    """Make one check, as pytest does."""
    act = CHECKS[check]
    with session.stage(check) as stage:
        bench = Bench(stage, session.script, session.reference)
        call = pytest.CallInfo[object].from_call(lambda: act(bench), "call")
        result = session.judge(check, call, stage, act)
    assert result is not None
    return result


@pytest.mark.parametrize("name", ["no_loop", "small_buffer"])
def test_verdicts_and_words_are_the_same_with_drawings_and_without(grading: Grading, name: str) -> None:
    told: list[list[tuple[Verdict, str]]] = []
    for drawings in (False, True):
        session = grading(name, drawings=drawings)
        results = [judged(session, check) for check in CHECKS]
        drawn = [result for result in results if result.feedback and result.feedback.runs]
        assert bool(drawn) == drawings
        told.append([(each.verdict, plain(each.feedback.happened if each.feedback else "")) for each in results])
    assert told[0] == told[1]
    assert {verdict for verdict, _ in told[0]} == {Verdict.PASSED, Verdict.FAILED}


def test_a_run_that_cannot_be_drawn_leaves_the_verdict_as_it_is(
    grading: Grading, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no drawing of this")

    monkeypatch.setattr("grading.runs.run_of", broken)
    session = grading("no_loop")
    result = judged(session, "udp_server_answers_again")
    assert (result.verdict, result.feedback and result.feedback.runs) == (Verdict.FAILED, None)
    assert session.result().notes[-1].endswith("cannot be shown: RuntimeError: no drawing of this")


def missing(_: str) -> Script:
    raise GraderError("solutions/ has 0 programs named udp_server.py")


@pytest.mark.parametrize(
    "reference, why",
    [
        (lambda name: Script(name, {f"{name}.py": b"raise SystemExit\n"}, trusted=True), "udp_server_answers_again"),
        (lambda name: Script(name, {f"{name}.py": b"import time\ntime.sleep(60)\n"}, trusted=True), "answers_again"),
        (missing, "0 programs named udp_server.py"),
    ],
    ids=["ends", "hangs", "is not there"],
)
def test_a_reference_that_cannot_run_is_a_note_and_no_error(
    grading: Grading, reference: Callable[[str], Script], why: str
) -> None:
    session = grading("no_loop")
    judged(session, "udp_server_starts")  # the words have come from the true one
    session._runs._reference = reference
    result = judged(session, "udp_server_answers_again")
    assert result.verdict is Verdict.FAILED
    assert result.feedback is not None
    assert result.feedback.cause == "one-client-only"
    assert result.feedback.runs is not None
    assert Conversation.from_json(result.feedback.runs.own).own_steps()
    (note,) = session.result().notes
    assert note.startswith("The reference's run of udp_server_answers_again cannot be shown: ")
    assert why in note
