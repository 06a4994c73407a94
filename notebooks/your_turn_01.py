"""Checks for "your turn" in 01_sockets: each prints `Right: …`, or `Not yet: …` and what is wrong."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable

from trial import Trial, tell

PATIENCE = 4.0
"""Seconds that a student's function is given in all."""
CALL = 1.5
"""Seconds after which one socket call in it gives up."""

_NEEDS = {
    "download a program": ("stream", "one byte lost or misplaced spoils the program"),
    "the voices of a live call": ("datagram", "a late sound is worth nothing, and must not hold up the next"),
    "type commands on another machine, for an hour": ("stream", "each key counts, and so does their order"),
    "ask a name server for one address (and ask again if no answer comes)": (
        "datagram",
        "a connection would take longer than the question and its answer",
    ),
}


def check_kinds(kinds: object) -> None:
    """Print what is to be said about a choice of stream or datagram for each use."""
    tell(lambda: _fault_in_kinds(kinds), "two of them need every byte in order, two are better off without waiting.")


def _fault_in_kinds(kinds: object) -> str | None:
    if not isinstance(kinds, dict):
        return "`kinds` is the dictionary of the cell above: run that cell again."
    for use, (kind, reason) in _NEEDS.items():
        answer = kinds.get(use)
        if answer is None:
            return f"there is no kind yet for: {use}."
        said = answer.name if isinstance(answer, socket.SocketKind) else str(answer).strip().lower()
        said = {"SOCK_STREAM": "stream", "SOCK_DGRAM": "datagram"}.get(said, said)
        if said not in ("stream", "datagram"):
            return f'{answer!r} is neither "stream" nor "datagram" ({use}).'
        if said != kind:
            return f"think again about: {use}. {said.capitalize()}? Remember that {reason}."
    return None


def check_ask(ask: object) -> None:
    """Print what is to be said about a client's function, after it has talked to a server."""
    tell(lambda: _fault_in_ask(ask), "the server was asked once, and its answer came back as text.")


def _fault_in_ask(ask: object) -> str | None:
    if not callable(ask):
        return "`ask` is no function any more. It begins with `def ask(port, line):`."
    line = "every word counts"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        port = server.getsockname()[1]
        trial, came = _asked(server, lambda: ask(port, line))
    return _fault_in_end(trial, came) or _fault_in_question(came, line) or _fault_in_answer(trial.result, line.upper())


def _asked(server: socket.socket, function: Callable[[], object]) -> tuple[Trial, list[bytes]]:
    """Run the function and answer it as the example application does; give what came of it, and what arrived."""
    came: list[bytes] = []
    default = socket.getdefaulttimeout()
    socket.setdefaulttimeout(CALL)
    try:
        trial = Trial(function)
        end = time.monotonic() + PATIENCE
        over = False
        while not over and time.monotonic() < end:
            over = trial.is_over()  # asked first, so that what it sent last is seen
            server.settimeout(0.001 if over else 0.02)
            with contextlib.suppress(OSError):
                message, client = server.recvfrom(2048)
                over = False
                came.append(message)
                server.sendto(message.decode(errors="replace").upper().encode(), client)
        trial.give_up()
    finally:
        socket.setdefaulttimeout(default)
    return trial, came


def _fault_in_end(trial: Trial, came: list[bytes]) -> str | None:
    if isinstance(trial.error, TimeoutError):
        if came:
            return "the server has answered, and then your function waited for more. It needs one answer only."
        return "your function waits for an answer, and nothing has arrived at the server. Send `line` to `port` first."
    if trial.error is not None:
        kind, text = type(trial.error).__name__, str(trial.error)
        return f"your function raised {kind}: {text}{_hint(kind, text)}"
    if not trial.is_over():
        return "your function does not come back. It asks once, and needs no loop and no `input`."
    return None


def _hint(kind: str, text: str) -> str:
    """Say what usually causes such an error here."""
    hints = {
        "bytes-like object is required, not 'str'": ". What is sent is bytes: `line.encode()`.",
        "cannot be interpreted as an integer": ". An address is one pair, with its own parentheses: (host, port).",
        "'tuple' object has no attribute": ". `recvfrom` returns two things: unpack both.",
        "cannot unpack": ". `recv` returns the bytes alone; `recvfrom` returns the address too.",
        "too many values to unpack": ". `recv` returns the bytes alone; `recvfrom` returns the address too.",
        "not callable": ". After `import socket` the class is `socket.socket`.",
        "already in use": ". A client does not bind: only the server needs that port.",
        "onnect": ". A datagram socket needs no connection: use SOCK_DGRAM and `sendto`.",
        "Broken pipe": ". A datagram socket needs no connection: use SOCK_DGRAM and `sendto`.",
    }
    return next((hint for part, hint in hints.items() if part in f"{kind} {text}"), ".")


def _fault_in_question(came: list[bytes], line: str) -> str | None:
    if not came:
        return "nothing has arrived at the server. Make a datagram socket, and `sendto` the line."
    if came[0] != line.encode():
        return f"the server was asked {came[0]!r} and not {line.encode()!r}. Send `line` as it is."
    if len(came) > 1:
        return f"the server was asked {len(came)} times. Once is enough."
    return None


def _fault_in_answer(result: object, expected: str) -> str | None:
    if result == expected:
        return None
    if result is None:
        return "the server was asked, and your function returns None. Receive the answer, and `return` it."
    if isinstance(result, bytes):
        return f"your function returns {result!r}. These are bytes: `decode()` makes text of them."
    if isinstance(result, tuple):
        return "your function returns the pair of `recvfrom`. The answer is its first half."
    return f"your function returns {result!r}, and the server's answer was {expected!r}."


def check_translation(sock: object) -> None:
    """Print what is to be said about a socket that two lines of C describe."""
    tell(
        lambda: _fault_in_translation(sock),
        "the same socket as in C. Its port was chosen by the system, and `sock.getsockname()` shows it.",
    )


def _fault_in_translation(sock: object) -> str | None:
    if sock is None:
        return "`sock` is None. Begin with `sock = socket.socket(…)`; `bind` comes on the next line, and returns None."
    if not isinstance(sock, socket.socket):
        return f"`sock` is of type {type(sock).__name__}, not a socket. Give `bind` a line of its own."
    if sock.fileno() < 0:
        return "`sock` is closed. The two lines of C leave it open."
    if sock.family != socket.AF_INET or sock.type != socket.SOCK_DGRAM:
        return f"this is a socket of {sock.family.name} and {sock.type.name}, not of AF_INET and SOCK_DGRAM as in C."
    return _fault_in_binding(sock)


def _fault_in_binding(sock: socket.socket) -> str | None:
    try:
        host, port = sock.getsockname()
    except OSError:  # Windows, before bind
        host, port = "", 0
    if port == 0:
        return "it is not bound. The second line is `sock.bind(…)`, with a pair (host, port); port 0 is any free one."
    if not host.startswith("127."):
        return f"it is bound to {host}. The loopback address is 127.0.0.1, and an empty host means every address."
    return None
