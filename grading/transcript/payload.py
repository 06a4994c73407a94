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
_ADDRESS = re.compile(r"\(?'([^'\\]{0,255})', (\d{1,5})(?:, .{0,40})?\)?")


def payload_of(call: Call) -> bytes | None:
    """Give what a call sent or received; of what the record has only by its ends, those."""
    if call.name in SENDS:
        return _bytes(call.args[0]) if call.args else None
    if call.name in RECEIVES:
        return _bytes(call.result.removeprefix("(")) if call.result is not None else None
    return None


def _bytes(text: str) -> bytes | None:
    if cut := _CUT.match(text):
        ends = [_bytes(cut[1]), _bytes(cut[2])]
        return b" ... ".join(end for end in ends if end is not None)
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


def short(data: bytes, room: int, at: int | None = None) -> str:
    """Show bytes in about ``room`` characters: long ones shortened in the middle, with their length.

    ``at`` is the byte that matters: it stays in sight, whatever else is left out.
    """
    whole = repr(data)
    if len(whole) <= room + 4:
        return whole
    length = f"({len(data)} bytes)"
    half = max(4, (room - len(length) - 4) // 2)
    if at is None or at < half or at >= len(data) - half:
        return f"{_piece(data[:half])} … {_piece(data[-half:])} {length}"
    third = max(3, half * 2 // 3)
    begin = max(third, at - third // 2)
    middle = data[begin : begin + third]
    return f"{_piece(data[:third])} … {_piece(middle)} … {_piece(data[-third:])} (byte {at + 1} of {len(data)})"


def _piece(data: bytes) -> str:
    return repr(data)


def first_difference(one: bytes, other: bytes) -> int | None:
    """Give the place, from 0, at which two messages part; ``None`` if they are the same."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return None if len(one) == len(other) else min(len(one), len(other))


def shown_args(call: Call, at: int | None = None) -> str:
    """Show the arguments of a call on one short line; ``at`` is the byte of its message that matters."""
    if call.name == "socket":
        return ", ".join(arg.strip("'") for arg in call.args)
    data = payload_of(call) if call.name in SENDS else None
    args = [
        short(data, 24, at) if place == 0 and data is not None else _cut(arg) for place, arg in enumerate(call.args)
    ]
    return ", ".join(args)


def _cut(text: str, room: int = 60) -> str:
    return text if len(text) <= room else f"{text[: room // 2]}…{text[-room // 2 :]}"
