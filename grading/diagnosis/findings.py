"""Remarks about a program that cost no points."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from grading.diagnosis.code import Code, code_of, method
from grading.diagnosis.values import SENDS
from grading.diagnosis.wording import shown
from grading.results import Finding
from grading.transcript import Call

_CLOSES = ("close", "closing", "detach", "shutdown")


def findings(
    source: str,
    calls: Sequence[Call] = (),
    *,
    program: str = "",
    sockets: Sequence[str] = (),
    typed: str | None = None,
    sent: bytes | None = None,
) -> tuple[Finding, ...]:
    """Collect what is worth saying about a program, whatever its checks found.

    ``program`` is ``udp_client``, …; ``sockets`` what the kernel showed (``UDP 127.0.0.1:12000``);
    ``typed`` and ``sent`` the line that a client was given and the message that arrived. What is not
    known is left out, and nothing is said about it.
    """
    code = code_of(source)
    return (
        *_uncalled_close(code, program),
        *_no_close(code, calls, program),
        *_loopback_only(code, sockets, program),
        *_line_ends(code, typed, sent),
    )


def _uncalled_close(code: Code, program: str) -> list[Finding]:
    if program == "tcp_server" and code.calls("accept"):
        return []  # the client waits for that `close`: no mere remark, but a check of its own
    said = "`close` is named here without being called: its parentheses are missing."
    return [Finding("close-not-called", named.lineno, said) for named in code.uncalled("close")]


def _no_close(code: Code, calls: Sequence[Call], program: str) -> list[Finding]:
    made = code.calls("socket", "create_connection")
    begun_only = code.calls("NotImplementedError")  # a TODO of the skeleton: `close` is still to come
    if not program.endswith("client") or not made or begun_only or code.uncalled("close"):
        return []
    managed = any(isinstance(node, ast.withitem) and _manages_socket(node, code) for node in code.nodes)
    named = any(isinstance(node, ast.Attribute) and node.attr in _CLOSES for node in code.nodes)  # called by others
    if managed or named or code.calls(*_CLOSES) or any(call.name in _CLOSES for call in calls):
        return []
    said = "The client never closes this socket: call `close()` when nothing is left to be done with it."
    return [Finding("close-not-called", made[0].lineno, said)]


def _manages_socket(item: ast.withitem, code: Code) -> bool:
    value = code.resolved(item.context_expr)
    return not (isinstance(value, ast.Call) and method(value) == "open")


def _loopback_only(code: Code, sockets: Sequence[str], program: str) -> list[Finding]:
    if not program.endswith("server"):
        return []
    narrow = [entry for entry in sockets if re.match(r"(UDP|TCP) (127\.[\d.]{1,12}|::1):\d{1,5}(, listening)?$", entry)]
    if not narrow:
        return []
    binds = code.calls("bind", "create_server")
    said = f"The server is bound to {shown(narrow[0])}: only this machine's programs reach it (`''`: all do)."
    return [Finding("wrong-host", binds[0].lineno if binds else None, said)]


def _line_ends(code: Code, typed: str | None, sent: bytes | None) -> list[Finding]:
    if typed is None or sent is None:
        return []
    line = typed.rstrip("\r\n").encode("utf-8", "surrogatepass")
    sends = code.calls(*SENDS)
    where = sends[0].lineno if sends else None
    if sent in {line + b"\n", line + b"\r\n"}:
        return [
            Finding(
                "ignores-input",
                where,
                "The line is sent with a newline at its end; `input()` gives it without.",
            )
        ]
    if sent != line and sent == line.strip():
        return [Finding("ignores-input", where, "The line is sent without the blanks around it that were typed.")]
    return []
