"""Evidence in, one cause out: what to tell the student about a failed check.

The order in which causes are asked for is the design's: what keeps a program from running at all; the
exception's own cause, where it explains the failure; what the kernel shows; and then the wire, which is
what the check itself suspected. Rules are small, named after their cause, and answer ``None`` where they
do not know. Whatever the evidence holds, there is an answer.
"""

from __future__ import annotations

from dataclasses import replace

from grading.diagnosis import exceptions, kernel, limits, wire
from grading.diagnosis.case import NO_ERROR, Case, Reason
from grading.diagnosis.causes import CAUSES, Cause
from grading.diagnosis.code import Code, code_of
from grading.diagnosis.evidence import Evidence, ExceptionSeen
from grading.diagnosis.findings import findings
from grading.diagnosis.static import static_reason
from grading.diagnosis.tracebacks import caught_exception, traceback_on_screen
from grading.diagnosis.wording import sentences, shown
from grading.results import Feedback

__all__ = ["CAUSES", "Cause", "Evidence", "ExceptionSeen", "diagnose", "findings", "static_problem"]

_NOT_RUN = {"missing-file", "syntax-error", "python-2"}
_STATIC_ERRORS = {"SyntaxError", "IndentationError", "TabError"}
_ACTS = {"wrong-port", "wrong-host", "client-binds-port", "missing-decode", "sent-more-than-once"}
"""What a check saw a program do: an exception that came later does not explain it."""

_KERNEL_OPEN = {
    *(
        "",
        "hang",
        "crash",
        "no-reply",
        "nothing-sent",
        "one-client-only",
        "stuck-on-first-client",
        "ignores-input",
    ),
    *("missing-bind", "missing-listen", "missing-accept", "missing-connect", "receive-before-send"),
    *("reply-not-printed", "quits-on-empty-message", "connection-not-closed"),
}
"""Suspicions of something that did not come: what the kernel shows may say why."""


def diagnose(evidence: Evidence) -> Feedback:
    """Name the one most likely cause of a failed check, and say what the student should know about it."""
    code = code_of(evidence.source)
    evidence = replace(evidence, line=code.known(evidence.line))
    reason = _reason(Case(evidence, code, _placed(evidence.exception or NO_ERROR, code)))
    return _feedback(reason, evidence)


def static_problem(source: str | bytes, file: str, program: str = "") -> Feedback | None:
    """Say why a program cannot run at all, before it is run; ``None`` if it can be compiled.

    ``source`` may be the file's bytes: then its own encoding line counts, and what is no text at all is
    told too.
    """
    reason = static_reason(source, file)
    if reason is None:
        return None
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    return _feedback(reason, Evidence(program, file, text, reason.cause, "", ""))


def _placed(error: ExceptionSeen, code: Code) -> ExceptionSeen:
    """Keep of an exception's line what the program's text can have."""
    return replace(error, line=code.known(error.line)) if error.line is not None else error


def _reason(case: Case) -> Reason:
    return _not_run(case) or limits.stopped(case) or _by_exception(case) or _by_kernel(case) or _by_wire(case)


def _not_run(case: Case) -> Reason | None:
    evidence, error = case.evidence, case.error
    if evidence.suspect == "missing-file":
        return Reason("missing-file")
    stopped = error.type in _STATIC_ERRORS
    if not stopped and evidence.suspect not in _NOT_RUN:
        return None
    reason = static_reason(evidence.source, evidence.file)
    if reason is None and stopped and not error.lines:
        said = f"Python stops{f' on line {error.line}' if error.line else ''}: {case.raised}"
        reason = Reason("syntax-error", said, error.line)
    return reason


def _by_exception(case: Case) -> Reason | None:
    """Ask for the exception's own cause, where it explains the failure: its rule, or else ``crash``."""
    suspect = case.evidence.suspect
    if case.error is not NO_ERROR:
        reason = exceptions.own_cause(case)
        if reason is None and case.error.type in exceptions.EXPLAINS_NOTHING:
            return None
        if reason is None and case.error.type in exceptions.CONNECTION_LOST and suspect not in _KERNEL_OPEN:
            return None
        reason = reason or exceptions.crash(case)
        return None if suspect in _ACTS and reason.cause != suspect else reason
    if suspect not in _KERNEL_OPEN:
        return None
    return _by_thread(case) or _by_caught(case)


def _by_thread(case: Case) -> Reason | None:
    """Ask for the cause of a traceback on the screen: a thread's, as a rule."""
    seen = traceback_on_screen(case.evidence)
    if seen is None or seen.type in exceptions.EXPLAINS_NOTHING:
        return None
    case = replace(case, error=_placed(seen, case.code))
    reason = exceptions.own_cause(case)
    return reason or (None if seen.type in exceptions.CONNECTION_LOST else exceptions.crash(case))


def _by_caught(case: Case) -> Reason | None:
    """Ask for the cause of an exception that the program caught: only where a rule knows it."""
    seen = caught_exception(case.evidence)
    if seen is None or seen.type in exceptions.EXPLAINS_NOTHING:
        return None
    return exceptions.own_cause(replace(case, error=_placed(seen, case.code)))


def _by_kernel(case: Case) -> Reason | None:
    suspect = case.evidence.suspect
    for rule in kernel.RULES:
        absent = suspect in _KERNEL_OPEN or suspect not in CAUSES
        if (absent or (suspect == "wrong-port" and rule in _ALSO_OF_A_PORT)) and (reason := rule(case)) is not None:
            return reason
    return None


_ALSO_OF_A_PORT = {kernel.wrong_socket_type, kernel.missing_bind}


def _by_wire(case: Case) -> Reason:
    suspect = case.evidence.suspect
    if (rule := wire.RULES.get(suspect)) is not None and (reason := rule(case)) is not None:
        return reason
    if suspect in {"crash", "hang", ""} or suspect not in CAUSES:
        return exceptions.crash(case) if not case.alive else Reason("hang", line=case.evidence.line)
    return Reason(suspect, line=case.evidence.line)


def _asked_for(evidence: Evidence) -> str:
    expected = evidence.expected.strip()
    if expected.split(" ", 1)[0] in {"A", "The", "Your", "Nothing", "One"}:
        expected = expected[0].lower() + expected[1:]
    return f"Expected: {expected}" if expected else ""


def _feedback(reason: Reason, evidence: Evidence) -> Feedback:
    cause = CAUSES[reason.cause]
    source = code_of(evidence.source).line(reason.line)
    return Feedback(
        cause=reason.cause,
        happened=sentences(_asked_for(evidence), evidence.happened, reason.said) or sentences(cause.title),
        advice=reason.advice or cause.advice,
        read=str(cause.place(evidence.program)),
        file=evidence.file or None,
        line=reason.line if source is not None else None,
        source=shown(source, 200) if source is not None else None,
    )
