"""Rules on what the counterpart saw: the check names the cause, the program's text the line.

Some suspicions are told apart further here, by the screen or by the text: the whole pair on the screen,
``close`` without its parentheses, text made of bytes by ``str``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping

from grading.diagnosis import addresses
from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method, receiver
from grading.diagnosis.kernel import READS, RECEIVES, last_line_of_server
from grading.diagnosis.states import closes_of_welcoming, other_type
from grading.diagnosis.values import SENDS
from grading.diagnosis.wording import shown

_PAIR_SHOWN = re.compile(r"""\(b['"].{0,5000}['"], \(['"][\d.]{1,20}['"], \d{1,5}\)\)""")
_OTHER_CASES = ("capitalize", "title", "swapcase", "lower", "casefold")
_BYTES_IN_TEXT = re.compile(r"""b"[bB]'|b"[^"\n]{0,200}[^\w"][bB]'|b'[bB]\\?['"]""")


def wrong_reply(case: Case) -> Reason | None:
    """Show the line that answers, or the one that throws the upper-case text away."""
    lost = [
        node.lineno
        for node in case.code.nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and method(node.value) == "upper"
    ]
    if lost:
        said = f"Line {lost[0]} makes the upper-case text and does nothing with it"
        return Reason("wrong-reply", said, lost[0])
    if (bytes_shown := str_of_bytes(case)) is not None:
        return bytes_shown
    others = case.code.calls(*_OTHER_CASES)
    if others and not case.code.calls("upper"):
        said = f"Line {others[0].lineno} calls `{method(others[0])}`, where `upper` is wanted"
        return Reason("wrong-reply", said, others[0].lineno)
    return Reason("wrong-reply", "", _answering_line(case))


def extra_text(case: Case) -> Reason | None:
    """Show the line that sends."""
    return str_of_bytes(case) or Reason("extra-text", "", _answering_line(case))


def str_of_bytes(case: Case) -> Reason | None:
    """Know a message that is bytes as Python shows them, made by ``str`` or an f-string."""
    seen = f"{case.evidence.happened} {case.evidence.facts.get('received', '')}"[:20_000]
    where = _text_making_lines(case) if _BYTES_IN_TEXT.search(seen) else []
    if not where:
        return None
    said = f"Text made of bytes without `decode` keeps the `b'...'` around it (line {where[0]})"
    return Reason("missing-decode", said, where[0])


def sent_more_than_once(case: Case) -> Reason | None:
    """Show the last line that sends: the one too many, or the one that is repeated."""
    lines = [call.lineno for call in case.code.calls(*SENDS)]
    return Reason("sent-more-than-once", "", max(lines, default=None))


def _answering_line(case: Case) -> int | None:
    """Give the line of the call that sends; the recorded one where there are several."""
    lines = {call.lineno for call in case.code.calls(*SENDS)}
    for call in reversed(case.evidence.calls):
        if call.name in SENDS and call.line in lines:
            return call.line
    return min(lines, default=None)


def _text_making_lines(case: Case) -> list[int]:
    """Give the lines that may make text of bytes without decoding: ``str(data)``, f-strings, ``format``."""
    strings = [node.lineno for node in case.code.nodes if isinstance(node, ast.JoinedStr)]
    return sorted(strings + [call.lineno for call in case.code.calls("str", "format") if call.args])


def no_reply(case: Case) -> Reason | None:
    """Say that nothing sends, or show where the server waits instead."""
    evidence = case.evidence
    named = case.code.uncalled(*SENDS)
    if named:
        said = f"Line {named[0].lineno} names `{named[0].attr}` without calling it"
        return Reason("no-reply", said, named[0].lineno)
    if case.code.parsed and not case.did(*SENDS, "sendfile", "write"):
        return Reason("no-reply", "Nothing in the program sends", case.first_line(*RECEIVES))
    if evidence.waits_in:
        on = f" for {shown(evidence.waits_on, 80)}" if evidence.waits_on else ""
        said = f"It waits in `{shown(evidence.waits_in, 40)}`{on} instead"
        return Reason("no-reply", said, evidence.line or case.first_line(*READS))
    where = evidence.line or case.first_line(*READS) or _answering_line(case)
    return Reason("no-reply", "", where)


def connection_not_closed(case: Case) -> Reason | None:
    """Show where the connection is made, or the ``close`` that lacks its parentheses."""
    return close_not_called(case) or Reason("connection-not-closed", "", case.first_line("accept"))


def close_not_called(case: Case) -> Reason | None:
    """Know ``close`` without its parentheses."""
    welcoming = {receiver(call) for call in case.code.calls("accept")}
    for named in case.code.uncalled("close"):
        if not (isinstance(named.value, ast.Name) and named.value.id in welcoming):
            said = f"Line {named.lineno} names `close` without calling it"
            return Reason("close-not-called", said, named.lineno)
    return None


def welcoming_socket_closed(case: Case) -> Reason | None:
    """Show the line that closes the welcoming socket."""
    closes = closes_of_welcoming(case)
    said = f"Line {closes[0]} closes the welcoming socket" if closes else ""
    return Reason("welcoming-socket-closed", said, closes[0] if closes else case.first_line("close"))


def one_client_only(case: Case) -> Reason | None:
    """Show why it ended."""
    return Reason("one-client-only", "", last_line_of_server(case))


def quits_on_empty_message(case: Case) -> Reason | None:
    """Show the way out of the loop."""
    leaves = case.code.leaves()
    return Reason("quits-on-empty-message", "", leaves[0] if leaves else case.first_line(*RECEIVES))


def client_binds_port(case: Case) -> Reason | None:
    """Show the line that binds."""
    return Reason("client-binds-port", "", case.first_line("bind"))


def buffer_too_small(case: Case) -> Reason | None:
    """Show the receive and its size."""
    for line, size in _small_receives(case):
        return Reason("buffer-too-small", f"Line {line} has room for {size} bytes", line)
    return Reason("buffer-too-small", "", case.first_line(*RECEIVES))


def _small_receives(case: Case) -> list[tuple[int, int]]:
    """Give line and size of the receives that a message of the usual length does not fit into."""
    found = []
    for call in case.code.calls(*RECEIVES):
        size = case.code.resolved(call.args[0]) if call.args else None
        if isinstance(size, ast.Constant) and isinstance(size.value, int) and 0 <= size.value < 900:
            found.append((call.lineno, size.value))
    return found


def reply_not_printed(case: Case) -> Reason | None:
    """Show the line that prints, or else the one that receives."""
    named = [node.lineno for node in case.code.nodes if isinstance(node, ast.Expr) and _is_bare_print(node)]
    if named:
        return Reason("reply-not-printed", f"Line {named[0]} names `print` without calling it", named[0])
    if any(size <= len(case.evidence.screen.strip()) for _, size in _small_receives(case)):
        return buffer_too_small(case)  # what fits into the buffer is on the screen
    if (own := _sends_its_own(case)) is not None:
        return own
    received = case.first_line(*RECEIVES)
    if case.code.parsed and received is None:
        return Reason("reply-not-printed", "Nothing in the program receives an answer", case.first_line(*SENDS))
    prints = [call.lineno for call in case.code.calls("print") if call.lineno > (received or 0)]
    return Reason("reply-not-printed", "", prints[0] if prints else received)


def _sends_its_own(case: Case) -> Reason | None:
    """Know a client that sends a constant: what comes back is then the answer to that."""
    for call in case.code.calls(*SENDS) if case.client else []:
        data = case.code.resolved(call.args[0]) if call.args else None
        if isinstance(data, ast.Call) and isinstance(data.func, ast.Attribute) and method(data) == "encode":
            data = case.code.resolved(data.func.value)
        if isinstance(data, ast.Constant) and isinstance(data.value, (str, bytes)):
            said = f"Line {call.lineno} sends a fixed text, whatever was typed"
            return Reason("ignores-input", said, call.lineno)
    return None


def _is_bare_print(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "print"


def missing_decode(case: Case) -> Reason | None:
    """Show the line that prints the bytes, or the whole pair."""
    lines = [call.lineno for call in case.code.calls("print") if call.args]
    if _PAIR_SHOWN.search(case.evidence.screen[-50_000:]):
        return tuple_not_unpacked(case)
    if case.server and (where := _text_making_lines(case)):
        return Reason("missing-decode", "", where[0])
    received = case.first_line(*RECEIVES) or 0
    after = [line for line in lines if line >= received]
    return Reason("missing-decode", "", min(after or lines, default=None))


def tuple_not_unpacked(case: Case) -> Reason | None:
    """Show the line that prints the whole pair."""
    lines = [call.lineno for call in case.code.calls("print") if call.args]
    return Reason("tuple-not-unpacked", "The whole pair is on the screen", max(lines, default=None))


def receive_before_send(case: Case) -> Reason | None:
    """Show the receive that comes too early, in a program that sends at all."""
    if case.code.parsed and not case.did(*SENDS):
        return nothing_sent(case)
    return Reason("receive-before-send", "", case.evidence.line or case.first_line(*RECEIVES))


def nothing_sent(case: Case) -> Reason | None:
    """Say that nothing sends, or show the line that should have."""
    named = case.code.uncalled(*SENDS)
    if named:
        said = f"Line {named[0].lineno} names `{named[0].attr}` without calling it"
        return Reason("nothing-sent", said, named[0].lineno)
    sends = case.code.calls(*SENDS)
    if case.code.parsed and not sends and case.code.calls("makefile"):
        said = "What is written into a file of `makefile` stays in its buffer until it is flushed"
        return Reason("nothing-sent", said, case.first_line("write", "print", "makefile"))
    if case.code.parsed and not sends:
        return Reason("nothing-sent", "Nothing in the program sends", case.first_line("input"))
    waits = "It waits for the keyboard instead" if case.evidence.waits_on == "keyboard" else ""
    return Reason("nothing-sent", waits, sends[0].lineno if sends else None)


RULES: Mapping[str, Callable[[Case], Reason | None]] = {
    "wrong-port": addresses.other_port,
    "wrong-host": addresses.other_host,
    "wrong-destination": lambda case: Reason("wrong-destination", "", case.first_line(*SENDS)),
    "wrong-reply": wrong_reply,
    "extra-text": extra_text,
    "no-reply": no_reply,
    "connection-not-closed": connection_not_closed,
    "welcoming-socket-closed": welcoming_socket_closed,
    "one-client-only": one_client_only,
    "quits-on-empty-message": quits_on_empty_message,
    "client-binds-port": client_binds_port,
    "buffer-too-small": buffer_too_small,
    "reply-not-printed": reply_not_printed,
    "missing-decode": missing_decode,
    "nothing-sent": nothing_sent,
    "receive-before-send": receive_before_send,
    "tuple-not-unpacked": tuple_not_unpacked,
    "wrong-socket-type": other_type,
    "close-not-called": close_not_called,
    "ignores-input": lambda case: Reason("ignores-input", "", _answering_line(case)),
    "sent-more-than-once": sent_more_than_once,
}
"""One rule for each suspicion that has more to say than the check did."""
