"""The scorecard, as a student sees it."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.reports.page import MARKUP, plain
from grading.reports.scorecard import scorecard
from grading.results import CheckResult, Feedback, Finding, SubmissionResult, Verdict

PASSED, FAILED, SKIPPED, ERROR = Verdict.PASSED, Verdict.FAILED, Verdict.SKIPPED, Verdict.ERROR

WRONG_DESTINATION = Feedback(
    cause="wrong-destination",
    happened=("Your server answered ('127.0.0.1', 12000); the datagram had come from ('127.0.0.1', 40512)."),
    advice="recvfrom gives two things: the message and the address it came from. Answer that address.",
    read="notebooks/04_udp.ipynb, step 4",
    file="udp_server.py",
    line=9,
    source='serverSocket.sendto(reply, ("localhost", serverPort))',
)
NOT_STARTED = Feedback(
    cause="not-started",
    happened="TODO 1 is still in place, so the program stops there.",
    advice="Fill in TODO 1.",
    read="notebooks/05_tcp.ipynb, step 2",
    file="tcp_server.py",
    line=14,
    source='raise NotImplementedError("TODO 1")',
)


def check(
    program: str,
    title: str,
    max_points: float,
    verdict: Verdict,
    feedback: Feedback | None = None,
    *,
    reason: str = "",
    findings: tuple[Finding, ...] = (),
) -> CheckResult:
    name = f"{program}_{title.lower().replace(' ', '_')}"
    return CheckResult(name, title, program, "1.1", max_points, verdict, feedback, reason, findings)


UNCLOSED = Finding("close-not-called", 12, "clientSocket.close stands without its parentheses.")
MIXED = (
    check("udp_server", "Starts", 2, PASSED),
    check("udp_server", "Answers the sender", 3, FAILED, WRONG_DESTINATION),
    check("udp_server", "Answers again", 1.5, FAILED, WRONG_DESTINATION),
    check("udp_server", "Goes on", 2, ERROR, reason="OSError: [Errno 24] Too many open files\n  in lend()"),
)
PERFECT = (
    check("udp_client", "Sends", 3, PASSED, findings=(UNCLOSED,)),
    check("udp_client", "Ends", 2, PASSED, findings=(UNCLOSED,)),
    check("udp_pair", "Work together", 2, PASSED),
)
WAITING = "tcp_server_starts"
NOTHING_YET = (
    check("tcp_server", "Starts", 2, FAILED, NOT_STARTED),
    *(check("tcp_server", f"Answers {n}", 2, SKIPPED, reason=WAITING) for n in range(4)),
    check("tcp_pair", "Work together", 2, SKIPPED, reason="tcp_server_answers_0"),
)
EVERYTHING = SubmissionResult(
    (*MIXED, *PERFECT, *NOTHING_YET), "bwrap", 48213, ("b/udp_client.py is a copy of a/udp_client.py.",)
)

GOLDEN = """\
udp_server                                                              2 / 8.5
  ✓ Starts                                                                2 / 2
  ✗ Answers the sender                                                    0 / 3
      Your server answered ('127.0.0.1', 12000); the datagram had come from
      ('127.0.0.1', 40512).
      udp_server.py, line 9:
        serverSocket.sendto(reply, ("localhost", serverPort))
      recvfrom gives two things: the message and the address it came from.
      Answer that address.
      Read: notebooks/04_udp.ipynb, step 4
      More: pytest grading --explain wrong-destination
  ✗ Answers again                                                       0 / 1.5
      The same cause as above (wrong-destination).
  ! Goes on                                                               ? / 2

udp_client  ✓ all 2 checks passed                                         5 / 5
  Worth knowing (no points lost), line 12: clientSocket.close stands without
  its parentheses.
udp_pair    ✓ Work together                                               2 / 2

tcp_server                                                               0 / 10
  ✗ Starts                                                                0 / 2
      TODO 1 is still in place, so the program stops there.
      tcp_server.py, line 14:  raise NotImplementedError("TODO 1")
      Fill in TODO 1.
      Read: notebooks/05_tcp.ipynb, step 2
      More: pytest grading --explain not-started
  \N{EN DASH} 4 more were not run: they build on "Starts"                           0 / 8

tcp_pair                                                                  0 / 2
  \N{EN DASH} Work together                                                         0 / 2
      builds on: "Starts" of tcp_server

Note: b/udp_client.py is a copy of a/udp_client.py.

Each program ran in a private network of its own (bubblewrap).
To repeat this run: pytest grading --seed 48213

The grader itself broke in 1 check. No points are lost by that, but the score
is not final (2 points are open). Please tell your instructor:
  1.1 udp_server_goes_on
    OSError: [Errno 24] Too many open files
      in lend()

  udp_server      2 /  8.5   not final
  udp_client      5 /    5
  udp_pair        2 /    2
  tcp_server      0 /   10
  tcp_pair        0 /    2
  Score           9 / 27.5   not final

First things to mend:
  udp_server  Answers the sender (line 9)
  tcp_server  Starts (line 14)
