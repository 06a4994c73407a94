"""Rules on how a socket is made: its family and its type."""

from __future__ import annotations

import ast
import errno
from dataclasses import replace

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import Code, method


def wrong_socket_type(case: Case) -> Reason | None:
    """Know an error of the system in a program all of whose sockets are of the other type."""
    if case.number is None:
        return None
    return other_type(case)


def other_type(case: Case) -> Reason | None:
    """Know a program all of whose sockets are of the type that it should not use."""
    types = socket_types(case.code)
    due = "SOCK_DGRAM" if case.udp else "SOCK_STREAM"
    if len(types) != 1 or not types & {"SOCK_DGRAM", "SOCK_STREAM"} - {due} or not (case.udp or case.tcp):
        return None
    made = case.code.calls("socket", "create_connection", "create_server")[0]
    silent = method(made) == "socket" and len(made.args) < 2 and not made.keywords
    how = "names no type, so it is SOCK_STREAM" if silent else f"is {types.pop()}"
    if silent and (kind := _type_for_family(made)):
        how = f"has {kind} in the place of its family, so that its type is SOCK_STREAM"
    said = f"The socket made on line {made.lineno} {how}, and {'UDP' if case.udp else 'TCP'} needs {due}"
    return Reason("wrong-socket-type", said, made.lineno)


def swapped_family(case: Case) -> Reason | None:
    """Know a socket made with its type where the family belongs: SOCK_STREAM is the number of AF_UNIX, too."""
    if case.error.type != "TypeError" and case.number is None:
        return None
    for made in case.code.calls("socket"):
        if _type_for_family(made) != "SOCK_STREAM" or not case.code.before(made, case.way):
            continue
        said = f"The socket made on line {made.lineno} has SOCK_STREAM in the place of its family ({case.raised})"
        kind = "SOCK_DGRAM" if case.udp else "SOCK_STREAM"
        advice = f"The family comes first, and the type second: `socket(AF_INET, {kind})`."
        return Reason("wrong-socket-type", said, made.lineno, advice)
    return None


def _type_for_family(made: ast.Call) -> str:
    """Name the type that ``socket`` is given as its family, or ``""``."""
    match made.args[:1]:
        case [ast.Attribute(attr=name) | ast.Name(id=name)] if name in {"SOCK_STREAM", "SOCK_DGRAM"}:
            return name
    return ""


def socket_types(code: Code) -> set[str]:
    """Say which types of socket the program makes: ``SOCK_STREAM``, ``SOCK_DGRAM``, ``""`` (not known)."""
    found = {"SOCK_STREAM" for _ in code.calls("create_connection", "create_server")}
    for call in code.calls("socket"):
        named = {word.arg: word.value for word in call.keywords}
        if "fileno" in named or any(isinstance(arg, ast.Starred) for arg in call.args):
            found.add("")
            continue
        kind = call.args[1] if len(call.args) > 1 else named.get("type")
        match kind and code.resolved(kind):
            case None:
                found.add("SOCK_STREAM")
            case ast.Attribute(attr=name) | ast.Name(id=name) if name in {"SOCK_STREAM", "SOCK_DGRAM"}:
                found.add(name)
            case _:
                found.add("")
    return found


def other_family(case: Case) -> Reason | None:
    """Know a client all of whose sockets are of the family of IPv6."""
    made = case.code.calls("socket")
    named = [any(getattr(arg, "attr", getattr(arg, "id", "")) == "AF_INET6" for arg in call.args) for call in made]
    if not case.client or not made or not all(named):
        return None
    said = f"The socket made on line {made[0].lineno} is of the family AF_INET6, and a server of AF_INET does not "
    said += "hear that"
    advice = "Use `AF_INET` at both ends, and `localhost` or an IPv4 address."
    return Reason("wrong-host", said, made[0].lineno, advice)


def wrong_family(case: Case) -> Reason | None:
    """Know a connection that was refused because nobody waits for that family."""
    reason = other_family(case) if case.number in {errno.ECONNREFUSED, errno.EADDRNOTAVAIL} else None
    return replace(reason, said=f"{reason.said} ({case.raised})") if reason is not None else None
