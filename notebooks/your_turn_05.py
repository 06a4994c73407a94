"""Check the answers of notebook 5: each check prints one line, never raises, and comes back within seconds."""

from __future__ import annotations

import contextlib
import errno
import os
import socket

from trial import Trial, tell

DEADLINE = 3.0
"""Seconds that an answer has to come back."""


def check_serve_one(serve_one: object) -> None:
    """Say whether ``serve_one(welcoming)`` accepts one client, answers it and closes the connection."""
    tell(
        lambda: _fault_in_serving(serve_one),
        "both clients were answered and let go, and the welcoming socket stayed open.",
    )


def check_states(after_client_close: object, after_connection_close: object) -> None:
    """Say whether these are the states of both ends, where the client closes first and the server second."""
    tell(
        lambda: (
            _fault_in_states("after_client_close", after_client_close, 0)
            or _fault_in_states("after_connection_close", after_connection_close, 1)
        ),
        "who closes first waits, and ends in TIME_WAIT. "
        "A server whose clients close first can be started again at once.",
    )


# Two clients, and a server that serves one a call


class _Welcoming(socket.socket):
    """A welcoming socket that keeps the connections it gave: else Python would close what an answer forgets."""

    given: list[socket.socket]

    def accept(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().accept()
        connection.settimeout(DEADLINE / 3)
        self.given.append(connection)
        return connection, address

    def send(self, *_: object) -> int:
        """Fail at once, as one without a timeout does."""
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    sendall = send  # type: ignore[assignment]  # neither returns


def _fault_in_serving(serve_one: object) -> str:
    if not callable(serve_one):
        return "`serve_one` is no function."
    with _Welcoming(socket.AF_INET, socket.SOCK_STREAM) as welcoming:
        welcoming.given = []
        welcoming.bind(("localhost", 0))
        welcoming.listen(5)
        welcoming.settimeout(DEADLINE / 3)
        clients = [_connected(welcoming, name) for name in _NAMES]
        try:
            for name, client in zip(_NAMES, clients, strict=True):
                trial = Trial(lambda: serve_one(welcoming))
                fault = _fault_in_call(trial, welcoming, name) or _fault_in_service(client, welcoming, name)
                if fault:
                    return fault
        finally:
            for sock in (*clients, *welcoming.given):
                sock.close()
    return ""


_NAMES = ("anna", "ben")


def _connected(welcoming: socket.socket, name: str) -> socket.socket:
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.settimeout(DEADLINE)
    client.connect(welcoming.getsockname())
    client.send(f"from {name}".encode())
    return client


def _fault_in_call(trial: Trial, welcoming: _Welcoming, name: str) -> str:
    """Say what is wrong with a call that raised, or did not come back."""
    if not trial.is_over(DEADLINE):
        trial.give_up()
        return f"your function has not come back after {DEADLINE:g} seconds."
    if trial.error is None:
        return ""
    served = len(welcoming.given) >= len(_NAMES)
    if isinstance(trial.error, TimeoutError) and name == _NAMES[0] and served:
        return "it served both clients in one call, and waited for a third. One call serves one: it needs no loop."
    if isinstance(trial.error, TimeoutError):
        return f"with {name} as client it waited for something that never came. Receive once: {name} sends once."
    if welcoming.fileno() < 0:
        return "the welcoming socket is closed, and your function needs it for the next client. Close the connection."
    return f"your function raised {trial.raised}{_hint(trial.raised)}"


def _hint(raised: str) -> str:
    """Say what usually causes such an error."""
    hints = {
        "a bytes-like object is required, not 'str'": ". What is sent is bytes: `encode` the text.",
        "'tuple' object has no attribute": ". `accept` returns a pair: two names on the left of the `=`.",
        "'tuple' object does not support": ". `accept` returns a pair: two names on the left of the `=`.",
        "'bytes' object has no attribute 'encode'": ". They are bytes already, and only text has `encode`.",
        "'str' object has no attribute 'decode'": ". It is text already, and only bytes have `decode`.",
        "not connected": ". The welcoming socket talks to nobody: use the socket that `accept` returned.",
        "roken pipe": ". The welcoming socket talks to nobody: use the socket that `accept` returned.",
        "Bad file descriptor": ". That socket was closed before.",
        "unpack": ". `accept` returns a pair, `recv` the bytes alone.",
    }
    return next((hint for part, hint in hints.items() if part in raised), ".")


def _fault_in_service(client: socket.socket, welcoming: _Welcoming, name: str) -> str:
    """Say what is wrong with what one client got, after the call for it has come back."""
    if not welcoming.given:
        return "nobody was accepted. Begin with the welcoming socket's `accept`."
    if name == _NAMES[0] and len(welcoming.given) > 1:
        return "it accepted both clients in one call. One call serves one."
    open_still = welcoming.given[-1].fileno() >= 0
    received = _all_of(client, until_end=not open_still)
    due = f"from {name}".upper().encode()
    if welcoming.fileno() < 0:
        return "your function closed the welcoming socket. Close the connection socket, which `accept` returned."
    if not received:
        return f"{name} sent b'from {name}', and got no answer."
    if received != due:
        same = " The text came back as it was." if received == due.lower() else ""
        return f"{name} sent b'from {name}' and got {_short(received)}; {due!r} was due.{same}"
    if open_still:
        return f"{name} was answered, and the connection is still open. Close it (`close` has parentheses)."
    return ""


def _all_of(client: socket.socket, *, until_end: bool) -> bytes:
    """Give all that has arrived, and all that will if the connection was closed."""
    received = b""
    client.settimeout(DEADLINE if until_end else 0.1)
    with contextlib.suppress(OSError):
        while data := client.recv(1024):
            received += data
    return received


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


# The states where the client closes first

_STATES = ("LISTEN", "ESTABLISHED", "FIN_WAIT2", "CLOSE_WAIT", "TIME_WAIT", "-")
_ENDS = {"connection": ("CLOSE_WAIT", "-"), "client": ("FIN_WAIT2", "TIME_WAIT")}
_WHEN = ("the client has closed, the server has not", "both have closed, and the client was first")
_WHY = {
    "LISTEN": "only a welcoming socket is in LISTEN",
    "ESTABLISHED": "ESTABLISHED lasts until one of the two closes",
    "FIN_WAIT2": "FIN_WAIT2 is the state of the end that has closed, while the other has not",
    "CLOSE_WAIT": "CLOSE_WAIT is the state of the end that has not closed, while the other has",
    "TIME_WAIT": "TIME_WAIT comes when both have closed, at the end that did so first",
    "-": "this end is not forgotten yet",
}


def _fault_in_states(name: str, states: object, when: int) -> str:
    if not isinstance(states, dict):
        return f"`{name}` is no dictionary any more."
    for end, due in _ENDS.items():
        state = states.get(end)
        if state is None:
            return f"`{name}` has no state yet for the {end}."
        said = str(state).strip().upper().replace("WAIT_2", "WAIT2").replace("-WAIT", "_WAIT")
        if said not in _STATES:
            return f"{_short(state)} is none of the states: {', '.join(_STATES)}."
        if said != due[when]:
            return f"`{name}`, {end}: {_WHEN[when]}, and {_WHY[said]}."
    return ""
