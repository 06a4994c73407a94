"""Rules on the pairs that ``recvfrom`` and ``accept`` return: kept whole, swapped, or one half used as the other."""

from __future__ import annotations

import ast
import re

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import PAIR_CALLS, Binding, method
from grading.diagnosis.values import BYTES_METHODS, SENDS, TEXT_METHODS, attribute_of
from grading.diagnosis.wording import code, the_line

_SOCKET_METHODS = {
    *("accept", "bind", "close", "connect", "listen", "recv", "recvfrom", "send", "sendall", "sendto"),
    *("settimeout", "shutdown", "makefile", "getpeername"),
}
_VALUE_METHODS = TEXT_METHODS | BYTES_METHODS | _SOCKET_METHODS
_SAYS_ADDRESS = re.compile(r"addr|peer|sender|origin|host", re.IGNORECASE)


def tuple_not_unpacked(case: Case) -> Reason | None:
    """Know the pair of ``accept`` or ``recvfrom`` used as one value."""
    if not _speaks_of_a_pair(case):
        return None
    values = _values(case)
    halves = _halves(case)
    known = attribute_of(case, "tuple") in _VALUE_METHODS and not any(_is_written_out(case, value) for value in values)
    if None not in halves and not (known and not halves):
        return None
    maker = _maker(case, values)
    said = f"{the_line(case.error.line)} uses the pair that {maker} returned as one value ({case.raised})"
    advice = "On a connection call `recv`: it returns the bytes alone, and `recvfrom` the pair (bytes, address)."
    alone = case.tcp and maker == "`recvfrom`"
    return Reason("tuple-not-unpacked", said, case.error.line, advice if alone else None)


def swapped_unpack(case: Case) -> Reason | None:
    """Know a pair that was taken apart the wrong way round, by one half that is used as the other.

    That alone could be a wrong name on the line that failed: see `_is_swapped`.
    """
    halves = _halves(case)
    bytes_meant = "address must be tuple, not bytes" in case.error.message
    if _speaks_of_a_pair(case) and 1 in halves and None not in halves:
        said = f"{the_line(case.error.line)} uses the address as if it were the other half of the pair"
    elif bytes_meant and 0 in _address_halves(case):
        said = f"{the_line(case.error.line)} uses the bytes of the message as the address"
    elif bytes_meant and not case.code.parsed:
        said = f"{the_line(case.error.line)} uses bytes as the address"
    else:
        return None
    named = {node.id for node in case.code.at(case.error.line) if isinstance(node, ast.Name)}
    makers = [binding for name in sorted(named) for binding in unpacked(case, name)]
    swapped = [binding for binding in makers if _is_swapped(case, binding)]
    if makers and not swapped:
        return None
    where = f", unpacked on line {swapped[0].line}" if swapped else ""
    return Reason("swapped-unpack", f"{said}{where} ({case.raised})", swapped[0].line if swapped else case.error.line)


def _is_swapped(case: Case, binding: Binding) -> bool:
    """Whether a pair was taken apart the wrong way round, as its names say, or else all uses of them."""
    names = names_of(case, binding)
    if len(names) != 2 or names[0] == names[1]:
        return False
    first, second = (_SAYS_ADDRESS.search(name) is not None for name in names)
    if first != second:
        return first
    return "value" not in _roles(case, names[0]) and "address" not in _roles(case, names[1])


def _roles(case: Case, name: str) -> set[str]:
    """Say what a variable is used as: a ``value`` (bytes, text or a socket), an ``address``."""
    found = set()
    for node in case.code.uses(name):
        above = case.code.parent.get(node)
        if isinstance(above, ast.Attribute) and above.attr in _VALUE_METHODS:
            found.add("value")
        elif isinstance(above, ast.Call) and method(above) in SENDS and node in above.args:
            found.add("value" if node is above.args[0] else "address")
    return found


def address_as_value(case: Case) -> Reason | None:
    """Explain a crash: the address was used where something else was meant."""
    if not _speaks_of_a_pair(case):
        return None
    for value in _values(case):
        for binding in unpacked(case, value.id) if isinstance(value, ast.Name) else ():
            if binding.index == 1 and isinstance(value, ast.Name) and None not in _halves_of(case, value):
                said = f"{code(value.id)} is the address that line {binding.line} took from {made_by(binding)}: the "
                said += f"pair (host, port). {the_line(case.error.line)} uses it as something else ({case.raised})"
                return Reason("crash", said, case.error.line, _what_was_meant(case, binding, value.id))
    return None


