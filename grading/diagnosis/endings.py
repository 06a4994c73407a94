"""Rules on a server that ended in good order: before any client came, or after the first."""

from __future__ import annotations

import ast

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method
from grading.diagnosis.states import BINDS, LISTENS
from grading.diagnosis.values import RECEIVES, SENDS
from grading.diagnosis.wording import code

VAGUE = {"", "hang", "crash"}
"""Suspicions that leave the question open."""
_NOT_THERE = {*VAGUE, "missing-bind", "missing-listen"}


def ended_at_once(case: Case) -> Reason | None:
    """Know a server that was at its port, or had not come to it yet, and ended before anybody came."""
    evidence = case.evidence
    if not case.server or evidence.exit_status != 0 or evidence.suspect not in _NOT_THERE:
        return None
    early = _before(case, "bind", *BINDS) or (_before(case, "listen", *LISTENS) if case.tcp else None)
    was_there = "left" in evidence.facts
    if early is not None and not was_there:
        return early
    met = any(call.name in ("accept", *RECEIVES) and call.result is not None for call in evidence.calls)
    if not was_there and (met or evidence.suspect != "crash"):
        return None
    tried = case.udp or any(call.name == "accept" for call in evidence.calls)
    return _without_a_client(case, "one-client-only" if tried else "missing-accept")


def _without_a_client(case: Case, cause: str) -> Reason | None:
    """Say why it did not wait for a client."""
    waits = case.code.calls("accept") if case.tcp else case.code.calls(*RECEIVES)
    if not waits and cause == "missing-accept" and case.code.parsed:
        return None  # the rule on a missing call knows its line
    if not waits:
        return Reason(cause, "Nothing in the program receives" if case.code.parsed else "", case.first_line(*BINDS))
    loop = case.code.loop_above(waits[0])
    if isinstance(loop, ast.While) and _is_false(case, loop.test):
        return Reason(cause, f"The loop on line {loop.lineno} is never run", loop.lineno)
    if (uncalled := _in_uncalled_function(case, waits[0], cause)) is not None:
        return uncalled
    name, line = method(waits[0]), waits[0].lineno
    if any(call.name in ("accept", *RECEIVES) for call in case.evidence.calls):
        return Reason(cause, "", line)
    return Reason(cause, f"It ended before it came to `{name}` on line {line}", case.error.line or line)


def _is_false(case: Case, test: ast.expr) -> bool:
    """Whether a condition is false from the start, as far as the text tells."""
    first = case.code.bindings(test.id)[:1] if isinstance(test, ast.Name) else []
    value = first[0].value if first else test
    return isinstance(value, ast.Constant) and not value.value


def _before(case: Case, name: str, *calls: str) -> Reason | None:
    """Know a server that ended before one of its calls, as when that stands in a function nobody calls."""
    if any(call.name == name for call in case.evidence.calls) or not (found := case.code.calls(*calls)):
        return None
    said = f"It ended before it came to `{name}`"
    return _in_uncalled_function(case, found[0], f"missing-{name}") or Reason(
        f"missing-{name}", said, case.error.line or found[0].lineno
    )


def _in_uncalled_function(case: Case, call: ast.Call, cause: str) -> Reason | None:
    """Know a call in a function whose name is used nowhere."""
    above = case.code.parent.get(call)
    while above is not None and not isinstance(above, ast.FunctionDef):
        above = case.code.parent.get(above)
    if above is None or case.code.uses(above.name) or not isinstance(case.code.parent.get(above), ast.Module):
        return None
    said = f"`{method(call)}` stands in the function {code(above.name)}, which nothing calls"
    return Reason(cause, said, call.lineno, f"Call {code(above.name + '()')} at the end of the program.")


def one_client_only(case: Case) -> Reason | None:
    """Know a server that ended in good order after it had served somebody."""
    evidence = case.evidence
    if not case.server or evidence.exit_status != 0:
        return None
    vague = evidence.suspect in VAGUE | {"no-reply", "nothing-sent"}
    ends = evidence.suspect in {"one-client-only", "stuck-on-first-client"} or (
        evidence.suspect == "quits-on-empty-message" and ends_anyway(case)
    )
    if not ends and not (served(case) and vague):
        return None
    said = how_it_ends(case) or "The server ended, with exit status 0 and no exception"
    return Reason("one-client-only", said, last_line_of_server(case))


def how_it_ends(case: Case) -> str:
    """Say that the server's loop is one that ends, if so."""
    loop = None if case.code.leaves() else case.code.loop_that_ends("accept", *RECEIVES)
    return f"The loop on line {loop.lineno} comes to its end, and the program with it" if loop else ""


def served(case: Case) -> bool:
    """Whether a send came back, as far as the record tells."""
    return any(call.name in SENDS and call.result is not None for call in case.evidence.calls)


def ends_anyway(case: Case) -> bool:
    """Whether a server ends after any client: nothing repeats its receive, or it leaves its loop unasked."""
    waits = case.code.calls("accept") or case.code.calls(*RECEIVES)
    return bool(waits) and (not any(case.code.looped(call) for call in waits) or bool(case.code.leaves(unasked=True)))


def last_line_of_server(case: Case) -> int | None:
    """Give the line that shows why a server ended: a way out of its loop, or a receive outside any loop."""
    waits = case.code.calls("accept") or case.code.calls(*RECEIVES)
    if waits and not any(case.code.looped(call) for call in waits):
        return waits[0].lineno
    leaves, loop = case.code.leaves(), case.code.loop_that_ends("accept", *RECEIVES)
    return leaves[0] if leaves else loop.lineno if loop else (waits[0].lineno if waits else None)
