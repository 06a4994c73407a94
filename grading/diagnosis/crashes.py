"""Rules that explain an exception which has no cause of its own: the cause is ``crash``, with better advice."""

from __future__ import annotations

import ast
import errno
import re
from collections.abc import Callable, Sequence

from grading.diagnosis import addresses, destinations, pairs
from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import receiver
from grading.diagnosis.states import TALKS
from grading.diagnosis.wording import code, the_line

_METHOD = re.compile(r"'(builtin_function_or_method|method|function)'|non-iterable (builtin_)?(function|method)")


def talks_on_welcoming_socket(case: Case) -> Reason | None:
    """Explain a crash: the welcoming socket was used where the accepted one was meant."""
    error = case.error
    if not (case.server and case.tcp) or case.number not in {errno.ENOTCONN, errno.EPIPE}:
        return None
    welcoming = {receiver(call) for call in case.code.calls("accept")} - {""}
    used = {receiver(call) for call in case.code.calls_at(error.line, *TALKS)}
    if not welcoming & used:
        return None
    said = f"{the_line(error.line)} talks on the welcoming socket, which carries no messages ({case.raised})"
    advice = "Talk to the client with the socket that `accept` returned."
    return Reason("crash", said, error.line, advice)


def used_after_close(case: Case) -> Reason | None:
    """Explain a crash: a socket was used after the program had closed it."""
    error = case.error
    if case.number != errno.EBADF:
        return None
    used = {receiver(call) for call in case.code.calls_at(error.line)} - {""}
    closes = [call.lineno for call in case.code.calls("close", "detach") if receiver(call) in used]
    closes += _ends_of_with(case, used)
    if not closes:
        return None
    said = f"{the_line(error.line)} uses a socket that line {closes[0]} has closed ({case.raised})"
    return Reason("crash", said, error.line, "Close a socket only when nothing is left to be done with it.")


def _ends_of_with(case: Case, names: set[str]) -> list[int]:
    """Give the lines of the ``with`` statements that closed one of these sockets before the exception."""
    found = []
    for node in case.code.nodes:
        if isinstance(node, ast.With) and (node.end_lineno or 0) < (case.error.line or 0):
            managed = {
                getattr(part, "id", "") for item in node.items for part in (item.optional_vars, item.context_expr)
            }
            found += [node.lineno] if managed & names else []
    return found


def uncalled_method(case: Case) -> Reason | None:
    """Explain a method that was named without being called, as in ``text.upper.encode()``."""
    error = case.error
    if not _METHOD.search(error.message) or error.type not in {"TypeError", "AttributeError"}:
        return None
    said = f"{the_line(error.line)} names a method without calling it ({case.raised})"
    return Reason("crash", said, error.line, "A method is called with its parentheses: `text.upper()`.")


def not_awaited(case: Case) -> Reason | None:
    """Explain a coroutine that was used like a value."""
    error = case.error
    if not re.search(r"'coroutine'|non-iterable coroutine", error.message):
        return None
    said = f"{the_line(error.line)} uses a coroutine itself, which was not awaited ({case.raised})"
    return Reason("crash", said, error.line, "Write `await` before the call whose result you want.")


def does_not_block(case: Case) -> Reason | None:
    """Explain a call that found nothing to do yet, on a socket that does not block."""
    error = case.error
    if error.type != "BlockingIOError":
        return None
    switched = case.code.calls("setblocking", "settimeout")
    where = f", since line {switched[0].lineno} made it so" if switched else ""
    said = f"{the_line(error.line)} uses a socket that does not wait{where} ({case.raised})"
    advice = "Leave the socket as it is made: then `connect`, `accept` and every receive wait until they are done."
    return Reason("crash", said, error.line, advice)


def unpacked_bytes(case: Case) -> Reason | None:
    """Explain ``data, address = s.recv(1024)``: bytes alone, taken apart as if they were a pair."""
    error = case.error
    if "values to unpack" not in error.message or not case.code.calls_at(error.line, "recv"):
        return None
    said = f"{the_line(error.line)} takes apart what `recv` returns, which is bytes alone ({case.raised})"
    return Reason("crash", said, error.line, "`recv` returns one value; only `recvfrom` gives the address with it.")


def not_installed(case: Case) -> Reason | None:
    """Explain an import of what is no part of Python: a package, a module that was not handed in, a slip."""
    error = case.error
    named = re.fullmatch(r"No module named '([\w.]{1,60})'", error.message)
    if error.type != "ModuleNotFoundError" or named is None:
        return None
    said = f"{the_line(error.line)} imports {code(named[1])}, which is not available: it does not come with Python"
    advice = (
        "Where programs are graded there is the standard library alone, and what you hand in. Write it without, or, "
        "if it is a module of your own, hand it in beside the program."
    )
    return Reason("crash", said, error.line, advice)


RULES: Sequence[Callable[[Case], Reason | None]] = (
    talks_on_welcoming_socket,
    used_after_close,
    uncalled_method,
    not_awaited,
    does_not_block,
    unpacked_bytes,
    not_installed,
    destinations.address_as_data,
    destinations.address_for_send,
    destinations.size_for_sendto,
    pairs.address_as_value,
    addresses.number_as_host,
)
