"""Rules on what the kernel shows: whether the program lives, what it waits for, which sockets it has.

They are asked where no exception explains the failure. The program's text says which line is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from grading.diagnosis import answers, endings
from grading.diagnosis.case import PORT, Case, Reason
from grading.diagnosis.endings import VAGUE, served
from grading.diagnosis.making import other_type
from grading.diagnosis.states import (
    BINDS,
    CONNECTS,
    FRAMEWORKS,
    LISTENS,
    accept_before_loop,
    closes_of_welcoming,
    lost_welcoming,
)
from grading.diagnosis.values import READS, RECEIVES, SENDS
from grading.diagnosis.wording import shown

Rule = Callable[[Case], Reason | None]


def wrong_socket_type(case: Case) -> Reason | None:
    """Know a program that speaks the other protocol."""
    return other_type(case)


def missing_bind(case: Case) -> Reason | None:
    """Know a server that never calls ``bind``."""
    if not case.server or not case.code.parsed or case.code.calls(*FRAMEWORKS):
        return None
    if case.did(*BINDS):
        return None
    if connects := case.code.calls("connect"):
        line = connects[0].lineno
        said = f"Line {line} calls `connect`, which a client does: it gives the socket no port that clients know"
        return Reason("missing-bind", said, line)
    if any(re.search(rf":{PORT}\b", entry) for entry in case.evidence.sockets):
        return None
    if named := case.code.uncalled("bind"):
        said = f"Line {named[0].lineno} names `bind` without calling it"
        return Reason("missing-bind", said, named[0].lineno)
    where = case.first_line("listen", "accept", *RECEIVES) or case.first_line("socket")
    return Reason("missing-bind", f"`bind` was never called: port {PORT} belongs to nobody", where)


def missing_listen(case: Case) -> Reason | None:
    """Know a TCP server that never calls ``listen``."""
    if not (case.server and case.tcp) or not case.code.parsed or case.did(*LISTENS) or case.code.calls(*FRAMEWORKS):
        return None
    named = case.code.uncalled("listen")
    said = f"Line {named[0].lineno} names `listen` without calling it" if named else "`listen` was never called"
    return Reason("missing-listen", said, named[0].lineno if named else case.first_line("bind"))


def missing_accept(case: Case) -> Reason | None:
    """Know a TCP server that never calls ``accept``."""
    if not (case.server and case.tcp) or not case.code.parsed or case.did("accept") or case.code.calls(*FRAMEWORKS):
        return None
    named = case.code.uncalled("accept")
    said = f"Line {named[0].lineno} names `accept` without calling it" if named else "`accept` was never called"
    return Reason("missing-accept", said, named[0].lineno if named else case.first_line(*LISTENS))


def missing_connect(case: Case) -> Reason | None:
    """Know a TCP client that never calls ``connect``."""
    if not (case.client and case.tcp) or not case.code.parsed or case.did(*CONNECTS) or case.code.calls(*FRAMEWORKS):
        return None
    named = case.code.uncalled("connect")
    said = f"Line {named[0].lineno} names `connect` without calling it" if named else "`connect` was never called"
    return Reason("missing-connect", said, named[0].lineno if named else case.first_line(*SENDS, "socket"))


def welcoming_socket_closed(case: Case) -> Reason | None:
    """Know a server that stopped listening because it closes the wrong socket in its loop."""
    if not (case.server and case.tcp):
        return None
    refuses = case.evidence.suspect == "crash" and case.alive  # it lives, and nothing listens there any more
    if not refuses and case.evidence.suspect not in {"one-client-only", "stuck-on-first-client"}:
        return None
    if (lost := lost_welcoming(case)) is not None:
        return lost
    closes = closes_of_welcoming(case)
    return (
        Reason("welcoming-socket-closed", f"Line {closes[0]} closes the welcoming socket", closes[0])
        if closes
        else None
    )


def stuck_on_first_client(case: Case) -> Reason | None:
    """Know a living server that does not come back to the call that waits for a client."""
    if not case.server or not case.alive:
        return None
    evidence = case.evidence
    line = accept_before_loop(case)
    call = "accept" if case.tcp else "recvfrom"
    if line is not None:
        said = f"`{call}` on line {line} stands before the loop, so it is called once"
        return Reason("stuck-on-first-client", said, line)
    back = {"accept"} if case.tcp else {"recvfrom", "recv"}
    if evidence.suspect == "hang" and served(case) and evidence.calls[-1].name not in back:
        where = evidence.line or evidence.calls[-1].line
        said = f"It served its first client and did not come back to `{call}`"
        return Reason("stuck-on-first-client", said, case.code.known(where))
    sure = evidence.suspect in {"stuck-on-first-client", "quits-on-empty-message"}  # it lives: it did not quit
    if sure and case.udp and (evidence.waits_on or "").startswith("UDP port"):
        return answers.no_reply(case)  # it did come back to its receive
    seen_waiting = bool(evidence.waits_in) or any(_awaits_clients(entry) for entry in evidence.sockets)
    if not sure and not (evidence.suspect == "one-client-only" and seen_waiting):
        return None
    where = evidence.line or case.first_line("accept" if case.tcp else "recvfrom")
    waits = f"It waits {_for(case)}, and not in `{call}`" if evidence.waits_in else f"It did not come back to `{call}`"
    return Reason("stuck-on-first-client", waits, where)


def _awaits_clients(entry: str) -> bool:
    """Whether a socket of the kernel's table is one that clients could still reach."""
    return entry.startswith("UDP") or entry.endswith("listening")


