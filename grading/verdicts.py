"""From what the arena saw to what the student reads: the one place where both are known."""

from __future__ import annotations

from grading.arena import Arena, ArenaLost, Mismatch, Program, Stage, conversation_of
from grading.diagnosis import Evidence, ExceptionSeen, diagnose, findings
from grading.results import Feedback, Finding
from grading.transcript import Conversation


class NotRunnable(Exception):  # noqa: N818  the submission's state, not an error of ours
    """A program that cannot be run: not there, or not Python."""

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback.happened)
        self.feedback = feedback


def feedback_on(error: BaseException) -> Feedback | None:
    """Tell the student what an exception of a check means; ``None`` where it is the grader's own."""
    if isinstance(error, NotRunnable):
        return error.feedback
    if isinstance(error, Mismatch) and not error.program.script.trusted:
        return diagnose(evidence_of(error))
    if isinstance(error, ArenaLost) and error.program is not None:
        return diagnose(_evidence_of_loss(error, error.program))
    return None


def _evidence_of_loss(lost: ArenaLost, program: Program) -> Evidence:
    """Put together what is known of a program with which all that it ran in came to its end, twice."""
    script = program.script
    happened = f"When your program ran, what it ran in came to an end as well, twice ({lost})."
    return Evidence(script.program, script.file, script.source, "crash", "", happened, exit_status=-9)


def evidence_of(mismatch: Mismatch) -> Evidence:
    """Put what was seen of a failed claim into the form that diagnosis reads."""
    program, stalled = mismatch.program, mismatch.stalled
    record = program.recorded()
    end = record.end if program.ended else {}
    waiting = [call.line for call in record.calls if not call.returned and call.line]
    exception = None
    if end:
        told, line = end.get("lines"), end.get("line")  # by the student's process: it may say anything
        lines = [each for each in told if isinstance(each, int)] if isinstance(told, list) else []
        exception = ExceptionSeen(
            str(end.get("type")),
            str(end.get("message")),
            line if isinstance(line, int) else None,
            tuple(lines),
        )
    return Evidence(
        program=program.script.program,
        file=program.script.file,
        source=program.script.source,
        suspect=mismatch.suspect,
        expected=mismatch.expected,
        happened=mismatch.happened,
        exception=exception,
        exit_status=program.status,
        screen=program.screen,
        calls=record.calls,
        waits_in=stalled.waits_in if stalled else None,
        waits_on=stalled.waits_on if stalled else None,
        limit=program.excess.cause if program.excess else "",
        limit_said=program.excess.said if program.excess else "",
        line=program.last_line
        or mismatch.line
        or (waiting[-1] if waiting and stalled and stalled.how == "waits" else None),
        sockets=mismatch.sockets,
        facts=mismatch.facts,
    )


def run_of(mismatch: Mismatch, arena: Arena) -> Conversation:
    """Tell the run in which a claim failed, with what the counterpart still waits for."""
    expected = mismatch.facts.get("expected_reply")
    client = mismatch.facts.get("client", "")
    return conversation_of(arena, mismatch.program, None if expected is None else expected.encode(), client)


def remarks_on(stage: Stage, arena: Arena, program: Program) -> tuple[Finding, ...]:
    """Collect what is worth saying about a program that ran in a check, and costs no points."""
    client = stage.client
    return findings(
        program.script.source,
        program.recorded().calls,
        program=program.script.program,
        sockets=[entry.described for kind in ("udp", "tcp") for entry in arena.sockets(kind)],
        typed=client.phrase.text if client else None,
        sent=client.message if client else None,
    )
