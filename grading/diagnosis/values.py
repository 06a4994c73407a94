"""Rules on exceptions about what a value is: text or bytes, one value or a pair."""

from __future__ import annotations

import ast
import re

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import PAIR_CALLS, method
from grading.diagnosis.wording import shown, the_line

SENDS = ("send", "sendto", "sendall", "sendmsg")
RECEIVES = ("recv", "recvfrom", "recv_into", "recvfrom_into", "recvmsg")
READS = (*RECEIVES, "readline", "read")
_WRITES = (*SENDS, "write", "writelines")
"""What else hands bytes to a socket: a file of `makefile` or socketserver, a stream or transport of asyncio."""
_SEARCHES = {"replace", "split", "strip", "lstrip", "rstrip", "find", "count", "join", "partition"}
_TEXT_METHODS = {name for name in dir(str) if not name.startswith("_")}
_BYTES_METHODS = {name for name in dir(bytes) if not name.startswith("_")}
_SOCKET_METHODS = {
    *("accept", "bind", "close", "connect", "listen", "recv", "recvfrom", "send", "sendall", "sendto"),
    *("settimeout", "shutdown", "makefile", "getpeername"),
}


def missing_encode(case: Case) -> Reason | None:
    """Know text handed to ``send``, ``sendto`` or ``sendall``."""
    error = case.error
    if error.type != "TypeError":
        return None
    line = error.line or _text_sending_line(case)
    sends = case.code.calls_at(line, *_WRITES)
    kind = f"({shown(case.raised)})"
    name = f"`{method(sends[0])}`" if sends else "the socket"
    if re.search(r"(required|must be a bytes-like object), not 'str'", error.message):
        if (sends and not _searches_bytes(sends[0])) or not case.code.parsed:
            said = f"{the_line(line)} hands text to {name}, which takes bytes {kind}"
            return Reason("missing-encode", said, line)
    elif "string argument without an encoding" in error.message:
        said = f"{the_line(line)} makes bytes of text without saying how {kind}"
        return Reason("missing-encode", said, line)
    elif sends and re.search(r"can't concat str to bytes|a bytes-like object, str found", error.message):
        said = f"{the_line(line)} hands {name} a mixture of bytes and text {kind}"
        return Reason("missing-encode", said, line)
    elif re.search(r"required, not '(builtin_function_or_method|method)'", error.message) and any(
        isinstance(node, ast.Attribute) and node.attr == "encode" for node in case.code.at(line)
    ):
        said = f"{the_line(line)} names `encode` without calling it: its parentheses are missing {kind}"
        return Reason("missing-encode", said, line)
    return None


def _searches_bytes(send: ast.Call) -> bool:
    """Whether a method of bytes is called with text in what is sent, as in ``data.replace("a", "b")``."""
    data = send.args[0] if send.args else send
    return any(
        isinstance(node, ast.Call)
        and method(node) in _SEARCHES
        and any(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in node.args)
        for node in ast.walk(data)
        if node is not send
    )


def _text_sending_line(case: Case) -> int | None:
    """Find the line that sends text, for a program that printed the message alone."""
    sends = [send for send in case.code.calls(*SENDS) if send.args]
    if len(sends) == 1:
        return sends[0].lineno
    for send in sends:
        data = case.code.resolved(send.args[0])
        if isinstance(data, ast.JoinedStr) or isinstance(getattr(data, "value", None), str):
            return send.lineno
        if isinstance(data, ast.Call) and method(data) in {"input", "decode", "upper", "str"}:
            return send.lineno
    return None


_TEXT_WANTED = re.compile(
    r"bytes-like object is required, not 'str'"
    r"|first arg must be bytes or a tuple of bytes, not str"
    r"""|can only concatenate str \(not ["']bytes["']\) to str"""
    r"|can't concat str to bytes"
    r"|expected str instance, bytes found"
    r"|for 'str' objects doesn't apply to a 'bytes' object"
    r"|a bytes-like object, str found"
    r"|write\(\) argument must be str, not bytes"
)


