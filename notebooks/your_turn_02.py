"""Checks for "your turn" in 02_creating_a_socket: each prints `Right: …`, or `Not yet: …` and what is wrong."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

from trial import Trial, tell

PATIENCE = 3.0
"""Seconds that a student's function is given."""


def check_address(address: object) -> None:
    """Print what is to be said about the address of a server on this machine, at port 12000."""
    tell(
        lambda: _fault_in_address(address),
        "one tuple, of a host that is text and a port that is a number. "
        "It is what `bind`, `connect` and `sendto` want as one argument.",
    )


def _fault_in_address(address: object) -> str | None:
    if address is None:
        return "`address` is None. An address of AF_INET is a pair."
    if not isinstance(address, tuple):
        kind = type(address).__name__
        return f"`address` is of type {kind}, and has to be a tuple: (host, port), with parentheses and a comma."
    if len(address) != len(("host", "port")):
        return f"a pair has two parts, host and port. This tuple has {len(address)}."
    host, port = address
    return _fault_in_host(host) or _fault_in_slides_port(port)


def _fault_in_host(host: object) -> str | None:
    if not isinstance(host, str):
        return f"the host comes first, and is text. {host!r} is of type {type(host).__name__}."
    if host == "":
        return "the empty host is for a server that binds. A client says where the server is: on this machine."
    if ":" in host:
        return f"{host!r} is no host of AF_INET. The port has its own place in the pair."
    if host.lower() not in ("localhost", socket.gethostname().lower()) and not host.startswith("127."):
        return f"the server runs on this machine, and {host!r} does not say so. There is a name for this machine."
    return None


def _fault_in_slides_port(port: object) -> str | None:
    if isinstance(port, str):
        return f"the port {port!r} is text. Leave the quotation marks away."
    if not isinstance(port, int):
        return f"the port is an integer, and {port!r} is of type {type(port).__name__}."
    if port != _SLIDES_PORT:
        return f"the server waits at port {_SLIDES_PORT}, not at {port}."
    return None


_SLIDES_PORT = 12000


def check_sock(sock: object) -> None:
    """Print what is to be said about a new datagram socket of IPv4."""
    tell(
        lambda: _fault_in_socket(sock),
        "AF_INET and SOCK_DGRAM, and it has no address yet. `bind` will give it one.",
    )


def _fault_in_socket(sock: object) -> str | None:
    if sock is None:
        return "`sock` is None. Call `socket.socket(…)`, and keep what it returns."
    if sock is socket.socket or sock is socket:
        return "`sock` is the class or the module. The parentheses are missing, with the arguments in them."
    if not isinstance(sock, socket.socket):
        return f"`sock` is of type {type(sock).__name__}, not a socket."
    return _fault_in_making(sock)


def _fault_in_making(sock: socket.socket) -> str | None:
    if sock.fileno() < 0:
        return "`sock` is closed already. Leave it open this time."
    if sock.family != socket.AF_INET:
        return f"its family is {sock.family.name}. The family is the first argument, and IPv4 is AF_INET."
    if sock.type != socket.SOCK_DGRAM:
        return f"it is {sock.type.name}. The type is the second argument, and a UDP server wants datagrams."
    return "it is bound to a port already. Only make it, for now." if _port_of(sock) else None


def check_port(free_port: object) -> None:
    """Print what is to be said about a function that finds a free port."""
    tell(
        lambda: _fault_in_search(free_port),
        "the system chose the port, and the socket that had it is closed. Each call may give another port.",
    )


def _fault_in_search(free_port: object) -> str | None:
    if not callable(free_port):
        return "`free_port` is no function any more. It begins with `def free_port():`."
    trial, bound = _watched(free_port)
    try:
        return _fault_in_end(trial) or _fault_in_binding(bound) or _fault_in_port(trial.result, bound)
    finally:
        for sock, *_ in bound:
            sock.close()


def _watched(function: Callable[[], object]) -> tuple[Trial, list[tuple[socket.socket, int, int]]]:
    """Run a function; give what came of it, and each socket bound: itself, the port asked for, the one it got."""
    bound: list[tuple[socket.socket, int, int]] = []
    original = socket.socket.bind

    def bind(sock: socket.socket, *address: Any) -> None:
        original(sock, *address)
        bound.append((sock, address[0][1], _port_of(sock)))

    own = vars(socket.socket).get("bind")
    setattr(socket.socket, "bind", bind)  # noqa: B010  mypy takes no assignment to a method
    try:
        trial = Trial(function)
        trial.is_over(PATIENCE)
        trial.give_up()
    finally:
        if own is None:
            delattr(socket.socket, "bind")
        else:
            setattr(socket.socket, "bind", own)  # noqa: B010  as above
    return trial, bound


def _fault_in_end(trial: Trial) -> str | None:
    if trial.error is not None:
        return f"your function raised {type(trial.error).__name__}: {trial.error}."
    if not trial.is_over():
        return "your function does not come back. It needs no loop, and nothing to wait for."
    return None


def _fault_in_binding(bound: list[tuple[socket.socket, int, int]]) -> str | None:
    if not bound:
        return "no socket was bound. Only the system knows which ports are free: bind to port 0."
    sock, asked, _ = bound[-1]
    if asked != 0:
        return f"your function asked for port {asked}, which may be taken. Port 0 has the system choose."
    if sock.fileno() >= 0:
        return "the socket is still open. `with` closes it at the end of its block."
    return None


def _fault_in_port(port: object, bound: list[tuple[socket.socket, int, int]]) -> str | None:
    got = bound[-1][2]
    if port is None:
        return f"your function returns None. It was bound to port {got}: `getsockname()` shows it, inside the block."
    if isinstance(port, tuple):
        return f"your function returns the whole address, {port!r}. The port is its second part."
    if not isinstance(port, int):
        return f"your function returns {port!r}, of type {type(port).__name__}. A port is an integer."
    if port == 0:
        return "your function returns 0, which only asks for a port. Call `getsockname()` after `bind`."
    if port != got:
        return f"your function returns {port}, and the system chose {got}."
    return None


def _port_of(sock: socket.socket) -> int:
    try:
        port: int = sock.getsockname()[1]
    except OSError:  # Windows, before bind
        return 0
    return port
