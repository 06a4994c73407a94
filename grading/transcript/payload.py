"""What calls carried: bytes read back from a record, and shown so that people can read them."""

from __future__ import annotations

import ast
import re

from grading.transcript.calls import Address, Call

SENDS = ("send", "sendall", "sendto", "sendmsg")
RECEIVES = ("recv", "recv_into", "recvfrom", "recvfrom_into", "recvmsg")
MAY_WAIT = ("accept", "connect", *RECEIVES)
"""Calls that may wait for the other end."""
_LITERAL = re.compile(r"b'(?:[^'\\]|\\.)*'|b\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_CUT = re.compile(r"(b['\"].{0,6000}?['\"])…(b['\"].{0,6000}?['\"]) \((\d{1,9}) in all\)", re.DOTALL)
_BUFFER = re.compile(r"<memoryview of (\d{1,9}) bytes>")
_COUNT = re.compile(r"\(?(\d{1,9})\b")
_ADDRESS = re.compile(r"\(?'([^'\\]{0,255})', (\d{1,5})(?:, .{0,40})?\)?")
_RETURNED = re.compile(r", (\('[^'\\]{0,255}', \d{1,5}(?:, \d{1,12}, \d{1,12})?\))\)$")


def payload_of(call: Call) -> bytes | None:
    """Give what a call sent or received; of what the record has only by its ends, those."""
    text = _carried(call)
    if cut := _CUT.match(text):
        ends = [_bytes(cut[1]), _bytes(cut[2])]
        return b" ... ".join(end for end in ends if end is not None)
    return _bytes(text)


def length_of(call: Call) -> int | None:
    """Say how many bytes a call sent or received, also where the record does not have them (all)."""
    text = _carried(call)
    if call.error is not None or (call.name in RECEIVES and call.result is None):
        return None
    counted = None if call.name in ("recv", "recvfrom", "recvmsg") else _COUNT.match(call.result or "")
    if counted is not None:
        return int(counted[1])
    if cut := _CUT.match(text):
        return int(cut[3])
    if buffer := _BUFFER.match(text):
        return int(buffer[1])
    data = _bytes(text)
    return None if data is None else len(data)


def _carried(call: Call) -> str:
    """Give the text in which a record has a message: an argument of what sends, the result of what receives."""
    if call.name in SENDS:
        return call.args[0] if call.args else ""
    return (call.result or "").removeprefix("(") if call.name in RECEIVES else ""


def _bytes(text: str) -> bytes | None:
    found = _LITERAL.match(text.removeprefix("bytearray("))
    if found is None:
        return None
    try:
        read = ast.literal_eval(found[0])
    except (ValueError, SyntaxError):  # a program wrote its record itself
        return None
    return read if isinstance(read, bytes) else None


def address_in(text: str) -> Address | None:
    """Read an address pair as ``repr`` shows it."""
    found = _ADDRESS.fullmatch(text)
    return (found[1], int(found[2])) if found else None


def target_of(call: Call) -> Address | None:
    """Give the address that a datagram was sent to, where the call names it."""
    return address_in(call.args[-1]) if call.name.startswith("sendto") and len(call.args) > 1 else None


def returned_address(call: Call) -> str:
    """Give the address that ``accept`` or ``recvfrom`` returned, as text; empty where there is none."""
    found = _RETURNED.search(call.result or "")
    return found[1] if found and call.name.startswith(("accept", "recvfrom", "recvmsg")) else ""


def short(data: bytes, room: int, at: int | None = None, length: int | None = None) -> str:
    """Show bytes in about ``room`` characters: long ones shortened in the middle, with their length.

    ``at`` is the byte that matters, the first that is not as it should be: it stays in sight, whatever else is left
    out. ``length`` is that of the message where ``data`` is only its ends.
    """
    whole = repr(data)
    if length in (None, len(data)) and len(whole) <= room + 4:
        return whole
    size = f"({length or len(data)} bytes)"
    half = max(4, (room - len(size) - 10) // 2)
    head, tail = _fitting(data, half), _fitting(data[::-1], half)
    tail = min(tail, len(data) - head)
    if at is not None and 0 <= at < len(data):
        size = f"(byte {at + 1} of {len(data)} differs)"
        if head <= at < len(data) - tail:
            return f"{_around(data, at, half)} {size}"
    return f"{data[:head]!r} … {data[len(data) - tail :]!r} {size}"


def _around(data: bytes, at: int, half: int) -> str:
    """Show the beginning, what is around one byte, and the end."""
    head, tail = _fitting(data, half // 2), _fitting(data[::-1], half // 2)
    begin = max(head, at - 2)
    end = max(at + 1, min(begin + _fitting(data[begin:], max(half, 8)), len(data) - tail))
    return f"{data[:head]!r} … {data[begin:end]!r} … {data[len(data) - tail :]!r}"


def _fitting(data: bytes, room: int) -> int:
    """Count how many of the first bytes can be shown in ``room`` characters: at least one."""
    used = 0
    for count, byte in enumerate(data[: room + 1]):
        used += 2 if byte in b"'\"" else len(repr(bytes([byte]))) - 3
        if used > room:
            return max(count, 1)
    return min(len(data), room)


def first_difference(one: bytes, other: bytes) -> int | None:
    """Give the place, from 0, at which two messages part; ``None`` if they are the same."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return None if len(one) == len(other) else min(len(one), len(other))


def shown_args(call: Call, message: str = "") -> str:
    """Show the arguments of a call on one short line; ``message`` is what it sent, as it is to be shown."""
    if call.name == "socket":
        return ", ".join(arg.strip("'") for arg in call.args[:_ARGUMENTS])
    if call.name == "shutdown":
        return ", ".join(_HOW.get(arg, arg) for arg in call.args[:1])
    args = [_cut(_BUFFER.sub(r"room for \1 bytes", arg)) for arg in call.args[:_ARGUMENTS]]
    if message and args and call.name in SENDS:
        args[0] = message
    return ", ".join(args)


_HOW = {"0": "SHUT_RD", "1": "SHUT_WR", "2": "SHUT_RDWR"}
_ARGUMENTS = 6  # a call of these has fewer


def _cut(text: str, room: int = 60) -> str:
    return text if len(text) <= room else f"{text[: room // 2]}…{text[-room // 2 :]}"
