"""Rules on exceptions that come of a socket's state: not bound, not listening, not connected, closed."""

from __future__ import annotations

import ast
import errno
import re

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method, receiver
from grading.diagnosis.wording import code, the_line

LISTENS = ("listen", "create_server")
BINDS = ("bind", "create_server")
CONNECTS = ("connect", "connect_ex", "create_connection")
FRAMEWORKS = (
    *(
        "TCPServer",
        "UDPServer",
        "ThreadingTCPServer",
        "ThreadingUDPServer",
        "ForkingTCPServer",
        "ForkingUDPServer",
    ),
    *("start_server", "create_datagram_endpoint", "open_connection", "serve_forever", "run_server"),
)
"""What binds, listens, accepts or connects without calls of these names in the program."""


TALKS = ("recv", "send", "sendall", "recvfrom", "sendto")
_METHOD = re.compile(r"'(function|method)' object|non-iterable (function|method) object")


def missing_connect(case: Case) -> Reason | None:
    """Know a stream used before it is connected, in a client that never connects, or connects later."""
    error = case.error
    if not (case.client and case.tcp) or case.number not in {errno.ENOTCONN, errno.EPIPE}:
        return None
    if (named := _uncalled(case, "connect")) is not None:
        return Reason("missing-connect", f"Line {named} names `connect` without calling it ({case.raised})", named)
    connects = case.code.calls(*CONNECTS, *FRAMEWORKS)
    if (other := _connects_another(case)) is not None:
        return other
    if any(case.code.before(call, case.way) for call in connects) or (not case.code.parsed):
        return None
    later = f": `connect` comes only on line {connects[0].lineno}" if connects else ""
    return Reason(
        "missing-connect",
        f"{the_line(error.line)} uses a socket that is not connected{later} ({case.raised})",
        error.line,
    )


def _uncalled(case: Case, name: str) -> int | None:
    """Give the line that only names a method that is called nowhere."""
    named = case.code.uncalled(name)
    return named[0].lineno if named and not case.code.calls(name) else None


def _connects_another(case: Case) -> Reason | None:
    """Know a client that connects one socket and talks with another."""
    connects = case.code.calls(*CONNECTS, *FRAMEWORKS)
    used = {receiver(call) for call in case.code.calls_at(case.error.line, *TALKS)}
    connected = {receiver(call) for call in connects}
    if len(used) != 1 or not connects or "" in used | connected or used & connected:
        return None
    name = used.pop()
    handed_in = any(isinstance(node, ast.arg) and node.arg == name for node in case.code.nodes)
    made = [binding.value for binding in case.code.bindings(name)]
    if handed_in or not made or not all(isinstance(value, ast.Call) and method(value) == "socket" for value in made):
        return None
    first = connects[0]
    said = f"Line {first.lineno} connects {code(receiver(first))}, and {the_line(case.error.line).lower()} uses "
    said += f"{code(name)}, another socket ({case.raised})"
    return Reason("missing-connect", said, case.error.line, "Connect one socket, and send and receive with that one.")


def missing_listen(case: Case) -> Reason | None:
    """Know ``accept`` on a socket that does not listen."""
    error = case.error
    if case.number != errno.EINVAL or not case.code.calls_at(error.line, "accept"):
        return None
    welcoming = receiver(case.code.calls_at(error.line, "accept")[0])
    if any(receiver(call) == welcoming for call in case.code.calls("shutdown")):
        return None
    if (named := _uncalled(case, "listen")) is not None:
        return Reason("missing-listen", f"Line {named} names `listen` without calling it ({case.raised})", named)
    listens = case.code.calls(*LISTENS)
    if error.line and any(case.code.before(call, case.way) for call in listens):
        return None
    later = f": `listen` comes only on line {listens[0].lineno}" if listens else ""
    said = f"{the_line(error.line)} calls `accept` on a socket that does not listen{later} ({case.raised})"
    return Reason("missing-listen", said, error.line)


def missing_accept(case: Case) -> Reason | None:
    """Know a server that reads from or writes to its welcoming socket, having accepted nobody."""
    error = case.error
    if not (case.server and case.tcp):
        return None
    if _METHOD.search(error.message) and (named := case.code.only_named("accept")):
        return Reason("missing-accept", f"Line {named[0]} names `accept` without calling it ({case.raised})", named[0])
    if case.number not in {errno.ENOTCONN, errno.EPIPE}:
        return None
    if case.code.calls("accept", *FRAMEWORKS) or not case.code.parsed:
        return None
    return Reason(
        "missing-accept",
        f"{the_line(error.line)} uses the welcoming socket to talk ({case.raised})",
        error.line,
    )


