"""From an exception to its cause: the rules in order, and what is left for ``crash``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from grading.diagnosis import addresses, crashes, destinations, limits, making, names, pairs, states, values
from grading.diagnosis.case import NO_ERROR, Case, Reason
from grading.diagnosis.wording import code, shown

Rule = Callable[[Case], Reason | None]

RULES: Sequence[Rule] = (
    names.not_started,
    names.python_2,
    names.socket_prefix,
    names.undefined_name,
    making.swapped_family,
    pairs.tuple_not_unpacked,
    pairs.swapped_unpack,
    destinations.message_as_address,
    addresses.address_not_tuple,
    values.missing_encode,
    values.encode_on_bytes,
    values.missing_decode,
    addresses.port_not_int,
    making.wrong_socket_type,
    destinations.no_destination,
    addresses.client_binds_port,
    making.wrong_family,
    addresses.wrong_port,
    addresses.wrong_host,
    states.missing_connect,
    states.missing_bind,
    states.missing_listen,
    states.missing_accept,
    states.welcoming_socket_closed,
    states.stuck_on_first_client,
    limits.out_of_memory,
    limits.too_many_processes,
    limits.too_much_output,
)
"""The surest first. Each looks at one kind of exception, so that few of them can ever compete."""

EXPLAINS_NOTHING = {"EOFError", "KeyboardInterrupt", "SystemExit", "TimeoutError", "timeout", "GeneratorExit"}
"""What ends a program because of something else: its keyboard was closed, its own time limit passed."""


CONNECTION_LOST = {"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}
"""What the other end's leaving looks like: the grader may have left because of what it had read."""


def own_cause(case: Case) -> Reason | None:
    """Name the cause of the case's exception, where a rule knows it."""
    for rule in RULES:
        if (reason := rule(case)) is not None:
            return reason
    return None


def crash(case: Case) -> Reason:
    """Say what ended the program where no rule knows more: type, message and line."""
    for rule in crashes.RULES:
        if (reason := rule(case)) is not None:
            return reason
    error = case.error
    if error is NO_ERROR or error.type == "SystemExit":
        line = error.line if error.line is not None else case.evidence.line
        return Reason("crash", _status(case.evidence.exit_status), line, NOTHING_RAISED)
    where = f" on line {error.line}" if error.line else ""
    return Reason("crash", f"{code(shown(error.type, 60))} was raised{where}: {shown(error.message)}", error.line)


NOTHING_RAISED = (
    "No exception ended it: look for what did, such as `exit()`, a `return`, a loop that is over or was never begun, "
    "or simply the last line."
)


def _status(status: int | None) -> str:
    if status is None:
        return ""
    if status < 0:
        return f"Signal {-status if status > -1000 else '?'} ended it"
    return f"It ended with exit status {status if status < 10**9 else '?'}"
