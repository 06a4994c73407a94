"""Rules on a client's part: what it sent of what was typed, and what it showed of what came back."""

from __future__ import annotations

import ast
import re

from grading.diagnosis.answers import (
    answering_line,
    buffer_too_small,
    small_receives,
    text_making_lines,
)
from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method, receiver
from grading.diagnosis.making import other_family
from grading.diagnosis.states import FRAMEWORKS
from grading.diagnosis.values import READS, RECEIVES, SENDS
from grading.diagnosis.wording import code

_PAIR_SHOWN = re.compile(r"""\(b['"].{0,5000}['"], \(['"][\d.]{1,20}['"], \d{1,5}\)\)""")
_METHOD_SHOWN = re.compile(r"<(built-in method|bound method|function|method) \S")
_ONE_WAY = {"SHUT_RD": 0, "SHUT_RDWR": 2}


def reply_not_printed(case: Case) -> Reason | None:
    """Show the line that prints, or else the one that receives."""
    named = [node.lineno for node in case.code.nodes if isinstance(node, ast.Expr) and _is_bare_print(node)]
    if named:
        return Reason("reply-not-printed", f"Line {named[0]} names `print` without calling it", named[0])
    if any(size <= len(case.evidence.screen.strip()) for _, size in small_receives(case)):
        return buffer_too_small(case)  # what fits into the buffer is on the screen
    received = case.first_line(*RECEIVES)
    for rule in (_sends_its_own, _method_shown, _closed_for_receiving, _at_another_socket, _still_waits):
        if (reason := rule(case)) is not None:
            return reason
    if case.code.parsed and received is None and not case.code.calls(*READS, *FRAMEWORKS):
        return Reason("reply-not-printed", "Nothing in the program receives an answer", case.first_line(*SENDS))
    prints = [call.lineno for call in case.code.calls("print") if call.lineno > (received or 0)]
    return Reason("reply-not-printed", "", prints[0] if prints else received)


def _is_bare_print(node: ast.Expr) -> bool:
    return isinstance(node.value, ast.Name) and node.value.id == "print"


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


def _method_shown(case: Case) -> Reason | None:
    """Know a method that was printed itself, as in ``print(reply.decode)``."""
    if not _METHOD_SHOWN.search(case.evidence.screen[-50_000:]):
        return None
    for call in case.code.calls("print"):
        named = [node for node in call.args if isinstance(node, ast.Attribute)]
        if named:
            said = f"Line {call.lineno} prints the method {code(named[0].attr)} itself: its parentheses are missing"
            advice = f"Write {code(named[0].attr + '()')}: without parentheses the method is only named, not called."
            return Reason("reply-not-printed", said, call.lineno, advice)
    return None


def _closed_for_receiving(case: Case) -> Reason | None:
    """Know a client that shuts its socket down in both directions before the answer is there."""
    receives = [call.lineno for call in case.code.calls(*RECEIVES)]
    for call in case.code.calls("shutdown"):
        how = call.args[0] if call.args else None
        name = getattr(how, "attr", getattr(how, "id", None))
        both = name in _ONE_WAY or (isinstance(how, ast.Constant) and how.value in _ONE_WAY.values())
        if both and call.lineno <= max(receives, default=0):
            said = f"Line {call.lineno} shuts the connection down for receiving too, before the answer was read"
            return Reason(
                "reply-not-printed", said, call.lineno, "Receive first. `SHUT_WR` ends your own sending only."
            )
    return None


def _at_another_socket(case: Case) -> Reason | None:
    """Know a client that waits at another socket than the one it sent with."""
    sends, receives = case.code.calls(*SENDS), case.code.calls(*RECEIVES)
    used, waiting = {receiver(call) for call in sends}, {receiver(call) for call in receives}
    if not case.alive or "" in used | waiting or not used or not waiting or used & waiting:
        return None
    said = f"Line {sends[0].lineno} sends with {code(receiver(sends[0]))}, and line {receives[0].lineno} waits at "
    said += f"{code(receiver(receives[0]))}: the answer comes to the socket that the message left from"
    return Reason("reply-not-printed", said, receives[0].lineno, "Receive with the socket that you sent with.")


def _still_waits(case: Case) -> Reason | None:
    """Know a client that waits in a receive, having got the answer or not."""
    evidence = case.evidence
    if not case.alive or not (evidence.waits_in or "").startswith("recv") or not case.code.calls(*RECEIVES):
        return None
    where = evidence.line or case.first_line(*RECEIVES)
    advice = "One message has one answer: print it when it is there, before anything else is waited for."
    return Reason("reply-not-printed", "It waits for more before it prints", where, advice)


def missing_decode(case: Case) -> Reason | None:
    """Show the line that prints the bytes, or the whole pair."""
    lines = [call.lineno for call in case.code.calls("print") if call.args]
    if _PAIR_SHOWN.search(case.evidence.screen[-50_000:]):
        return tuple_not_unpacked(case)
    if case.server and (where := text_making_lines(case)):
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
    if (other := _other_family(case)) is not None:
        return other
    if case.code.parsed and not case.did(*SENDS):
        return nothing_sent(case)
    return Reason("receive-before-send", "", case.evidence.line or case.first_line(*RECEIVES))


def _other_family(case: Case) -> Reason | None:
    """Know a message that was sent, as the record has it, and went by another family than IPv4."""
    sent = any(call.name in SENDS and call.result is not None for call in case.evidence.calls)
    return other_family(case) if sent else None


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
    if case.code.parsed and not sends and not case.code.calls(*FRAMEWORKS):
        return Reason("nothing-sent", "Nothing in the program sends", case.first_line("input"))
    waits = "It waits for the keyboard instead" if case.evidence.waits_on == "keyboard" else ""
    return Reason("nothing-sent", waits, sends[0].lineno if sends else case.first_line("write", *FRAMEWORKS))


def ignores_input(case: Case) -> Reason | None:
    """Show the line that sent what arrived first."""
    lines = {call.lineno for call in case.code.calls(*SENDS)}
    for call in case.evidence.calls:
        if call.name in SENDS and call.line in lines:
            return Reason("ignores-input", "", call.line)
    return Reason("ignores-input", "", answering_line(case))


def sent_more_than_once(case: Case) -> Reason | None:
    """Show the last line that sends, the one too many or repeated; or the one that reads more than a line."""
    for call in case.code.calls("read", "readlines") if case.client else []:
        source = getattr(call.func, "value", None)
        if not call.args and getattr(source, "attr", getattr(source, "id", "")) == "stdin":
            said = f"Line {call.lineno} reads everything that is typed, to the end of the input"
            return Reason("ignores-input", said, call.lineno, "Read one line, with `input()`, and send that.")
    lines = [call.lineno for call in case.code.calls(*SENDS)]
    return Reason("sent-more-than-once", "", max(lines, default=None))
