"""A name server for arenas: any name leads to the arena, and the grader sees which was asked for.

So a client with ``serverName = "hostname"`` still meets its server, and the rest can be graded.
"""

from __future__ import annotations

import socket
import struct

_TYPE_A, _CLASS_IN = 1, 1


def answer(query: bytes) -> tuple[str, bytes] | None:
    """Answer one DNS query (RFC 1035): the name asked for, and the reply.

    An address is 127.0.0.1; of any other type there is no record. ``None`` for what is not a query.
    """
    if len(query) < 17 or struct.unpack_from("!H", query, 4)[0] != 1:
        return None
    labels, at = [], 12
    while at < len(query) and (length := query[at]):
        labels.append(query[at + 1 : at + 1 + length].decode("ascii", "backslashreplace"))
        at += 1 + length
    question_end = at + 5
    if question_end > len(query):
        return None
    (kind,) = struct.unpack_from("!H", query, at + 1)
    found = kind == _TYPE_A
    header = query[:2] + struct.pack("!HHHHH", 0x8580, 1, int(found), 0, 0)
    reply = header + query[12:question_end]
    if found:
        reply += struct.pack("!HHHIH", 0xC00C, _TYPE_A, _CLASS_IN, 0, 4) + socket.inet_aton("127.0.0.1")
    return ".".join(labels), reply
