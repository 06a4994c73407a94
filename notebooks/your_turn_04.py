"""Check the answers of notebook 4: each check prints one line, never raises, and comes back within seconds."""

from __future__ import annotations

import contextlib
import socket
import time

from trial import Trial, tell

DEADLINE = 3.0
"""Seconds that an answer has to come back."""
_BRIEF = 0.2


def check_answer_one(answer_one: object) -> None:
    """Say whether ``answer_one(server)`` answers one datagram, to where it came from."""
    tell(lambda: _fault_in_answering(answer_one), "each of two clients got its own answer, and the server can go on.")


def check_ask_again(ask_again: object) -> None:
    """Say whether ``ask_again(sock, text, address, attempts)`` repeats a question until it is answered."""
    tell(
        lambda: _fault_in_repeating(ask_again),
        "the third question was answered, and with a server that never answers it gave up in time.",
    )


# Two clients, and a server that answers one datagram a call

_NAMES = ("anna", "ben")


def _fault_in_answering(answer_one: object) -> str:
    if not callable(answer_one):
        return "`answer_one` is no function."
    with _bound() as server, _bound() as anna, _bound() as ben:
        clients = dict(zip(_NAMES, (anna, ben), strict=True))
        server.settimeout(DEADLINE / 3)
        for name, client in clients.items():
            client.sendto(f"from {name}".encode(), server.getsockname())
        trials = []
        for _ in clients:
            trials.append(Trial(lambda: answer_one(server)))
            if not trials[-1].is_over(DEADLINE) or trials[-1].error:
                trials[-1].give_up()
                break
        received = {name: _all_of(client) for name, client in clients.items()}
        return (
            _fault_in_call(trials[-1], received, server)
            or next(filter(None, (_fault_in_address(name, received) for name in _NAMES)), "")
            or next(filter(None, (_fault_in_reply(name, received[name]) for name in _NAMES)), "")
            or ("your function closed the socket `server`. The next client needs it." if server.fileno() < 0 else "")
        )


def _fault_in_call(trial: Trial, received: dict[str, list[bytes]], server: socket.socket) -> str:
    """Say what is wrong with a call that raised, or did not come back."""
    answered = any(received.values())
    if trial.error is None and not trial.is_over():
        return f"your function has not come back after {DEADLINE:g} seconds."
    if isinstance(trial.error, TimeoutError) and answered:
        return "it answered, and then waited for another datagram. One call answers one: it needs no loop."
    if trial.error is not None and server.fileno() < 0:
        return "your function closed the socket `server`, so the second call found it closed."
    if trial.error is not None:
        return f"your function raised {trial.raised}{_hint(trial.raised)}"
    return ""


def _fault_in_address(name: str, received: dict[str, list[bytes]]) -> str:
    """Say whether the other client got this one's answer."""
    other = _NAMES[1 - _NAMES.index(name)]
    if f"from {name}".upper().encode() in received[other]:
        return f"{name}'s answer went to {other}. Send each answer to the address that came with its question."
    return ""


def _fault_in_reply(name: str, mine: list[bytes]) -> str:
    """Say what is wrong with what one client got."""
    text = f"from {name}"
    if not mine:
        return f"{name} sent b{text!r}, and got no answer."
    if len(mine) > 1:
        return f"{name} asked once and got {len(mine)} datagrams: {mine!r}."
    if mine[0] != text.upper().encode():
        same = " The text came back as it was." if mine[0] == text.encode() else ""
        return f"{name} sent b{text!r} and got {mine[0]!r}; b{text.upper()!r} was due.{same}"
    return ""


def _hint(raised: str) -> str:
    """Say what usually causes such an error."""
    hints = {
        "a bytes-like object is required, not 'str'": ". What is sent is bytes: `encode` the text.",
        "'tuple' object has no attribute": ". `recvfrom` returns a pair: two names on the left of the `=`.",
        "must be tuple": ". `recvfrom` gives the bytes first, then the address; `sendto` wants them in this order too.",
        "cannot be interpreted as an integer": ". The address is one argument of `sendto`, a pair.",
        "not enough values": ". `recv` gives the bytes alone; `recvfrom` gives a pair.",
        "too many values": ". `recv` gives the bytes alone; `recvfrom` gives a pair.",
        "estination address required": ". A UDP socket has no peer: `sendto`, with the address.",
        "not connected": ". A UDP socket has no peer: `sendto`, with the address.",
        "already in use": ". The socket `server` is bound already, and a client does not bind.",
        "'str' object has no attribute 'decode'": ". It is text already, and only bytes have `decode`.",
        "'bytes' object has no attribute 'encode'": ". They are bytes already, and only text has `encode`.",
    }
    return next((hint for part, hint in hints.items() if part in raised), ".")


