"""pytest's face of the autograder: options, fixtures, points and the scorecard.

A check is a test with the mark ``check`` (see ``checks/claims.py``). Its verdict is made here, from how it ended:
a `Mismatch` is the student's, anything unexpected is the grader's own fault.
"""

from __future__ import annotations

import difflib
import math
import os
import shlex
import sys
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from _pytest._io import TerminalWriter
from _pytest.config import create_terminal_writer  # what pytest itself writes with, before there is a reporter

from grading.arena import DEADLINE, LEVELS, Bench
from grading.diagnosis import CAUSES
from grading.diagnosis.mistakes import sections
from grading.intruders import keep_out, refuse_the_other_order
from grading.reports import visible
from grading.reports.gradescope import write_results
from grading.reports.mistakes import explained
from grading.reports.page import MARKUP, Line
from grading.reports.scorecard import scorecard
from grading.results import Verdict
from grading.session import SESSION, STARTUP_PROBLEMS, GradingSession, Settings, attempt
from grading.submission import NotASubmission


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of DESIGN's "Commands"."""
    keep_out(pluginmanager)
    group = parser.getgroup("grading", "grading socket programs")
    group.addoption("--submission", metavar="PATH", help="folder or zip to grade (default: labs/)")
    group.addoption("--results", metavar="FILE", help="write the results as Gradescope's results.json")
    group.addoption(
        "--isolation",
        choices=LEVELS,
        default="auto",
        help="how programs are kept apart: by bubblewrap, as another user, or not (default: auto, the best there is)",
    )
    group.addoption("--seed", type=int, help="seed of the words that are typed and sent; shown at the end of a run")
    group.addoption(
        "--deadline",
        type=float,
        default=DEADLINE,
        metavar="SECONDS",
        help=f"for a program that computes or sleeps, at each step (default: {DEADLINE:g})",
    )
    group.addoption("--diagrams", action="store_true", help="draw each failed run beside the reference's")
    group.addoption("--explain", metavar="CAUSE", help="explain a cause, such as missing-encode, and grade nothing")


def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Explain a cause instead of grading, where that is asked for."""
    slug = config.option.explain
    if slug is None:
        return None
    if slug not in CAUSES:
        near = " or ".join(difflib.get_close_matches(slug.lower(), CAUSES, cutoff=0.5))
        known = f"did you mean {near}?" if near else "labs/MISTAKES.md lists them all"
        raise pytest.UsageError(f'--explain: there is no cause "{visible(slug)}": {known}')
    cause, writer = CAUSES[slug], create_terminal_writer(config)
    lines = explained(slug, cause.title, sections(cause), width=writer.fullwidth, unicode=_prints_unicode())
    _print(writer, lines)
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Open the submission, so that bad input is told before anything runs."""
    config.addinivalue_line("markers", "check(program, points, after): a check of the rubric")
    option = config.option
    refuse_the_other_order(config.invocation_params.args, option.submission, config.invocation_params.dir)
    if option.tbstyle == "auto":
        option.tbstyle = "no"  # the scorecard says what a student needs; --tb=short shows the reports
    if getattr(option, "numprocesses", None):  # pytest-xdist
        raise pytest.UsageError("-n: one submission is graded in one process; grade several side by side instead")
    if option.reportchars == "fE":
        option.reportchars = ""
    if not 0 < option.deadline < math.inf:  # not a number is neither
        raise pytest.UsageError("--deadline: give a number of seconds greater than 0")
    if option.submission == "":
        raise pytest.UsageError("--submission: it is empty, so name a folder or a zip")
    results = Path(option.results) if option.results else None
    if results and (results.is_dir() or not os.access(results.parent, os.W_OK)):
        raise pytest.UsageError(f"--results: {results} cannot be written: name a file in a folder that exists")
    drawings = bool(option.diagrams or option.results)
    settings = Settings(option.submission, option.isolation, option.seed, option.deadline, drawings)
    try:
        config.stash[SESSION] = GradingSession(settings)
    except NotASubmission as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what is left of programs and sandboxes."""
    if session := config.stash.get(SESSION, None):
        session.close()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Number the checks before ``-k`` takes some away."""
    config.stash[SESSION].rubric.collect(items)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start what all checks need; without it, say so in one sentence."""
    grading = session.config.stash[SESSION]
    grading.selected = [item.name.removeprefix("test_") for item in session.items if item.get_closest_marker("check")]
    if grading.selected and not session.config.option.collectonly:
        try:
            grading.start()
        except STARTUP_PROBLEMS as error:
            raise pytest.UsageError(str(error)) from None


@pytest.fixture
def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
    """Give a check its arenas, the submission's programs, and words."""
    session = request.config.stash[SESSION]
    with session.stage(request.node.name.removeprefix("test_")) as stage:
        yield Bench(stage, session.script, session.reference)


