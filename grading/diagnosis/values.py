"""Rules on exceptions about what a value is: text or bytes."""

from __future__ import annotations

import ast
import re

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.code import method
from grading.diagnosis.wording import shown, the_line

SENDS = ("send", "sendto", "sendall", "sendmsg")
RECEIVES = ("recv", "recvfrom", "recv_into", "recvfrom_into", "recvmsg")
READS = (*RECEIVES, "readline", "read")
_WRITES = (*SENDS, "write", "writelines")
"""What else hands bytes to a socket: a file of `makefile` or socketserver, a stream or transport of asyncio."""
_SEARCHES = {"replace", "split", "strip", "lstrip", "rstrip", "find", "count", "join", "partition"}
TEXT_METHODS = {name for name in dir(str) if not name.startswith("_")}
BYTES_METHODS = {name for name in dir(bytes) if not name.startswith("_")}


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
    if name in TEXT_METHODS - {"encode"}:
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