def _all_of(sock: socket.socket) -> list[bytes]:
    """Give all datagrams that have arrived."""
    received = []
    sock.settimeout(0.05)
    with contextlib.suppress(OSError):
        while True:
            received.append(sock.recvfrom(2048)[0])
    return received


# Servers that lose questions

_QUESTION = "is anybody there"
_LOST = 2
_ATTEMPTS = 3
"""What the second run allows; the first allows more than it needs."""


def _fault_in_repeating(ask_again: object) -> str:
    if not callable(ask_again):
        return "`ask_again` is no function."
    trial, came, _ = _asked(ask_again, _LOST + 3, loses=_LOST)
    fault = _fault_in_answered(trial, came)
    if fault:
        return fault
    trial, came, took = _asked(ask_again, _ATTEMPTS, loses=None)
    return _fault_in_unanswered(trial, came, took)


def _asked(ask_again: object, attempts: int, *, loses: int | None) -> tuple[Trial, list[bytes], float]:
    """Have the question asked; give what came of it, what the server received, and how many seconds it took.

    The server answers after it has lost ``loses`` questions, or never.
    """
    came: list[bytes] = []
    with _bound() as server, _bound() as sock:
        server.settimeout(0.02)
        sock.settimeout(DEADLINE / 3)  # for an answer that sets no timeout: it raises, or takes long
        address = server.getsockname()
        start = time.monotonic()
        trial = Trial(lambda: ask_again(sock, _QUESTION, address, attempts))  # type: ignore[operator]  # it is callable
        over = False
        while not over and time.monotonic() < start + DEADLINE:
            over = trial.is_over()  # asked first, so that what it sent last is received
            with contextlib.suppress(OSError):
                message, client = server.recvfrom(2048)
                over = False
                came.append(message)
                if loses is not None and len(came) > loses:
                    server.sendto(message.decode(errors="replace").upper().encode(), client)
        took = time.monotonic() - start
        trial.give_up()
    return trial, came, took


def _fault_in_answered(trial: Trial, came: list[bytes]) -> str:
    """Say what is wrong where the third question is answered."""
    if trial.error is not None:
        return _fault_in_raising(trial, came)
    if not trial.is_over():
        return f"your function has not come back after {DEADLINE:g} seconds. Give the socket a timeout of 0.2 seconds."
    if not came:
        return "nothing has arrived at the server. Send the text, as bytes, to the address."
    if came[0] != _QUESTION.encode():
        return f"the server received {came[0]!r}, where b{_QUESTION!r} was due."
    if len(came) <= _LOST:
        times = "once" if len(came) == 1 else f"{len(came)} times"
        return (
            f"it asked {times} and gave up, with {_LOST + 3} attempts allowed. The server answers the third question."
        )
    return _fault_in_result(trial.result) or _fault_in_count(came, _LOST + 1)


def _fault_in_raising(trial: Trial, came: list[bytes]) -> str:
    if isinstance(trial.error, TimeoutError) and came:
        return f"after question {len(came)} it raised TimeoutError. Catch that (`except TimeoutError:`) and ask again."
    return f"your function raised {trial.raised}{_hint(trial.raised)}"


def _fault_in_result(result: object) -> str:
    if result == _QUESTION.upper():
        return ""
    if result is None:
        return "the server answered the third question, and your function returns None."
    if isinstance(result, bytes):
        return f"your function returns {result!r}. These are bytes: `decode` them."
    if isinstance(result, tuple):
        return "your function returns the pair of `recvfrom`. The answer is its first half, as text."
    return f"your function returns {_short(result)}, and the answer was {_QUESTION.upper()!r}."


def _fault_in_count(came: list[bytes], due: int) -> str:
    if len(came) > due:
        return (
            f"the server received {len(came)} questions, where {due} were due. "
            "Wait for the answer before you ask again, and stop when it has come."
        )
    return ""


def _fault_in_unanswered(trial: Trial, came: list[bytes], took: float) -> str:
    """Say what is wrong where no question is answered."""
    allowed = f"with a server that never answers, and {_ATTEMPTS} attempts allowed,"
    if isinstance(trial.error, TimeoutError):
        return f"{allowed} it raised TimeoutError after question {len(came)}. Return None after the last attempt."
    if trial.error is not None:
        return f"{allowed} it raised {trial.raised}."
    if not trial.is_over():
        return f"{allowed} it has not come back after {DEADLINE:g} seconds. Count the attempts, and stop."
    if len(came) != _ATTEMPTS:
        return f"{allowed} it asked {len(came)} times."
    if trial.result is not None:
        return f"{allowed} it returned {_short(trial.result)}, and None was due."
    if took < _BRIEF * _ATTEMPTS / 2:
        return f"{allowed} it gave up after {took:.1f} seconds. An answer needs time: wait 0.2 seconds for each."
    return ""


def _bound() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("localhost", 0))
    return sock


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
