"""Rules on what the counterpart saw: the check names the cause, the program's text the line.

Some suspicions are told apart further, by the screen, the record or the text: the whole pair on the screen,
``close`` without its parentheses, text made of bytes by ``str``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from grading.diagnosis import addresses, answers, screens
from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import receiver
from grading.diagnosis.endings import how_it_ends, last_line_of_server
from grading.diagnosis.making import other_type
from grading.diagnosis.states import closes_of_welcoming, lost_welcoming
from grading.diagnosis.values import RECEIVES, SENDS


def connection_not_closed(case: Case) -> Reason | None:
    """Show where the connection is made, or the ``close`` that lacks its parentheses."""
    if (named := close_not_called(case)) is not None:
        return named
    advice = None
    if forks := case.code.calls("fork"):
        advice = f"Close it in the parent too: `fork` on line {forks[0].lineno} gave each process its own copy."
    elif not case.code.calls("accept"):
        advice = "Close the connection once the answer is sent (with asyncio: `writer.close()`)."
    return Reason("connection-not-closed", "", case.first_line("accept") or case.first_line("write", *SENDS), advice)


def close_not_called(case: Case) -> Reason | None:
    """Know ``close`` without its parentheses."""
    welcoming = {receiver(call) for call in case.code.calls("accept")}
    for named in case.code.uncalled("close"):
        if not (isinstance(named.value, ast.Name) and named.value.id in welcoming):
            said = f"Line {named.lineno} names `close` without calling it"
            return Reason("close-not-called", said, named.lineno)
    return None


def welcoming_socket_closed(case: Case) -> Reason | None:
    """Show the line that closes the welcoming socket, or gives its name away."""
    if (lost := lost_welcoming(case)) is not None:
        return lost
    closes = closes_of_welcoming(case)
    said = f"Line {closes[0]} closes the welcoming socket" if closes else ""
    return Reason("welcoming-socket-closed", said, closes[0] if closes else case.first_line("close"))


def one_client_only(case: Case) -> Reason | None:
    """Show why it ended."""
    return Reason("one-client-only", how_it_ends(case), last_line_of_server(case))


def quits_on_empty_message(case: Case) -> Reason | None:
    """Show the way out of the loop."""
    leaves = case.code.leaves()
    loop = case.code.loop_that_ends(*RECEIVES)
    where = leaves[0] if leaves else loop.lineno if loop else case.first_line(*RECEIVES)
    return Reason("quits-on-empty-message", "", where)


def client_binds_port(case: Case) -> Reason | None:
    """Show the line that binds."""
    return Reason("client-binds-port", "", case.first_line("bind"))


RULES: Mapping[str, Callable[[Case], Reason | None]] = {
    "wrong-port": addresses.other_port,
    "wrong-host": addresses.other_host,
    "wrong-destination": lambda case: Reason("wrong-destination", "", case.first_line(*SENDS)),
    "wrong-reply": answers.wrong_reply,
    "extra-text": answers.extra_text,
    "no-reply": answers.no_reply,
    "connection-not-closed": connection_not_closed,
    "welcoming-socket-closed": welcoming_socket_closed,
    "one-client-only": one_client_only,
    "quits-on-empty-message": quits_on_empty_message,
    "client-binds-port": client_binds_port,
    "buffer-too-small": answers.buffer_too_small,
    "reply-not-printed": screens.reply_not_printed,
    "missing-decode": screens.missing_decode,
    "nothing-sent": screens.nothing_sent,
    "receive-before-send": screens.receive_before_send,
    "tuple-not-unpacked": screens.tuple_not_unpacked,
    "wrong-socket-type": other_type,
    "close-not-called": close_not_called,
    "ignores-input": screens.ignores_input,
    "sent-more-than-once": screens.sent_more_than_once,
}
"""One rule for each suspicion that has more to say than the check did."""
