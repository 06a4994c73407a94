"""The scorecard: a grade as lines for a terminal, by program, with what to mend first.

It writes nothing itself: what a line is, and how to write one, is in ``page``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from grading.reports import count, finding_text, more_on, points, root_of, source_place
from grading.reports.page import STYLES, Line, Page
from grading.results import CheckResult, Feedback, Runs, SubmissionResult, Verdict
from grading.transcript import Conversation
from grading.transcript.text import lines_of

MAX_WIDTH = 80
MIN_WIDTH = 50
_FOLDED_FROM = 3


def scorecard(
    result: SubmissionResult,
    *,
    width: int = MAX_WIDTH,
    unicode: bool = True,
    command: str = "pytest grading",
    platform: str = sys.platform,
    diagrams: bool = False,
) -> list[Line]:
    """Lay out a result, at most ``width`` columns wide (between ``MIN_WIDTH`` and ``MAX_WIDTH``).

    ``unicode`` is false where the terminal cannot print more than ASCII; ``command`` is what was typed,
    without ``--seed``; ``diagrams`` draws failed runs beside the reference's. No line for a result without checks.
    """
    if not result.checks:
        return []
    page = Page(min(max(width, MIN_WIDTH), MAX_WIDTH), ascii_only=not unicode)
    wide = max(len(program) for program in result.programs)
    for program in result.programs:
        _program(page, result, program, wide, diagrams=diagrams)
    page.gap()
    _notes(page, result)
    _how_it_ran(page, result, command, platform)
    _errors(page, result)
    _totals(page, result)
    _mend_first(page, result)
    return page.lines


def _program(page: Page, result: SubmissionResult, program: str, wide: int, *, diagrams: bool) -> None:
    checks = result.of_program(program)
    score = _score(checks)
    if all(check.verdict is Verdict.PASSED for check in checks):
        all_of_them = f"all {count(len(checks), 'check')} passed" if len(checks) > 1 else checks[0].title
        name = (f"{program:{wide}}  ", "title")
        page.row((name, page.sign(Verdict.PASSED), (all_of_them, "")), score, "good")
        _findings(page, checks, 2)
        return
    page.gap()
    page.row(((program, "title"),), score, "title")
    told: dict[tuple[str, int | None], str] = {}
    for check in checks:
        if check.verdict is Verdict.SKIPPED:
            continue
        title_style = "dim" if check.verdict is Verdict.PASSED else ""
        page.row(
            (("  ", ""), page.sign(check.verdict), (check.title, title_style)),
            _score([check]),
            STYLES[check.verdict],
        )
        if check.feedback is not None and check.verdict is Verdict.FAILED:
            _feedback(page, check.feedback, told)
            if diagrams and check.feedback.runs is not None and check.feedback.runs.reference is not None:
                _runs(page, check.feedback.runs)
    _skipped(page, result, checks)
    _findings(page, checks, 2)
    page.gap()


def _feedback(page: Page, feedback: Feedback, told: dict[tuple[str, int | None], str]) -> None:
    """Explain a failed check; a cause that was explained above is only named again."""
    key = (feedback.cause, feedback.line)
    happened = told.get(key)
    told.setdefault(key, feedback.happened)
    if happened is not None:
        if feedback.happened != happened and feedback.line is None:
            page.paragraph(feedback.happened, 6)
        page.paragraph(f"The same cause as above ({feedback.cause}).", 6, "dim")
        return
    page.paragraph(feedback.happened, 6)
    source = source_place(feedback)
    if len(line := "  ".join(source)) <= page.width - 6:
        source = (line,) if line else ()
    for depth, text in enumerate(source):  # a line of code that does not fit stands by itself
        page.paragraph(text, 6 + 2 * depth, "source")
    if feedback.advice:
        page.paragraph(feedback.advice, 6)
    if feedback.read:
        page.paragraph(f"Read: {feedback.read}", 6, "dim")
    page.paragraph(more_on(feedback), 6, "dim")


def _runs(page: Page, runs: Runs) -> None:
    """Draw the run that failed, and the reference's below it: two columns each leave no room side by side."""
    drawn = [(runs.own, "What happened:")]
    if runs.reference is not None:
        drawn.append((runs.reference, "The same with the reference:"))
    for read, heading in drawn:
        page.gap()
        page.line(("      ", ""), (heading, "title"))
        for line in lines_of(Conversation.from_json(read), page.width, unicode=not page.ascii_only):
            page.line((line, "bad" if line[:1].strip() else ""))
    if runs.parting:
        page.gap()
        page.paragraph(f"Where they part: {runs.parting}", 6)
    page.gap()


