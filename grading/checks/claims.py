"""What the checks claim, as sentences; and the mark that makes a test a check of the rubric."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from grading.arena import (
    PORT,
    Mismatch,
    Phrase,
    Stalled,
    TcpClient,
    TcpConnection,
    TcpServer,
    UdpClient,
    UdpServer,
)


def check(program: str, *, points: float, after: str | tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """Mark a test as a check: of which program, worth what, and which checks it builds on.

    Its name without ``test_`` is the check's name, and its docstring the line that students read.
    """
    names = (after,) if isinstance(after, str) else after
    return pytest.mark.check(program=program, points=points, after=names)


@contextmanager
def after(what: str, suspect: str) -> Iterator[None]:
    """Claim that a server goes on as if nothing had happened after something unusual."""
    try:
        yield
    except Mismatch as mismatch:
        if mismatch.suspect in ("no-reply", "stuck-on-first-client", "one-client-only", "crash", "hang"):
            mismatch.suspect = suspect if mismatch.program.ended else "stuck-on-first-client"
        mismatch.happened = f"After {what}: {mismatch.happened}"
        raise


def claim_address(server: UdpServer | TcpServer) -> None:
    """The server waits at port 12000, and needed no other machine's name for that."""
    claim = f"A {server.kind.upper()} socket at port {PORT} of this machine."
    if server.bound[1] != PORT:
        raise server.mismatch("wrong-port", claim, f"It is at {server.bound}.", facts={"port": str(server.bound[1])})
    if server.arena.names_asked:
        name = server.arena.names_asked[0]
        happened = f"It asks for the address of {name!r}, a name that is not this machine's."
        raise server.mismatch("wrong-host", claim, happened, facts={"name": name})


def claim_nothing_else_was_sent(server: UdpServer, bystander: socket.socket) -> None:
    """Nothing but the answers has left the server: seen when a later answer has come back."""
    claim = "One answer to each message, and nothing to anybody else."
    if server.repeated:
        happened = f"The answer {server.repeated[0]!r} came more than once."
        raise server.mismatch("sent-more-than-once", claim, happened)
    stray = server.stray()
    if stray is None:
        try:
            bystander.recv(1)
        except BlockingIOError:
            return
        stray = bystander.getsockname()
    raise server.mismatch("wrong-destination", claim, f"A datagram went to {stray}.", facts={"destination": str(stray)})


def claim_destination(client: UdpClient | TcpClient) -> None:
    """The client looks for its server on this machine, at port 12000."""
    claim = f"Your client looks for the server on this machine, at port {PORT}."
    if (port := client.stage.port_of(client.script.program)) != PORT:
        raise client.mismatch("wrong-port", claim, f"It goes to port {port}.")
    if client.arena.names_asked:
        name = client.arena.names_asked[0]
        raise client.mismatch("wrong-host", claim, f"It goes to {name!r}, a name that is not this machine's.")
    where = client.destination
    if where and not _may_be_this_machine(where):
        raise client.mismatch("wrong-host", claim, f"It goes to {where}, which is another machine's address.")


def _may_be_this_machine(address: str) -> bool:
    known = ipaddress.ip_address(address)
    return known.is_loopback or known.is_private or known.is_link_local


def claim_message(client: UdpClient | TcpClient) -> None:
    """What arrived is what was typed (its newline may have come along)."""
    text = client.phrase.text
    got = client.message or b""
    if got.rstrip(b"\r\n") != text.encode():
        claim = f"The line that was typed, {text!r}, as it is."
        raise client.mismatch(_suspect(text, got), claim, f"{got!r} arrived.")


def _suspect(text: str, got: bytes) -> str:
    sent = text.encode()
    if got.startswith(sent) and got.replace(sent, b"").strip() == b"":
        return "sent-more-than-once"
    if sent in got:
        return "extra-text"
    if got and sent.startswith(got):
        return "sent-more-than-once" if len(got) == 1 else "ignores-input"
    return "ignores-input"


