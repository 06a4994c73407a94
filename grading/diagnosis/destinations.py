"""Rules on what a sending call is given: the data first, then the address, and to whom.

A datagram needs both, and a connection the data alone.
"""

from __future__ import annotations

import ast
import errno
import re

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method
from grading.diagnosis.pairs import is_address, made_by, names_of, unpacked
from grading.diagnosis.states import CONNECTS, FRAMEWORKS
from grading.diagnosis.wording import code, shown, the_line

_IN_ORDER = "`sendto` takes the data first and the address second: `sendto(data, address)`."


def no_destination(case: Case) -> Reason | None:
    """Know data handed to a socket without an address, or with one to a method that takes none."""
    error = case.error
    left_out = re.search(
        r"sendto\(\) takes 2 or 3 arguments \(1 given\)|address must be tuple, not NoneType", error.message
    )
    if case.udp and (named := _address_for_send(case)):
        said = f"{the_line(error.line)} gives {named} an address, which it does not take ({case.raised})"
        return Reason("no-destination", said, error.line, "Call `sendto(data, address)`: it takes the two.")
    if case.number != errno.EDESTADDRREQ and left_out is None:
        return None
    if (sent := _sent_alone(case)) is not None:
        if is_address(case, sent):
            return _data_left_out(case)
        if isinstance(case.code.resolved(sent), ast.Constant) and not _is_message(case.code.resolved(sent)):
            return None  # see `size_for_sendto`
    said = f"{the_line(error.line)} sends to no address ({case.raised})"
    if case.tcp:
        said = f"{the_line(error.line)} calls `sendto` without an address ({case.raised})"
    advice = "A connection knows its other end: `send(data)` takes no address." if case.tcp else None
    return Reason("no-destination", said, error.line, advice)


def _address_for_send(case: Case) -> str:
    """Name the method that was given an address and takes none, or ``""``."""
    if "'tuple' object cannot be interpreted as an integer" not in case.error.message:
        return ""
    sends = case.code.calls_at(case.error.line, "send", "sendall")
    given = [send for send in sends if len(send.args) > 1 and is_address(case, send.args[-1])]
    return f"`{method(given[0])}`" if given else ""


def _sent_alone(case: Case) -> ast.expr | None:
    """Give the only argument of ``sendto``."""
    for send in case.code.calls_at(case.error.line, "sendto"):
        if len(send.args) == 1 and not isinstance(send.args[0], ast.Starred):
            return send.args[0]
    return None


def _is_message(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, (str, bytes))


def _data_left_out(case: Case) -> Reason:
    line = case.error.line
    if case.client and case.tcp and case.code.parsed and not case.did(*CONNECTS, *FRAMEWORKS):
        said = f"{the_line(line)} hands the address to `sendto`, which connects nothing ({case.raised})"
        return Reason("missing-connect", said, line)
    said = f"{the_line(line)} gives `sendto` the address alone: the data is missing ({case.raised})"
    alone = "A connection knows its other end: `send(data)` takes the data, and no address."
    return Reason("crash", said, line, alone if case.tcp else _IN_ORDER)


def address_for_send(case: Case) -> Reason | None:
    """Explain a crash: ``send`` was given an address, on a connection."""
    if not (named := _address_for_send(case)):
        return None
    said = f"{the_line(case.error.line)} gives {named} an address, which it does not take ({case.raised})"
    return Reason("crash", said, case.error.line, f"A connection knows its other end: {named} takes the data alone.")


def size_for_sendto(case: Case) -> Reason | None:
    """Explain a crash: ``sendto`` was called in the place of ``recvfrom``."""
    sent = _sent_alone(case)
    size = case.code.resolved(sent) if sent is not None and "takes 2 or 3 arguments" in case.error.message else None
    if not isinstance(size, ast.Constant) or not isinstance(size.value, int):
        return None
    said = f"{the_line(case.error.line)} gives `sendto` a size, and nothing to send ({case.raised})"
    receive = f"recvfrom({size.value})" if case.udp else f"recv({size.value})"
    return Reason("crash", said, case.error.line, f"To receive, call `{shown(receive, 40)}`.")


def message_as_address(case: Case) -> Reason | None:
    """Know the bytes that arrived, handed to ``sendto`` as the address, though they were taken apart well."""
    if "address must be tuple, not bytes" not in case.error.message:
        return None
    for send in case.code.calls_at(case.error.line, "sendto"):
        last = send.args[-1] if len(send.args) > 1 else None
        for binding in unpacked(case, last.id) if isinstance(last, ast.Name) else ():
            names = names_of(case, binding)
            if binding.index == 0 and isinstance(last, ast.Name) and len(names) == 2:
                said = f"{the_line(case.error.line)} gives `sendto` the message {code(last.id)} as the address"
                advice = f"The address is the other value that {made_by(binding)} returned: {code(names[1])}."
                return Reason("address-not-tuple", f"{said} ({case.raised})", case.error.line, advice)
    return None


def address_as_data(case: Case) -> Reason | None:
    """Explain a crash: an address stands where ``sendto`` takes the data."""
    if "a bytes-like object is required, not 'tuple'" not in case.error.message:
        return None
    for send in case.code.calls_at(case.error.line, "sendto"):
        if len(send.args) > 1 and is_address(case, send.args[0]):
            said = f"{the_line(case.error.line)} gives `sendto` an address in the place of the data ({case.raised})"
            return Reason("crash", said, case.error.line, _IN_ORDER)
    return None
