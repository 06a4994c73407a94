"""Rules about an address: its form, its port, its host; on exceptions, and on what a check saw."""

from __future__ import annotations

import ast
import errno
import re
from dataclasses import dataclass

from grading.diagnosis.case import PORT, Case, Reason
from grading.diagnosis.code import Code, method
from grading.diagnosis.states import FRAMEWORKS
from grading.diagnosis.wording import code as as_code
from grading.diagnosis.wording import on_line, shown, the_line

WITH_ADDRESS = ("bind", "connect", "connect_ex", "sendto", "create_connection", "create_server")
_HOST_IS_INT = "str, bytes or bytearray expected, not int"
_LOOPBACK = re.compile(r"localhost|127\.\d|::1$|0\.0\.0\.0$|$", re.IGNORECASE)
_UNRESOLVED = re.compile(
    r"Name or service not known|nodename nor servname|name resolution|getaddrinfo failed"
    r"|No address associated|encoding with 'idna' codec failed|label (empty|too long)"
)


@dataclass(frozen=True)
class Address:
    """The address handed to a call, as far as the text tells."""

    call: ast.Call
    host: object
    """``None`` where it is not a constant."""
    port: object
    port_line: int
    """Where the port's number stands."""


def address_of(code: Code, call: ast.Call) -> Address | None:
    """Read the address that ``bind``, ``connect``, ``sendto``, … is given, where the text tells."""
    if not call.args:
        return None
    pair = code.resolved(call.args[-1] if method(call) == "sendto" else call.args[0])
    if not isinstance(pair, ast.Tuple) or len(pair.elts) != 2:
        return None
    host, port = (code.resolved(part) for part in pair.elts)
    return Address(
        call=call,
        host=host.value if isinstance(host, ast.Constant) else None,
        port=port.value if isinstance(port, ast.Constant) else None,
        port_line=port.lineno if isinstance(port, ast.Constant) else call.lineno,
    )


def address_not_tuple(case: Case) -> Reason | None:
    """Know host and port given as two arguments, or one of them alone."""
    error = case.error
    calls = case.code.calls_at(error.line, *WITH_ADDRESS)
    text = any(isinstance(case.code.resolved(call.args[0]), ast.Constant) for call in calls if call.args)
    if error.type == "ValueError" and "values to unpack" in error.message and text:
        said = f"{the_line(error.line)} gives `{method(calls[0])}` a host where it takes the pair ({case.raised})"
        return Reason("address-not-tuple", said, error.line)
    if error.type != "TypeError":
        return None
    two = re.search(r"(bind|connect|connect_ex)\(\) takes .{1,60}(\([23] given\)|but 3 were given)", error.message)
    other = re.search(r"address must be (tuple, not (\w{1,50})|a pair)", error.message)
    flags = _not_an_int(case) and any(method(call) == "sendto" and len(call.args) == 3 for call in calls)
    if two is None and not flags and (other is None or other[2] == "NoneType"):
        return None
    name = f"`{method(calls[0])}`" if calls else "a socket's method"
    how = "host and port as two arguments" if two or flags else "an address that is not the pair (host, port)"
    return Reason("address-not-tuple", f"{the_line(error.line)} gives {name} {how} ({case.raised})", error.line)


def port_not_int(case: Case) -> Reason | None:
    """Know a port that is text."""
    error = case.error
    calls = case.code.calls_at(error.line, *WITH_ADDRESS)
    swapped = _HOST_IS_INT in error.message
    if not (_not_an_int(case) or swapped) or (case.code.parsed and not calls):
        return None
    address = address_of(case.code, calls[0]) if calls else None
    if swapped and address is not None and isinstance(address.port, int):
        return None  # the port is well: see `number_as_host`
    if address is not None and (swapped or isinstance(address.host, int)):
        said = f"{the_line(error.line)} gives the address as (port, host): the host comes first"
    elif address is not None and isinstance(address.port, str) and address.port.strip().isdigit():
        value = f"`{shown(repr(address.port), 40)}`"
        said = f"The port is the text {value}{on_line(address.port_line)}, where a number is wanted"
        return Reason("port-not-int", f"{said} ({case.raised})", address.port_line)
    elif address is not None and isinstance(address.port, str):
        said = f"{the_line(error.line)} gives the text `{shown(repr(address.port), 40)}` in the place of the port"
    else:
        said = f"{the_line(error.line)} gives a port that is text, where a number is wanted"
    return Reason("port-not-int", f"{said} ({case.raised})", error.line)


