"""One grading of one submission: what is graded, how it ran, and the verdict of each check."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, TypeVar

import pytest

from grading.arena import (
    ArenaLost,
    Bench,
    GraderError,
    Isolation,
    Level,
    Mismatch,
    PortTaken,
    SandboxUnavailable,
    Script,
    Stage,
    Words,
    ask_reference,
)
from grading.diagnosis import Evidence, diagnose, static_problem
from grading.reports import explanation
from grading.results import CheckResult, Feedback, Finding, SubmissionResult, Verdict
from grading.rubric import Rubric
from grading.runs import Act, RunsBeside
from grading.submission import Submission, open_submission
from grading.verdicts import NotRunnable, feedback_on, remarks_on

T = TypeVar("T")
AnsweredWords = Mapping[str, Words]
"""Words with the answers of the reference solutions, by the server that gave them."""
_TOP = Path(__file__).parent.parent
_IMPATIENT = 5
"""How many times shorter the deadline is for a program that has used one up."""
PROGRAMS = tuple(sorted(path.stem for path in (_TOP / "solutions").glob("*/*.py")))
"""Names of the programs that a submission has: those of the reference solutions."""


@dataclass(frozen=True)
class Settings:
    """What was asked for on the command line."""

    submission: str | None
    isolation: Level
    seed: int | None
    deadline: float
    drawings: bool = False
    """Whether failed runs are wanted beside the reference's."""
    proved: bool = False
    """Whether the level of isolation was proved to hold a moment ago."""
    words: AnsweredWords | None = None
    """Words of this seed that another session has had answered: see `GradingSession.answered_words`."""