def _what_was_meant(case: Case, binding: Binding, name: str) -> str:
    used, names = attribute_of(case, "tuple"), names_of(case, binding)
    accepted = made_by(binding) == "`accept`"
    if used in _SOCKET_METHODS and not accepted:
        return f"`{used}` is a method of sockets: call it on the socket."
    if used and used not in _SOCKET_METHODS and accepted:
        return "What the client has sent is what `recv` returned, and nothing that `accept` did."
    advice = f"{'The connection' if accepted else 'The message'} is the first value that {made_by(binding)} returned"
    if names[:1] == [name]:
        return f"{advice}: give the two different names, for the second {code(name)} replaces the first."
    return f"{advice}: {code(names[0])}." if len(names) == 2 else f"{advice}."


def is_address(case: Case, value: ast.expr) -> bool:
    """Whether a value is an address, as far as the text tells: a pair written out, or the second half of one."""
    return _is_written_out(case, value) or _halves_of(case, value) == {1}


def _is_written_out(case: Case, value: ast.expr) -> bool:
    return isinstance(case.code.resolved(value), ast.Tuple)


def _speaks_of_a_pair(case: Case) -> bool:
    message = case.error.message
    return bool(
        attribute_of(case, "tuple")
        or "bytes-like object is required, not 'tuple'" in message
        or "'tuple' object cannot be interpreted as an integer" in message
        or "need a bytes-like object, tuple found" in message
        or '(not "tuple") to str' in message
    )


def _is_pair(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and method(value) in PAIR_CALLS


def unpacked(case: Case, name: str) -> list[Binding]:
    """Give the places where a name gets one half of a pair."""
    return [each for each in case.code.bindings(name) if _is_pair(each.value) and each.index is not None]


def names_of(case: Case, binding: Binding) -> list[str]:
    """Give the names that a pair is taken apart into, where they are no more than that."""
    statement = case.code.parent.get(binding.value)
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    parts = target.elts if isinstance(target, (ast.Tuple, ast.List)) else []
    return [part.id for part in parts if isinstance(part, ast.Name)]


def made_by(binding: Binding) -> str:
    """Name the call that returned a pair."""
    return code(method(binding.value)) if isinstance(binding.value, ast.Call) else "the call"


def _values(case: Case) -> list[ast.expr]:
    """Give the values on the line of the exception that it may speak of."""
    wanted = attribute_of(case, "tuple")
    found: list[ast.expr] = []
    for node in case.code.at(case.error.line):
        if isinstance(node, ast.Attribute) and wanted and node.attr == wanted:
            found.append(node.value)
        elif isinstance(node, ast.Call) and not wanted and method(node) in {*SENDS, "str", "bytes", "print"}:
            found += node.args
        elif isinstance(node, ast.BinOp) and not wanted:
            found += (node.left, node.right)
    return found


def _halves(case: Case) -> set[int | None]:
    """Say which halves of pairs (``None``: a whole one) the failing value on the line may be."""
    found: set[int | None] = set()
    for value in _values(case):
        found |= _halves_of(case, value)
    return found


def _halves_of(case: Case, value: ast.expr) -> set[int | None]:
    match value:
        case ast.Name(id=name):
            return {binding.index for binding in case.code.bindings(name) if _is_pair(binding.value)}
        case ast.Call() if _is_pair(value):
            return {None}
        case ast.Subscript(value=pair, slice=ast.Constant(value=int(index))):
            return {index} if None in _halves_of(case, pair) else set()
    return set()


def _address_halves(case: Case) -> set[int | None]:
    found: set[int | None] = set()
    for send in case.code.calls_at(case.error.line, "sendto", "connect"):
        if send.args:
            found |= _halves_of(case, send.args[-1])
    return found


def _maker(case: Case, values: list[ast.expr]) -> str:
    """Name the call that returned the pair that one of these values is."""
    for value in values:
        made = case.code.resolved(value)
        if isinstance(made, ast.Call) and _is_pair(made):
            return code(method(made))
    return "`accept`" if case.tcp and case.server else "`recvfrom`"