def number_as_host(case: Case) -> Reason | None:
    """Explain a crash: a number stands where the host is due, and the port is well."""
    if _HOST_IS_INT not in case.error.message:
        return None
    said = f"{the_line(case.error.line)} gives a number as the host ({case.raised})"
    return Reason("crash", said, case.error.line, "An address is (host, port): the host is text, as in `'localhost'`.")


def _not_an_int(case: Case) -> bool:
    return bool(
        re.search(
            r"'str' object cannot be interpreted as an integer|integer is required \(got type str",
            case.error.message,
        )
    )


def wrong_host(case: Case) -> Reason | None:
    """Know a name that does not resolve, and an address that is not this machine's or cannot be reached."""
    error = case.error
    unresolved = error.type in {"gaierror", "herror"} or _UNRESOLVED.search(error.message)
    unreachable = {errno.EADDRNOTAVAIL, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ETIMEDOUT}
    if not unresolved and case.number not in unreachable:
        return None
    address = address_at(case)
    host = address.host if address else None
    named = f"The host {as_code(repr(host))}" if isinstance(host, str) else "The host"
    verb = "cannot be found" if unresolved else "is not an address of this machine"
    return Reason("wrong-host", f"{named} {verb} ({case.raised})", error.line)


def client_binds_port(case: Case) -> Reason | None:
    """Know a client whose ``bind`` failed because the port is taken: by the server, as a rule."""
    error = case.error
    if not case.client or not case.code.calls_at(error.line, "bind"):
        return None
    if case.number not in {errno.EADDRINUSE, errno.EACCES}:
        return None
    return Reason("client-binds-port", f"{the_line(error.line)} binds the client's socket ({case.raised})", error.line)


def wrong_port(case: Case) -> Reason | None:
    """Know a port that is refused, not allowed or not possible, where it is not the slides'."""
    error = case.error
    impossible = "port must be 0-65535" in error.message
    if not impossible and case.number not in {errno.ECONNREFUSED, errno.EACCES}:
        return None
    address = address_at(case)
    if address is None or not isinstance(address.port, int) or address.port == PORT:
        return (
            Reason("wrong-port", f"{the_line(error.line)} uses another port ({case.raised})", error.line)
            if impossible
            else None
        )
    port = str(address.port) if abs(address.port) < 10**18 else "far too large"
    said = f"The port is {port}{on_line(address.port_line)}, not {PORT}"
    return Reason("wrong-port", f"{said} ({case.raised})", address.port_line)


def address_at(case: Case) -> Address | None:
    """Read the address in use: on the line of the exception, or else the only one of the program."""
    calls = case.code.calls_at(case.error.line, *WITH_ADDRESS)
    return address_of(case.code, (calls or case.code.calls(*WITH_ADDRESS) or [_NO_CALL])[0])


_NO_CALL = ast.Call(func=ast.Name(id="none", ctx=ast.Load()), args=[], keywords=[])


def is_loopback(host: object) -> bool:
    """Whether a host, as the program writes it, is this machine by any of its usual names."""
    return isinstance(host, str) and _LOOPBACK.match(host) is not None


def other_port(case: Case) -> Reason | None:
    """Show where the text gives another port, when the check saw one."""
    for address in _addresses(case):
        if isinstance(address.port, int) and address.port != PORT and abs(address.port) < 10**9:
            said = f"Line {address.port_line} gives the port {address.port}, not {PORT}"
            return Reason("wrong-port", said, address.port_line)
    calls = _address_calls(case)
    return Reason("wrong-port", "", calls[0].lineno if calls else None)


def other_host(case: Case) -> Reason | None:
    """Show where the text gives another host, when the check saw one."""
    for address in _addresses(case):
        if isinstance(address.host, str) and not is_loopback(address.host):
            said = f"The host is {as_code(repr(address.host))}"
            return Reason("wrong-host", said, _host_line(case, address))
    calls = _address_calls(case)
    return Reason("wrong-host", "", calls[0].lineno if calls else None)


def _address_calls(case: Case) -> list[ast.Call]:
    names = (
        ("bind", "create_server", *FRAMEWORKS)
        if case.server
        else tuple(name for name in WITH_ADDRESS if name != "bind")
    )
    return case.code.calls(*names)


def _addresses(case: Case) -> list[Address]:
    return [found for call in _address_calls(case)[:50] if (found := address_of(case.code, call)) is not None]


def _host_line(case: Case, address: Address) -> int:
    for node in case.code.nodes:
        if isinstance(node, ast.Constant) and node.value == address.host and isinstance(node.value, str):
            return node.lineno
    return address.call.lineno
