"""A failed run beside the right one: the same check, done by the reference with the same words."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy

from grading.arena import Arena, Bench, GraderError, Mismatch, Script, Stage, Words
from grading.results import Feedback, Runs
from grading.transcript import Conversation, first_parting
from grading.verdicts import run_of

Act = Callable[[Bench], object]
"""A check itself, to be done with another bench."""


class RunsBeside:
    """Shows failed runs, and beside the first of each kind the reference's run."""

    def __init__(self, open_arena: Callable[[], Arena], reference: Callable[[str], Script], deadline: float) -> None:
        self.notes: list[str] = []
        """What could not be shown, in sentences."""
        self._open_arena = open_arena
        self._reference = reference
        self._deadline = deadline
        self._words: dict[str, Words] = {}
        self._shown: set[tuple[str, str, int | None]] = set()

    def keep_words(self, check: str, words: Words) -> None:
        """Keep the words of a check as they are before it."""
        self._words[check] = copy(words)

    def show(self, check: str, error: Mismatch, feedback: Feedback, stage: Stage, act: Act) -> Runs | None:
        """Show how a check failed, or say in a note why that cannot be shown: the verdict stands either way.

        Its stage is closed by this: a shared loopback has room for one.
        """
        try:
            return self._show(check, error, feedback, stage, act)
        except Exception as broken:  # noqa: BLE001  a record that the program forged must not save it from its verdict
            self.notes.append(f"The run of {check} cannot be shown: {type(broken).__name__}: {broken}")
            return None

    def _show(self, check: str, error: Mismatch, feedback: Feedback, stage: Stage, act: Act) -> Runs | None:
        if stage.current is None:
            return None
        own = run_of(error, stage.current).marking(feedback.line)
        key = (error.program.script.program, feedback.cause, feedback.line)
        if key in self._shown:
            return Runs(own.to_json())
        self._shown.add(key)
        stage.close()
        reference = self._run(check, error.program.script.program, stage.opened, act)
        if reference is None:
            return Runs(own.to_json())
        parting = first_parting(own, reference)
        return Runs(own.to_json(), reference.to_json(), parting.said if parting else "")

    def _run(self, check: str, program: str, arena: int, act: Act) -> Conversation | None:
        """Have the reference do what a check asks for; give its part in the arena of that number."""
        stage = Stage(self._open_arena, self._words[check], {}, {}, self._deadline)
        stage.about, stage.conversations = program, []
        try:
            act(Bench(stage, self._reference, self._reference))
        except (Mismatch, GraderError) as error:
            self.notes.append(f"The reference's run of {check} cannot be shown: {error}")
        finally:
            stage.close()
        return stage.conversations[:arena][-1] if stage.conversations else None