def receive_before_send(case: Case) -> Reason | None:
    """Know a client that waits for an answer to what it never sent."""
    evidence = case.evidence
    if not case.client or not case.alive or (evidence.waits_on or "") == "keyboard":
        return None
    if evidence.suspect not in {"receive-before-send", "nothing-sent", "ignores-input", "hang", ""}:
        return None
    sent = served(case)
    sends, receives = case.code.calls(*SENDS), case.code.calls(*RECEIVES)
    waits = (evidence.waits_in or "") in READS or (
        evidence.waits_in is None and bool(sends and receives) and receives[0].lineno < sends[0].lineno
    )
    if sent or not waits or not sends or (evidence.suspect == "hang" and not receives):
        return None
    where = evidence.line or (receives[0].lineno if receives else None)
    said = f"It waits for an answer{f' on line {where}' if where else ''} before it has sent anything"
    return Reason("receive-before-send", said, where)


def hang(case: Case) -> Reason | None:
    """Know a living program that makes no progress, where nothing better can be said."""
    suspect = case.evidence.suspect
    due = suspect.removeprefix("missing-")
    known = bool(case.evidence.waits_in or case.evidence.calls)
    not_come_to = known and due in _DUE and case.code.calls(due, *_DUE[due])
    if any(call.name == due for call in case.evidence.calls):
        return None
    busy_client = suspect == "reply-not-printed" and case.client and known and not case.evidence.waits_in
    if not case.alive or (suspect not in VAGUE and not not_come_to and not busy_client):
        return None
    line = case.evidence.line or (case.evidence.calls[-1].line if busy_client else None)
    where = f" on line {line}" if line and line < 10**9 else ""
    said = (
        f"It waits {_for(case)}{where}, and nothing will come"
        if case.evidence.waits_in
        else (f"It was still busy{where} when its time was up")
    )
    return Reason("hang", said, case.code.known(line))


_DUE = {"bind": BINDS, "listen": LISTENS, "accept": (), "connect": CONNECTS}


def sleeps(case: Case) -> Reason | None:
    """Know a program that sleeps at the line where its time was up."""
    line = case.evidence.line
    if not case.alive or case.evidence.waits_in or not case.code.calls_at(line, "sleep"):
        return None
    advice = "Leave the pause out: a receive waits by itself until something is there, and no longer."
    return Reason("hang", f"It sleeps on line {line}", line, advice)


def _for(case: Case) -> str:
    evidence = case.evidence
    on = f" for {shown(evidence.waits_on, 80)}" if evidence.waits_on else ""
    return f"in `{shown(evidence.waits_in or '', 40)}`{on}"


RULES: Sequence[Rule] = (
    wrong_socket_type,
    missing_bind,
    endings.ended_at_once,
    missing_listen,
    missing_accept,
    missing_connect,
    welcoming_socket_closed,
    endings.one_client_only,
    answers.gone_astray,
    answers.connected_to_one,
    stuck_on_first_client,
    sleeps,
    answers.waits_for_more,
    receive_before_send,
    hang,
)
"""The surest first."""