def missing_bind(case: Case) -> Reason | None:
    """Know a server that calls ``connect`` in the place of ``bind``, and one whose ``bind`` comes too late."""
    error = case.error
    if not case.server:
        return None
    if case.number == errno.EINVAL and case.code.calls_at(error.line, "bind"):
        return _bind_too_late(case)
    if case.code.calls(*BINDS) or not case.code.parsed:
        return None
    if case.number == errno.ECONNREFUSED and case.code.calls_at(error.line, "connect"):
        said = f"{the_line(error.line)} calls `connect`, which a client does ({case.raised})"
        return Reason("missing-bind", said, error.line)
    if not case.udp or case.number != errno.EINVAL or not case.code.calls_at(error.line, "recvfrom", "recv"):
        return None  # Windows refuses to receive without a port
    said = f"{the_line(error.line)} waits on a socket that is bound to no port ({case.raised})"
    return Reason("missing-bind", said, error.line)


def _bind_too_late(case: Case) -> Reason | None:
    """Know a socket that has got its port from the system before its ``bind``."""
    bound = {receiver(call) for call in case.code.calls_at(case.error.line, "bind")}
    early = [call for call in case.code.calls("listen", "connect", "sendto") if receiver(call) in bound]
    early = [call for call in early if call.lineno < (case.error.line or 0)]
    if not early or any(call.lineno < (case.error.line or 0) for call in case.code.calls("bind")):
        return None
    first = early[0]
    said = f"Line {first.lineno} calls `{method(first)}` on a socket without a port, so that the system picks one, and "
    said += f"`bind` on line {case.error.line} comes too late ({case.raised})"
    advice = f"Call `bind` first, and then `{method(first)}`."
    return Reason("missing-bind", said, first.lineno, advice)


def welcoming_socket_closed(case: Case) -> Reason | None:
    """Know ``accept`` on a socket that the program closed, or shut down, itself."""
    error = case.error
    accepts = case.code.calls_at(error.line, "accept")
    if not accepts or case.number not in {errno.EBADF, errno.EINVAL}:
        return None
    if (lost := lost_welcoming(case)) is not None:
        return lost
    closes = closes_of_welcoming(case)
    if not closes:
        return None
    said = f"Line {closes[0]} closes the welcoming socket, which {the_line(error.line).lower()} needs again"
    return Reason("welcoming-socket-closed", f"{said} ({case.raised})", closes[0])


def lost_welcoming(case: Case) -> Reason | None:
    """Know a connection that takes the welcoming socket's name, as in ``s, address = s.accept()``."""
    for node in case.code.nodes:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Tuple) or not case.code.looped(node):
            continue
        first = ast.unparse(node.targets[0].elts[0]) if node.targets[0].elts else ""
        if isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == f"{first}.accept":
            said = f"Line {node.lineno} gives the name {code(first)} to the connection: the welcoming socket is lost"
            advice = "Give the socket that `accept` returns a name of its own, and keep that of the welcoming one."
            return Reason("welcoming-socket-closed", said, node.lineno, advice)
    return None


def closes_of_welcoming(case: Case) -> list[int]:
    """Give the lines in a loop that close the socket that ``accept`` is called on."""
    welcoming = {receiver(call) for call in case.code.calls("accept")} - {""}
    closes = case.code.calls("close", "shutdown")
    return [call.lineno for call in closes if receiver(call) in welcoming and case.code.looped(call)]


def stuck_on_first_client(case: Case) -> Reason | None:
    """Know a connection used again after it was closed, because ``accept`` stands before the loop."""
    error = case.error
    if not (case.server and case.tcp):
        return None
    if case.number not in {errno.EBADF, errno.ENOTCONN, errno.EPIPE, errno.ECONNRESET, errno.ECONNABORTED}:
        return None
    line = accept_before_loop(case)
    if line is None or not any(case.code.looped(call) for call in case.code.calls_at(error.line)):
        return None
    said = f"`accept` on line {line} stands before the loop: line {error.line} uses its first connection again"
    return Reason("stuck-on-first-client", f"{said} ({case.raised})", line)


def accept_before_loop(case: Case) -> int | None:
    """Give the line of an ``accept`` (UDP: a receive) that is not repeated, though what follows it is."""
    waits = ("accept",) if case.tcp else ("recvfrom", "recv")
    follows = ("recv", "send", "sendall") if case.tcp else ("sendto", "send")
    calls = case.code.calls(*waits)
    if not calls or any(case.code.looped(call) for call in calls):
        return None
    later = [call for call in case.code.calls(*follows) if case.code.looped(call)]
    return calls[0].lineno if later else None