def claim_one_datagram(client: UdpClient) -> None:
    """One datagram came, seen when the client has ended or waits."""
    if len(client.datagrams) != 1:
        sent = ", ".join(repr(one.payload[:40]) for one in client.datagrams[:4])
        claim = f"The line {client.phrase.text!r} as one datagram."
        happened = f"{len(client.datagrams)} datagrams came: {sent}{', …' if len(client.datagrams) > 4 else ''}."
        raise client.mismatch("sent-more-than-once", claim, happened)


def claim_typed_first(client: UdpClient | TcpClient) -> None:
    """Nothing was sent before the line was typed."""
    if client.sent_before_typing:
        claim = "Nothing is sent before the line was typed."
        raise client.mismatch("ignores-input", claim, f"{client.message!r} came while nothing had been typed.")


def claim_port_of_its_own(client: UdpClient | TcpClient, again: Callable[[], None]) -> None:
    """The client's own port is the system's choice: another one when ``again`` has run it anew, and once more."""
    first = client.own_port
    again()
    if client.own_port != first:
        return
    again()  # one chance in thousands is a chance
    if client.own_port == first:
        bound = [call.line for call in client.program.recorded().calls if call.name == "bind" and call.error is None]
        claim = "Your client leaves the choice of its own port to the system."
        happened = f"It uses port {first} each time" + (f", bound on line {bound[0]}." if bound else ".")
        raise client.mismatch("client-binds-port", claim, happened)


def claim_ended_well(client: UdpClient | TcpClient) -> None:
    """The client ended by itself, and not by an exception; one that asked for another line has met its end."""
    client.until_ended()
    program = client.program
    status = program.status or 0
    last = program.screen.rstrip().rpartition("\n")[2]
    by_exception = "Traceback (most recent call last)" in program.screen and not last.startswith(_GOODBYES)
    if status < 0 or (status > 0 and by_exception):
        claim = "Your client ends after the answer, and without an exception."
        raise client.mismatch("crash", claim, "It showed the answer.", Stalled(program, "ended"))


_GOODBYES = ("EOFError", "KeyboardInterrupt")


def claim_shown_as_text(client: UdpClient | TcpClient, answer: str) -> None:
    """The answer stands on the screen as text, at least once."""
    as_bytes = _shown_as_bytes(client.program.screen, answer)
    if as_bytes:
        client.until_done()  # the text may come after the bytes
        as_bytes = _shown_as_bytes(client.program.screen, answer)
    if as_bytes:
        claim, happened = f"{answer} on the screen.", f"It shows {client.program.screen.strip()[-200:]!r}."
        raise client.mismatch(as_bytes, claim, happened)


def _shown_as_bytes(screen: str, answer: str) -> str:
    """Name the cause where an answer stands on the screen as bytes only; empty where it is there as text."""
    screen = "".join(screen.split())
    wanted = re.escape("".join(answer.split()))
    places = list(re.finditer(wanted, screen))
    before = re.compile(r"b['\"][^'\"]*$")
    if not places or not all(before.search(screen[: place.start()]) for place in places):
        return ""
    return "tuple-not-unpacked" if re.search(r"\(b['\"]" + wanted, screen) else "missing-decode"


def claim_connection_ended(connection: TcpConnection) -> None:
    """The connection ends after the answer, once the client has closed its side."""
    if connection.ended:
        return
    try:
        connection.until_ended()
    except Stalled as stalled:
        claim = "The connection is closed after the answer."
        happened = "The answer was right, and the connection stays open."
        raise connection.server.mismatch("connection-not-closed", claim, happened, stalled) from None


def claim_still_welcoming(server: TcpServer, phrase: Phrase) -> None:
    """After a client was served the welcoming socket is still in the kernel's table."""
    claim = f"A socket that still listens at port {server.bound[1]}."
    try:
        server.ask(phrase)
    except Mismatch as mismatch:
        if not server.listens():
            suspect = "one-client-only" if server.program.ended else "welcoming-socket-closed"
            raise server.mismatch(suspect, claim, mismatch.happened, mismatch.stalled) from None