"""


def text_of(*checks: CheckResult, width: int = 79, unicode: bool = True, isolation: str = "bwrap") -> str:
    return plain(scorecard(SubmissionResult(checks, isolation, 1), width=width, unicode=unicode))


def test_the_whole_card() -> None:
    assert plain(scorecard(EVERYTHING, width=79)) == GOLDEN


def test_full_marks_fit_on_half_a_screen() -> None:
    card = text_of(*(replace(each, findings=()) for each in PERFECT))
    assert card == (
        "udp_client  ✓ all 2 checks passed                                         5 / 5\n"
        "udp_pair    ✓ Work together                                               2 / 2\n"
        "\n"
        "Each program ran in a private network of its own (bubblewrap).\n"
        "To repeat this run: pytest grading --seed 1\n"
        "\n"
        "  udp_client   5 / 5\n"
        "  udp_pair     2 / 2\n"
        "  Score        7 / 7\n"
    )


def test_nothing_graded_is_no_card() -> None:
    assert scorecard(SubmissionResult((), "bwrap", 1)) == []


def test_a_card_for_ascii_says_the_same_in_ascii() -> None:
    card = plain(scorecard(replace(EVERYTHING, notes=("caf\N{LATIN SMALL LETTER E WITH ACUTE}",)), unicode=False))
    assert card.isascii()
    assert "  + Starts" in card
    assert "  x Answers the sender" in card
    assert "  - Work together" in card
    assert "Note: caf\\xe9" in card


@pytest.mark.parametrize("width", [1, 50, 64, 80, 200])
def test_lines_are_wrapped_and_points_stand_at_the_right(width: int) -> None:
    lines = plain(scorecard(EVERYTHING, width=width)).splitlines()
    used = min(max(width, 50), 80)
    assert max(len(line) for line in lines) == used
    assert all(len(line) == used for line in lines if line.startswith("  ✗"))


def test_wrapping_loses_nothing() -> None:
    long = replace(WRONG_DESTINATION, happened="got " + "HELLO" * 60 + " instead", source="s.send(" + "x" * 200)
    card = text_of(check("udp_server", "Starts", 2, FAILED, long), width=60)
    joined = "".join(line.strip() for line in card.splitlines())
    assert "HELLO" * 60 in joined
    assert "x" * 200 in joined


class TestTheSameCause:
    def test_on_the_same_line_it_is_told_once(self) -> None:
        other = replace(WRONG_DESTINATION, happened="Something else.")
        card = text_of(check("a", "One", 1, FAILED, WRONG_DESTINATION), check("a", "Two", 1, FAILED, other))
        assert card.count("The same cause as above") == 1
        assert "Something else." not in card

    def test_without_a_line_what_happened_is_still_told(self) -> None:
        first = replace(WRONG_DESTINATION, line=None)
        other = replace(first, happened="Something else.")
        card = text_of(check("a", "One", 1, FAILED, first), check("a", "Two", 1, FAILED, other))
        assert "Something else.\n      The same cause as above" in card

    @pytest.mark.parametrize("other", [{"line": 10}, {"cause": "crash"}])
    def test_another_line_or_cause_is_told(self, other: dict[str, object]) -> None:
        second = replace(WRONG_DESTINATION, **other)  # type: ignore[arg-type]  # fields chosen by name
        card = text_of(check("a", "One", 1, FAILED, WRONG_DESTINATION), check("a", "Two", 1, FAILED, second))
        assert "The same cause as above" not in card

    def test_another_program_is_told(self) -> None:
        card = text_of(check("a", "One", 1, FAILED, WRONG_DESTINATION), check("b", "Two", 1, FAILED, WRONG_DESTINATION))
        assert "The same cause as above" not in card


def test_few_skipped_checks_are_named() -> None:
    card = text_of(
        check("a", "Starts", 1, FAILED, NOT_STARTED),
        check("a", "Two", 1, SKIPPED, reason="a_starts"),
        check("a", "Three", 1, SKIPPED, reason="a_two"),
    )
    two, three, reason = card.splitlines()[7:10]
    assert two.split() == ["\N{EN DASH}", "Two", "0", "/", "1"]
    assert three.split() == ["\N{EN DASH}", "Three", "0", "/", "1"]
    assert reason == '      build on: "Starts"'


@pytest.mark.parametrize("number, place", [(1, 2), (4, 1)])
def test_checks_skipped_for_another_reason_show_it(number: int, place: int) -> None:
    skipped = [check("a", f"Step {n}", 1, SKIPPED, reason="not reached") for n in range(number)]
    assert "not reached" in text_of(*skipped).splitlines()[place]
    assert "on" not in text_of(*skipped).splitlines()[place].split()


def test_running_without_isolation_is_said_aloud() -> None:
    result = SubmissionResult(PERFECT, "none", 1)
    on_linux = plain(scorecard(result, platform="linux"))
    assert "this machine's own loopback, with your rights" in on_linux
    assert "To install it: sudo apt install bubblewrap\n" in on_linux
    assert "apt" not in plain(scorecard(result, platform="darwin"))


def test_the_command_to_repeat_is_the_one_that_was_typed() -> None:
    card = plain(scorecard(EVERYTHING, command="pytest grading --submission solutions"))
    assert "To repeat this run: pytest grading --submission solutions --seed 48213" in card


@given(st.text(), st.booleans())
def test_no_text_of_a_submission_reaches_the_terminal_raw(text: str, unicode: bool) -> None:  # noqa: FBT001
    feedback = Feedback("crash", text, text, text, file=text, line=3, source=text)
    checks = (
        check("a", "One", 1, FAILED, feedback, findings=(Finding("crash", 1, text),)),
        check("a", "Two", 1, ERROR, reason=text),
        check("a", "Three", 1, SKIPPED, reason=text),
    )
    lines = scorecard(SubmissionResult(checks, "none", 1, notes=(text,)), unicode=unicode)
    for line in lines:
        assert "".join(piece for piece, _ in line).isprintable()
        assert sum(len(piece) for piece, _ in line) <= 80


def test_what_is_written_without_wrapping_is_escaped_too() -> None:
    assert "\x1b" not in text_of(check("\x1b[2J", "One", 1, FAILED, NOT_STARTED))


def test_every_style_is_one_that_pytest_can_write() -> None:
    from _pytest._io import TerminalWriter

    writer = TerminalWriter(io.StringIO())
    writer.hasmarkup = True
    for line in scorecard(EVERYTHING):
        for piece, style in line:
            writer.write(piece, **MARKUP[style])