def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Do a check as `GradingSession` does."""
    bench = pyfuncitem.funcargs.get("bench")
    if not isinstance(bench, Bench):
        return None
    attempt(pyfuncitem.obj, bench)
    return True


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a check that builds on one that was not passed."""
    if item.get_closest_marker("check") and (
        reason := item.config.stash[SESSION].builds_on_failed(item.name.removeprefix("test_"))
    ):
        pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a check's verdict of how its test ended, and the report's text of what a student should read."""
    report = yield
    if not item.get_closest_marker("check"):
        return report
    session = item.config.stash[SESSION]
    bench = getattr(item, "funcargs", {}).get("bench")
    stage = bench.stage if isinstance(bench, Bench) else None
    result = session.judge(item.name.removeprefix("test_"), call, stage, getattr(item, "function"))  # noqa: B009  not on every Item
    if result is None:
        return report
    item.user_properties[:] = [("points", result.points), ("max_points", result.max_points)]
    item.user_properties += [("verdict", result.verdict.value), ("program", result.program)]
    report.user_properties = list(item.user_properties)
    if result.verdict is Verdict.ERROR:
        report.outcome = "failed"  # the test may have passed, and only what is said about it broke
    if report.failed and item.config.option.verbose < 2:
        report.longrepr = session.explain(result)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Generator[None, None, None]:
    """Write the results, whatever they are; where they cannot be, the scorecard is shown all the same."""
    try:
        _write_results(session)
    except pytest.UsageError:
        yield
        raise
    yield


def _write_results(session: pytest.Session) -> None:
    grading = session.config.stash[SESSION]
    path = session.config.option.results
    if path and grading.rubric.checks and not session.config.option.collectonly:
        try:
            write_results(grading.result(), Path(path))
        except OSError as error:
            raise pytest.UsageError(f"--results: {path} could not be written ({error.strerror})") from None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the scorecard."""
    if config.option.collectonly:
        return
    grading = config.stash[SESSION]
    if not grading.judged:
        return
    width = terminalreporter._tw.fullwidth  # noqa: SLF001  pytest's own writer, which knows the terminal
    terminalreporter.ensure_newline()
    command = "pytest grading"
    if submission := config.option.submission:
        command += f" --submission {shlex.quote(submission)}"
    lines = scorecard(
        grading.result(),
        width=width,
        unicode=_prints_unicode(),
        command=command,
        diagrams=config.option.diagrams,
    )
    _print(terminalreporter, lines)


def _prints_unicode() -> bool:
    """Whether the screen takes more than ASCII."""
    try:
        "✓✗…".encode(getattr(sys.stdout, "encoding", None) or "ascii")
    except UnicodeEncodeError:
        return False
    return True


def _print(writer: TerminalWriter | pytest.TerminalReporter, lines: Iterable[Line]) -> None:
    for line in lines:
        for text, style in line:
            writer.write(text, **MARKUP[style])
        writer.write("\n")