def _skipped(page: Page, result: SubmissionResult, checks: Sequence[CheckResult]) -> None:
    """Fold the checks that were not run, by the check they wait for."""
    waiting: dict[tuple[str, str], list[CheckResult]] = {}
    for check in checks:
        if check.verdict is Verdict.SKIPPED:
            root = root_of(check, result)
            waiting.setdefault((root, "" if root else check.reason), []).append(check)
    for (root, reason), group in waiting.items():
        start = (("  ", ""), page.sign(Verdict.SKIPPED))
        if len(group) > _FOLDED_FROM:
            why = f"they build on {root}" if root else reason
            page.row((*start, (f"{len(group)} more were not run: {why}", "dim")), _score(group), "dim")
            continue
        for check in group:
            page.row((*start, (check.title, "dim")), _score([check]), "dim")
        build = "builds" if len(group) == 1 else "build"
        page.paragraph(f"{build} on: {root}" if root else reason, 6, "dim")


def _findings(page: Page, checks: Sequence[CheckResult], indent: int) -> None:
    for finding in dict.fromkeys(finding for check in checks for finding in check.findings):
        page.paragraph(finding_text(finding), indent, "warn")


def _notes(page: Page, result: SubmissionResult) -> None:
    for note in result.notes:
        page.paragraph(f"Note: {note}", hanging=2, style="warn")
    page.gap()


def _mend_first(page: Page, result: SubmissionResult) -> None:
    """Name the first failed check of each program."""
    lines = []
    for program in result.programs:
        failed = [check for check in result.of_program(program) if check.verdict is Verdict.FAILED]
        if failed:
            feedback = failed[0].feedback
            at = f" (line {feedback.line})" if feedback is not None and feedback.line is not None else ""
            lines.append((program, f"{failed[0].title}{at}"))
    if not lines:
        return
    page.gap()
    page.line(("First things to mend:" if len(lines) > 1 else "First thing to mend:", "title"))
    wide = max(len(program) for program, _ in lines)
    for program, text in lines:
        first, *rest = page.wrap(text, page.width - wide - 4)
        page.line((f"  {program:{wide}}  ", ""), (first, ""))
        for line in rest:
            page.line((" " * (wide + 4), ""), (line, ""))


def _errors(page: Page, result: SubmissionResult) -> None:
    broken = [check for check in result.checks if check.verdict is Verdict.ERROR]
    if not broken:
        return
    is_open = points(sum(check.max_points for check in broken))
    text = f"The grader itself broke in {count(len(broken), 'check')}. No points are lost by that, but the "
    text += f"score is not final ({is_open} points are open). Please tell your instructor:"
    page.gap()
    page.paragraph(text, style="warn")
    for check in broken:
        page.paragraph(f"{check.number} {check.check}", 2, "warn")
        for line in check.reason.split("\n"):
            page.paragraph(line, 4)


_ISOLATION = {
    "bwrap": "Each program ran in a private network of its own (bubblewrap).",
    "user": "The programs ran as a user who owns nothing, locked into a folder (isolation: user).",
    "none": "The programs ran on this machine's own loopback, with your rights: bubblewrap was not used.",
}


def _how_it_ran(page: Page, result: SubmissionResult, command: str, platform: str) -> None:
    page.paragraph(_ISOLATION[result.isolation], style="dim")
    if result.isolation == "none" and platform == "linux":
        page.paragraph("It gives each a private network. To install it: sudo apt install bubblewrap", style="dim")
    page.paragraph(f"To repeat this run: {command} --seed {result.seed}", style="dim")


def _totals(page: Page, result: SubmissionResult) -> None:
    rows = [(program, result.of_program(program)) for program in result.programs] + [("Score", result.checks)]
    wide = max(len(name) for name, _ in rows)
    right = len(points(result.max_score))
    page.gap()
    for name, checks in rows:
        earned, possible = sum(c.points for c in checks), sum(c.max_points for c in checks)
        style = "" if name != "Score" else "good" if earned == possible else "title"
        open_points = any(check.verdict is Verdict.ERROR for check in checks) or (name == "Score" and result.stopped)
        page.line(
            (f"  {name:{wide}}   {points(earned):>{right}} / {points(possible):>{right}}", style),
            ("   not final" if open_points else "", "warn"),
        )


def _score(checks: Sequence[CheckResult]) -> str:
    """Write points earned of points possible; ``?`` where a single check has no verdict on them."""
    if len(checks) == 1 and checks[0].verdict is Verdict.ERROR:
        return f"? / {points(checks[0].max_points)}"
    return f"{points(sum(c.points for c in checks))} / {points(sum(c.max_points for c in checks))}"
