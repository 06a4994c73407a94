"""Rules on programs that used more than they may: what the grader saw, and what the system refused them."""

from __future__ import annotations

import errno
import signal

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.wording import the_line

_STARTING = ("fork", "forkpty", "Popen", "run", "call", "start", "submit", "system", "posix_spawn", "start_new_thread")


def stopped(case: Case) -> Reason | None:
    """Know a program that the grader stopped for what it had used."""
    evidence = case.evidence
    if evidence.limit:
        return Reason(evidence.limit, evidence.limit_said, evidence.line)
    if evidence.exit_status == -getattr(signal, "SIGXCPU", 0):
        return Reason("out-of-time", "It had used up the processor time that a program gets", evidence.line)
    return None


def out_of_memory(case: Case) -> Reason | None:
    """Know a program that was refused more memory."""
    error = case.error
    if error.type != "MemoryError" and not (error.type == "OSError" and case.number == errno.ENOMEM):
        return None
    return Reason("out-of-memory", f"{the_line(error.line)} asked for more memory than a program gets", error.line)


def too_many_processes(case: Case) -> Reason | None:
    """Know a program that was refused one more process or thread."""
    error = case.error
    refused = error.type == "BlockingIOError" and case.code.calls_at(error.line, *_STARTING)
    if not refused and "can't start new thread" not in error.message:
        return None
    said = f"{the_line(error.line)} could not start another, so many were there ({case.raised})"
    return Reason("too-many-processes", said, error.line)


def too_much_output(case: Case) -> Reason | None:
    """Know a program that was refused more room on its disk."""
    if case.number not in {errno.EFBIG, errno.ENOSPC, errno.EDQUOT}:
        return None
    said = f"{the_line(case.error.line)} wrote more to files than a program may ({case.raised})"
    return Reason("too-much-output", said, case.error.line)