class GradingSession:
    """Finds programs, opens stages for the checks, and keeps their verdicts."""

    def __init__(self, settings: Settings) -> None:
        """Open the submission. Raises `NotASubmission`."""
        self.settings = settings
        self.seed = random.SystemRandom().randrange(1_000_000) if settings.seed is None else settings.seed
        self.rubric = Rubric()
        self.selected: list[str] = []
        self.judged: dict[str, CheckResult] = {}
        self._ports: dict[str, int] = {}
        self._plain: dict[str, set[int]] = {}
        self._words: dict[str, Words | GraderError] = {kind: copy(its) for kind, its in (settings.words or {}).items()}
        self._slow: set[str] = set()
        """Programs that used up a deadline, and failed: the other checks give them less time."""
        self._remarked: set[str] = set()
        path = Path(settings.submission) if settings.submission else _TOP / "labs"
        with tempfile.TemporaryDirectory(prefix="socketlabs-") as unpacked:  # gone before anything of it runs
            self.submission: Submission = open_submission(path, PROGRAMS, Path(unpacked))
            self.sources = {
                name: found.path.read_bytes() for name, found in self.submission.programs.items() if found.path
            }
            """The programs that were handed in, as they were."""
            self._scripts = {program: self._try_to_read(program) for program in PROGRAMS}
        self.isolation = Isolation(
            settings.isolation,
            settings.deadline,
            hidden=(self.submission.path,),
            strangers=path.resolve() != _TOP / "labs",
            proved=settings.proved,
        )
        self._runs = RunsBeside(self.isolation.open, self.reference, settings.deadline)

    def start(self) -> None:
        """Set up isolation. Raises `SandboxUnavailable` or `PortTaken`, with what to do about it."""
        self.isolation.until_ready()

    def close(self) -> None:
        """End what is left."""
        self.isolation.close()

    @contextmanager
    def stage(self, check: str) -> Iterator[Stage]:
        """Open the stage of one check, and end everything on it."""
        program = self.rubric.checks[check].program
        deadline = self.settings.deadline / (_IMPATIENT if self._slow & set(_own_programs(program)) else 1)
        words = self._words_for(program)
        if self.settings.drawings:
            self._runs.keep_words(check, words)
        stage = Stage(self.isolation.open, words, self._ports, self._plain, deadline, self._slow)
        try:
            yield stage
        finally:
            stage.close()

    def do(self, check: str, act: Act) -> CheckResult:
        """Do one check and keep its verdict: what pytest does by the hooks in ``conftest.py``, without pytest."""
        if reason := self.builds_on_failed(check):
            return self._keep(check, Verdict.SKIPPED, 0.0, reason=reason)
        with ExitStack() as ending:
            opened = _phase(lambda: ending.enter_context(self.stage(check)), "setup")
            stage = opened.result if opened.excinfo is None else None
            self.judge(check, opened, stage, act)
            if stage is not None:
                bench = Bench(stage, self.script, self.reference)
                self.judge(check, _phase(lambda: attempt(act, bench), "call"), stage, act)
            self.judge(check, _phase(ending.close, "teardown"), stage, act)
        return self.judged[check]

    def answered_words(self) -> AnsweredWords | None:
        """Give the words for both kinds of programs; nothing where a reference solution does not answer."""
        try:
            return {server: self._words_for(server) for server in ("udp_server", "tcp_server")}
        except GraderError:
            return None

    def _words_for(self, program: str) -> Words:
        server = "tcp_server" if program.startswith("tcp") else "udp_server"
        if server not in self._words:
            try:
                script = self.reference(server)
                self._words[server] = Words(self.seed, lambda texts: ask_reference(self.isolation.open, script, texts))
            except GraderError as error:
                self._words[server] = error  # asked once: a reference that hangs takes its deadline
        words = self._words[server]
        if isinstance(words, GraderError):
            raise words
        return words

    def reference(self, program: str) -> Script:
        """Give a reference solution."""
        found = list((_TOP / "solutions").glob(f"*/{program}.py"))
        if len(found) != 1:
            raise GraderError(f"solutions/ has {len(found)} programs named {program}.py")
        return Script(program, {found[0].name: found[0].read_bytes()}, trusted=True)

    def script(self, program: str) -> Script:
        """Give a program of the submission, with the files beside it. Raises `NotRunnable`."""
        script = self._scripts[program]
        if isinstance(script, Feedback):
            raise NotRunnable(script)
        if isinstance(script, GraderError):
            raise script
        return script

    def _try_to_read(self, program: str) -> Script | Feedback | GraderError:
        try:
            return self._read(program)
        except Exception as error:  # noqa: BLE001  the grader's own fault, in the checks of this program
            return GraderError(f"{program}.py could not be read: {type(error).__name__}: {error}")

    def _read(self, program: str) -> Script | Feedback:
        found = self.submission.programs[program]
        file = f"{program}.py"
        if found.path is None:
            problem = found.problem or f"{file} is not in the submission."
            return diagnose(Evidence(program, file, "", "missing-file", "", problem))
        source = self.sources[program]
        if found.problem and (feedback := static_problem(source, file, program)):
            return replace(feedback, happened=found.problem, advice="Write it with an editor for programs.")
        beside = {}
        for path in found.siblings:
            with suppress(OSError):  # one that cannot be read is a problem of that file alone
                beside[path.name] = path.read_bytes()
        return static_problem(source, file, program) or Script(program, {**beside, file: source})

    def builds_on_failed(self, check: str) -> str | None:
        """Say which check was not passed that this one builds on."""
        for name in self.rubric.checks[check].after:
            before = self.judged.get(name)
            if before is not None and before.verdict in (Verdict.FAILED, Verdict.SKIPPED):
                return name
        return None

    def judge(
        self,
        check: str,
        call: pytest.CallInfo[object],
        stage: Stage | None,
        act: Act | None = None,
    ) -> CheckResult | None:
        """Make and keep a check's verdict of how a phase of its test ended; ``None`` if it says nothing new.

        ``act`` is the check itself, for the reference to do the same.
        """
        try:
            return self._judge(check, call, stage, act)
        except Exception as error:  # noqa: BLE001  whatever breaks in the explaining is the grader's own too
            return self._keep(check, Verdict.ERROR, call.duration, reason=f"{type(error).__name__}: {error}")

    def _judge(
        self, check: str, call: pytest.CallInfo[object], stage: Stage | None, act: Act | None
    ) -> CheckResult | None:
        error = call.excinfo.value if call.excinfo else None
        if error is None and call.when != "call":
            return None
        if error is None:
            return self._keep(check, Verdict.PASSED, call.duration, findings=self._remarks(stage))
        if isinstance(error, pytest.skip.Exception):
            return self._keep(check, Verdict.SKIPPED, call.duration, reason=str(error.msg))
        if isinstance(error, Mismatch) and error.stalled and error.stalled.how == "deadline":
            self._slow.add(error.program.script.program)
        feedback = feedback_on(error) if call.when == "call" else None
        if feedback is None:
            return self._keep(check, Verdict.ERROR, call.duration, reason=f"{type(error).__name__}: {error}")
        remarks = self._remarks(stage)
        if self.settings.drawings and isinstance(error, Mismatch) and stage and act:
            feedback = replace(feedback, runs=self._runs.show(check, error, feedback, stage, act))
        return self._keep(check, Verdict.FAILED, call.duration, feedback=feedback, findings=remarks)

    def _keep(
        self,
        check: str,
        verdict: Verdict,
        seconds: float,
        *,
        feedback: Feedback | None = None,
        reason: str = "",
        findings: tuple[Finding, ...] = (),
    ) -> CheckResult:
        known = self.rubric.checks[check]
        self.judged[check] = CheckResult(
            check=check,
            title=known.title,
            program=known.program,
            number=known.number,
            max_points=known.points,
            verdict=verdict,
            feedback=feedback,
            reason=reason,
            findings=findings,
            seconds=round(seconds, 4),
        )
        return self.judged[check]

    def _remarks(self, stage: Stage | None) -> tuple[Finding, ...]:
        """Collect what is worth saying about a program, once: of a client when it has ended."""
        if stage is None or stage.current is None:
            return ()
        found: list[Finding] = []
        for program in stage.current.programs:
            name = program.script.program
            if program.script.trusted or name in self._remarked or (stage.client and not program.ended):
                continue
            self._remarked.add(name)
            found += remarks_on(stage, stage.current, program)
        return tuple(found)

    def explain(self, result: CheckResult) -> str:
        """Say what a check's report shows: the student's feedback, without a traceback of ours."""
        return "\n".join([result.title, *explanation(result, self.result())])

    def result(self) -> SubmissionResult:
        """Give all checks that were selected; those that were not reached count as skipped."""
        checks = []
        for name in self.rubric.checks:
            if name in self.judged:
                checks.append(self.judged[name])
            elif name in self.selected:
                known = self.rubric.checks[name]
                checks.append(
                    CheckResult(
                        name,
                        known.title,
                        known.program,
                        known.number,
                        known.points,
                        Verdict.SKIPPED,
                        reason="the run stopped before it",
                    )
                )
        notes = [*self.submission.notes, *self._runs.notes]
        if self.isolation.why_not:
            notes.append(f"No private networks: {self.isolation.why_not}.")
        if self.isolation.level == "user" and not self.isolation.private:
            notes.append("Namespaces are refused here: the programs were on this machine's own network.")
        stopped = not self.judged or not self.judged.keys() >= set(self.selected)
        return SubmissionResult(tuple(checks), self.isolation.level, self.seed, tuple(notes), stopped)


def attempt(act: Act, bench: Bench) -> None:
    """Do a check; once more, where what its programs run in came to an end: whose doing that was is seen then."""
    try:
        act(bench)
    except ArenaLost:
        bench.stage.close()
        act(bench)


def _phase(act: Callable[[], T], when: Literal["setup", "call", "teardown"]) -> pytest.CallInfo[T]:
    """Do one phase of a check; what it raises is kept."""
    return pytest.CallInfo.from_call(act, when, reraise=(pytest.exit.Exception, KeyboardInterrupt))


def _own_programs(program: str) -> tuple[str, ...]:
    kind, _, role = program.partition("_")
    return (f"{kind}_server", f"{kind}_client") if role == "pair" else (program,)


STARTUP_PROBLEMS = (PortTaken, SandboxUnavailable)
"""Why nothing can be graded on this machine as it is."""

SESSION = pytest.StashKey[GradingSession]()
"""Under which pytest's configuration keeps the session."""