def missing_decode(case: Case) -> Reason | None:
    """Know bytes that are used as text."""
    error = case.error
    if error.type == "TypeError" and _TEXT_WANTED.search(error.message):
        said = f"{the_line(error.line)} mixes bytes with text ({case.raised})"
        return Reason("missing-decode", said, error.line)
    name = attribute_of(case, "bytes") or attribute_of(case, "bytearray")
    if name in _TEXT_METHODS - {"encode"}:
        said = f"{the_line(error.line)} calls the text method `{name}` on bytes ({case.raised})"
        return Reason("missing-decode", said, error.line)
    return None


def encode_on_bytes(case: Case) -> Reason | None:
    """Know ``.encode()`` on bytes and ``.decode()`` on text."""
    error = case.error
    said = ""
    if "encode" in {attribute_of(case, "bytes"), attribute_of(case, "bytearray")}:
        said = "calls `encode` on a value that is bytes already"
    elif attribute_of(case, "str") == "decode":
        said = "calls `decode` on a value that is text already"
    elif error.type == "TypeError" and "encoding without a string argument" in error.message:
        said = "makes bytes of a value that is bytes already"
    elif error.type == "TypeError" and "decoding str is not supported" in error.message:
        said = "makes text of a value that is text already"
    if not said:
        return None
    return Reason("encode-on-bytes", f"{the_line(error.line)} {said} ({case.raised})", error.line)


def attribute_of(case: Case, kind: str) -> str:
    """Name what an ``AttributeError`` did not find on a value of this type, or ``""``."""
    if case.error.type != "AttributeError":
        return ""
    found = re.search(rf"'{kind}' object has no attribute '(\w{{1,100}})'", case.error.message)
    return found[1] if found else ""


def tuple_not_unpacked(case: Case) -> Reason | None:
    """Know the pair of ``accept`` or ``recvfrom`` used as one value."""
    if not _speaks_of_a_pair(case):
        return None
    halves = _halves(case)
    known = attribute_of(case, "tuple") in _TEXT_METHODS | _BYTES_METHODS | _SOCKET_METHODS
    if None not in halves and not (known and not halves):
        return None
    said = f"{the_line(case.error.line)} uses the pair that {_maker(case)} returned as one value ({case.raised})"
    return Reason("tuple-not-unpacked", said, case.error.line)


def swapped_unpack(case: Case) -> Reason | None:
    """Know the address used as the other half of its pair, or the other half used as the address."""
    halves = _halves(case)
    if _speaks_of_a_pair(case) and 1 in halves and None not in halves:
        said = f"{the_line(case.error.line)} uses the address as if it were the other half of the pair"
    elif "address must be tuple, not bytes" in case.error.message and 0 in _address_halves(case):
        said = f"{the_line(case.error.line)} uses the bytes of the message as the address"
    elif "address must be tuple, not bytes" in case.error.message and not case.code.parsed:
        said = f"{the_line(case.error.line)} uses bytes as the address"
    else:
        return None
    bindings = [binding for name in _names_at(case) for binding in case.code.bindings(name)]
    makers = [binding.line for binding in bindings if _is_pair(binding.value) and binding.index is not None]
    unpacked = f", unpacked on line {makers[0]}" if makers else ""
    return Reason("swapped-unpack", f"{said}{unpacked} ({case.raised})", makers[0] if makers else case.error.line)


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


def _names_at(case: Case) -> list[str]:
    return [node.id for node in case.code.at(case.error.line) if isinstance(node, ast.Name)]


def _halves(case: Case) -> set[int | None]:
    """Say which halves of pairs (``None``: a whole one) the failing value on the line may be."""
    nodes = case.code.at(case.error.line)
    wanted = attribute_of(case, "tuple")
    values: list[ast.expr] = []
    for node in nodes:
        if isinstance(node, ast.Attribute) and wanted and node.attr == wanted:
            values.append(node.value)
        elif isinstance(node, ast.Call) and not wanted and method(node) in {*SENDS, "str", "bytes", "print"}:
            values += node.args
        elif isinstance(node, ast.BinOp) and not wanted:
            values += (node.left, node.right)
    found: set[int | None] = set()
    for value in values:
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


def _maker(case: Case) -> str:
    return "`accept`" if case.tcp and case.server else "`recvfrom`"
