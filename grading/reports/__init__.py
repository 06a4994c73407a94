"""What a grade looks like: the scorecard on a terminal, Gradescope's ``results.json``.

All reports say the same things in the same words; those are here. Text that comes from a submission
(screen output, file names, exception messages) can hold anything, a terminal's control sequences too:
whatever a report shows goes through ``visible``.
"""

from __future__ import annotations

from grading.results import CheckResult, Feedback, Finding, SubmissionResult, Verdict

__all__ = [
    "count",
    "explanation",
    "finding_text",
    "more_on",
    "points",
    "root_of",
    "source_line",
    "source_place",
    "visible",
]


def visible(text: str, *, ascii_only: bool = False) -> str:
    r"""Show text on one line: what does not print stands as an escape, such as ``\x1b`` or ``\n``.

    With ``ascii_only``, so does everything outside ASCII.
    """
    shown = text if text.isprintable() else "".join(c if c.isprintable() else _escaped(c) for c in text)
    return shown.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else shown


def points(number: float) -> str:
    """Write points without a fraction where there is none: ``2``, ``2.5``, ``33.33``."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def count(number: int, noun: str) -> str:
    """Write ``1 check``, ``2 checks``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def explanation(check: CheckResult, result: SubmissionResult) -> list[str]:
    """Say what a student or an instructor reads about one check, a paragraph a line.

    For a failed check the feedback; for a skipped one what it builds on; for an error what broke; then
    the findings, whatever the verdict. Nothing for a check that just passed.
    """
    lines: list[str] = []
    if check.verdict is Verdict.FAILED and check.feedback is not None:
        feedback = check.feedback
        lines = [
            visible(feedback.happened),
            source_line(feedback),
            visible(feedback.advice),
            f"Read: {visible(feedback.read)}" if feedback.read else "",
            more_on(feedback),
        ]
    elif check.verdict is Verdict.SKIPPED:
        root = root_of(check, result)
        lines = [f"Not run: it builds on {root}." if root else visible(check.reason)]
    elif check.verdict is Verdict.ERROR:
        lines = ["The grader itself broke here. No points are lost, but the score is not final:"]
        lines += [visible(line) for line in check.reason.split("\n")]
    lines += [finding_text(finding) for finding in check.findings]
    return [line for line in lines if line]


def more_on(feedback: Feedback) -> str:
    """Say how to see all that is known of a cause."""
    return f"More: pytest grading --explain {visible(feedback.cause)}"


def source_line(feedback: Feedback) -> str:
    """Write where it happened: ``udp_server.py, line 9:  serverSocket.listen()``; nothing if unknown."""
    return "  ".join(source_place(feedback))


def source_place(feedback: Feedback) -> tuple[str, ...]:
    """Give the place and the text of the student's line, or as much of it as is known."""
    if feedback.file is None or feedback.line is None:
        return ()
    place = f"{visible(feedback.file)}, line {feedback.line}"
    return (f"{place}:", visible(feedback.source)) if feedback.source else (place,)


def finding_text(finding: Finding) -> str:
    """Write a finding with its line."""
    where = "" if finding.line is None else f", line {finding.line}"
    return f"Worth knowing (no points lost){where}: {visible(finding.text)}"


def root_of(check: CheckResult, result: SubmissionResult) -> str:
    """Name the check that a skipped one waits for: the first on the way back that was not skipped itself.

    Empty where the reason of a skipped check is no other check of the result, but words of their own.
    """
    known = {each.check: each for each in result.checks}
    seen = {check.check}
    reason = check.reason
    while reason in known and reason not in seen and known[reason].verdict is Verdict.SKIPPED:
        seen.add(reason)
        reason = known[reason].reason
    if reason not in known:
        return ""
    root = known[reason]
    title = f'"{visible(root.title)}"'
    return title if root.program == check.program else f"{title} of {visible(root.program)}"


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
