"""Rules on a server's answer: what came, what the record says was sent instead, and which line sent it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method
from grading.diagnosis.values import READS, RECEIVES, SENDS
from grading.diagnosis.wording import shown
from grading.transcript import Call

_OTHER_CASES = ("capitalize", "title", "swapcase", "lower", "casefold")
_STRIPS = ("strip", "lstrip", "rstrip")
_BYTES_IN_TEXT = re.compile(r"""b"[bB]'|b"[^"\n]{0,200}[^\w"][bB]'|b'[bB]\\?['"]""")
_EVENT_LOOPS = {"epoll_wait", "epoll_pwait", "poll", "ppoll", "select", "pselect6", "kevent"}
_ROOM = 900
"""Bytes that every message of the checks fits into."""


def wrong_reply(case: Case) -> Reason | None:
    """Show the line that answers, or the one that throws the upper-case text away."""
    if (nothing := no_room(case)) is not None:
        return nothing
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
    strips = case.code.calls(*_STRIPS)
    if strips and not case.code.uses("upper"):
        said = f"Nothing in the program calls `upper`: line {strips[0].lineno} calls `{method(strips[0])}`"
        return Reason("wrong-reply", said, strips[0].lineno)
    return _of_before(case) or Reason("wrong-reply", "", answering_line(case))


def _of_before(case: Case) -> Reason | None:
    """Know an answer that is computed only after it was sent: each client gets the one before."""
    for send in case.code.calls(*SENDS) if case.server else []:
        loop = case.code.loop_above(send)
        inside = range(loop.lineno, (loop.end_lineno or loop.lineno) + 1) if loop is not None else range(0)
        for node in ast.walk(send.args[0]) if send.args else ():
            lines = [binding.line for binding in case.code.bindings(node.id)] if isinstance(node, ast.Name) else []
            again = [line for line in lines if line in inside]
            if isinstance(node, ast.Name) and again and min(again) > send.lineno:
                said = (
                    f"Line {send.lineno} sends `{shown(node.id, 40)}`, which gets its new value only on line {again[0]}"
                )
                return Reason("wrong-reply", said, send.lineno, "Make the answer of the message first, then send it.")
    return None


def extra_text(case: Case) -> Reason | None:
    """Show the line that sends, or sends again."""
    facts, expected = case.evidence.facts, case.evidence.facts.get("expected_reply", "")
    times = facts.get("received", "").count(expected) if expected else 0
    if times > 1 and facts["received"] == expected * times:
        lines = [call.lineno for call in case.code.calls(*SENDS)]
        return Reason("sent-more-than-once", f"The answer stands there {times} times", max(lines, default=None))
    return str_of_bytes(case) or Reason("extra-text", "", answering_line(case))


def str_of_bytes(case: Case) -> Reason | None:
    """Know a message that is bytes as Python shows them, made by ``str`` or an f-string."""
    seen = f"{case.evidence.happened} {case.evidence.facts.get('received', '')}"[:20_000]
    where = text_making_lines(case) if _BYTES_IN_TEXT.search(seen) else []
    if not where:
        return None
    said = f"Text made of bytes without `decode` keeps the `b'...'` around it (line {where[0]})"
    return Reason("missing-decode", said, where[0])


def text_making_lines(case: Case) -> list[int]:
    """Give the lines that may make text of bytes without decoding: ``str(data)``, f-strings, ``format``."""
    strings = [node.lineno for node in case.code.nodes if isinstance(node, ast.JoinedStr)]
    return sorted(strings + [call.lineno for call in case.code.calls("str", "format") if call.args])


def answering_line(case: Case) -> int | None:
    """Give the line of the call that sends; the recorded one where there are several."""
    lines = {call.lineno for call in case.code.calls(*SENDS)}
    for call in reversed(case.evidence.calls):
        if call.name in SENDS and call.line in lines:
            return call.line
    return min(lines, default=None)


def buffer_too_small(case: Case) -> Reason | None:
    """Show the receive and its size, or else what cuts a message that was received whole."""
    if small := small_receives(case):
        line, size = small[0]
        return Reason("buffer-too-small", f"Line {line} has room for {size} byte{'' if size == 1 else 's'}", line)
    sent = _answers(case)
    if case.server and case.udp and len(sent) > 1:
        said = f"Line {sent[0].line} sent {len(sent)} datagrams in answer to one"
        return Reason("sent-more-than-once", said, case.code.known(sent[0].line))
    receives = case.code.calls(*RECEIVES)
    if receives and all((_size(case, call) or 0) >= _ROOM for call in receives):
        advice = "Look for what cuts the text on its way: an index in brackets, `split`, a loop that ends early."
        if case.server:
            said = "The end of the answer is missing, and the receive has room enough"
            return Reason("wrong-reply", said, answering_line(case), advice)
        said = "The end of the answer is not shown, and the receive has room enough"
        return Reason("reply-not-printed", said, case.first_line("print"), advice)
    return Reason("buffer-too-small", "", case.first_line(*RECEIVES))


def small_receives(case: Case) -> list[tuple[int, int]]:
    """Give line and size of the receives that a message of the usual length does not fit into."""
    sizes = [(call.lineno, _size(case, call)) for call in case.code.calls(*RECEIVES)]
    return [(line, size) for line, size in sizes if size is not None and 0 <= size < _ROOM]


def _size(case: Case, receive: ast.Call) -> int | None:
    size = case.code.resolved(receive.args[0]) if receive.args else None
    return size.value if isinstance(size, ast.Constant) and isinstance(size.value, int) else None


def no_room(case: Case) -> Reason | None:
    """Know a server that receives nothing, because its receive has no room."""
    return buffer_too_small(case) if case.server and any(size == 0 for _, size in small_receives(case)) else None


def no_reply(case: Case) -> Reason | None:
    """Say that nothing sends, or show where the server waits instead."""
    evidence = case.evidence
    if (nothing := no_room(case)) is not None:
        return nothing
    named = case.code.uncalled(*SENDS)
    if named:
        said = f"Line {named[0].lineno} names `{named[0].attr}` without calling it"
        return Reason("no-reply", said, named[0].lineno)
    if case.code.parsed and not case.did(*SENDS, "sendfile", "write"):
        return Reason("no-reply", "Nothing in the program sends", case.first_line(*RECEIVES))
    if (early := _of_before(case)) is not None:
        return replace(early, cause="no-reply")
    return _waits_instead(case) if evidence.waits_in else Reason("no-reply", "", _reading_line(case))


def _reading_line(case: Case) -> int | None:
    return case.evidence.line or case.first_line(*READS) or answering_line(case)


def _waits_instead(case: Case) -> Reason:
    evidence = case.evidence
    if evidence.waits_on == "keyboard":
        advice = "Leave the keyboard out of a server: what it works on comes from its clients."
        return Reason("no-reply", "", evidence.line or case.first_line("input"), advice)
    if evidence.waits_in in _EVENT_LOOPS and case.code.calls(*READS):
        return Reason("no-reply", "", case.first_line(*READS))
    on = f" for {shown(evidence.waits_on, 80)}" if evidence.waits_on else ""
    said = f"It waits in `{shown(evidence.waits_in or '', 40)}`{on} instead"
    return Reason("no-reply", said, evidence.line or case.first_line(*READS))


def gone_astray(case: Case) -> Reason | None:
    """Know an answer that never came because, as the record has it, it was sent to somebody else, or was an old one."""
    client, sent = case.evidence.facts.get("client"), _answers(case)
    if not (case.server and case.udp) or case.evidence.suspect not in _NOT_COME or not client or not sent:
        return None
    if case.alive and not case.evidence.waits_in:
        return None  # still busy: the answer may be to come
    last, line = sent[-1], case.code.known(sent[-1].line)
    if all(len(call.args) > 1 and call.args[-1] != client for call in sent):
        return Reason("wrong-destination", f"Line {last.line} sent to {shown(last.args[-1], 60)} instead", line)
    before = case.evidence.calls[: _asked_at(case)]
    if last.args[:1] in [call.args[:1] for call in before if call.name in SENDS]:
        said = f"Line {last.line} sent {shown(last.args[0], 60)} again, the answer to an earlier message"
        return Reason("wrong-reply", said, line)
    return None


_NOT_COME = {"no-reply", "stuck-on-first-client", "quits-on-empty-message"}


def connected_to_one(case: Case) -> Reason | None:
    """Know a UDP server that connects its socket, and so hears one client only."""
    connects = [call for call in case.code.calls("connect") if case.code.looped(call)]
    if not (case.server and case.udp) or case.evidence.suspect not in _NOT_COME or not connects:
        return None
    line = connects[0].lineno
    said = f"Line {line} connects the socket to one client: from then on it gets no datagrams of others"
    advice = "Leave `connect` out of the server: `sendto` says with each answer where that one goes."
    return Reason("stuck-on-first-client", said, line, advice)


def waits_for_more(case: Case) -> Reason | None:
    """Know a server that is busy in its main thread, and in another one reads on, as the record has it."""
    calls = case.evidence.calls
    if not case.server or case.evidence.suspect != "hang" or case.evidence.waits_in or not calls:
        return None
    last = calls[-1]
    read = [call for call in calls[:-1] if call.name in RECEIVES and call.fd == last.fd and call.returned]
    if last.name not in RECEIVES or last.returned or not read or any(call.name in SENDS for call in calls):
        return None
    said = "It has read the message and waits for more of it" if case.tcp else "It waits for another message"
    return Reason("no-reply", said, case.code.known(last.line))


def _answers(case: Case) -> list[Call]:
    """Give the sends that came back since the message was received, as the record has it."""
    since = case.evidence.calls[_asked_at(case) :]
    return [call for call in since if call.name in SENDS and call.result is not None]


def _asked_at(case: Case) -> int:
    """Give the place in the record where the message was received; behind the end, if it was not."""
    calls, message = case.evidence.calls, case.evidence.facts.get("sent", "")
    received = [place for place, call in enumerate(calls) if call.name in RECEIVES and call.result is not None]
    its = [place for place in received if message and message in (calls[place].result or "")] or received
    return its[-1] if its else len(calls)
