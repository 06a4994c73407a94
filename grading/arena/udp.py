"""Scripted counterparts for UDP programs: clients for a server, and a server for a client."""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass

from grading.arena.arena import DNS_PORT, STILL, Stalled
from grading.arena.client import Client
from grading.arena.mismatch import Mismatch, shown, suspect_of
from grading.arena.program import Script
from grading.arena.server import Server
from grading.arena.sockets import Address
from grading.arena.stage import Stage
from grading.arena.words import Phrase

_SIZE = 1 << 16
_KEPT = 1000  # datagrams: those that come after are read and thrown away
_READS_AT_ONCE = 1000  # of datagrams without end, before something else is looked at


class UdpServer(Server):
    """A student's UDP server, bound and watched, and the clients that we are to it."""

    kind = "udp"
    waiting = "UDP socket bound to"
    was_at = "was bound to"
    type = "SOCK_DGRAM"
    arrives = "bind"
    absent = "missing-bind"

    def __init__(self, stage: Stage, script: Script) -> None:
        """Start it and wait until it can be met, at whatever port. Raises `Mismatch` if it never can."""
        super().__init__(stage, script)
        self._answered: dict[int, list[bytes]] = {}
        self.repeated: list[bytes] = []
        """Answers that came once more."""

    def client(self) -> socket.socket:
        """Make a client's socket with a port of its own, which never blocks."""
        client = self.arena.lend("udp")
        client.bind((self.arena.everywhere, 0))
        client.setblocking(False)
        return client

    def held(self) -> AbstractContextManager[None]:
        """Hold the server still while several datagrams are sent, so that none is answered before all are there."""
        return self.arena.held(self.program)

    def send(self, client: socket.socket, message: str) -> None:
        """Send a datagram to the server."""
        client.sendto(message.encode(), self.address)

    def ask(self, client: socket.socket, phrase: Phrase) -> None:
        """Send a phrase and receive the right answer. Raises `Mismatch`."""
        self.send(client, phrase.text)
        self.receive(client, phrase)

    def receive(self, client: socket.socket, phrase: Phrase) -> None:
        """Receive the right answer to a phrase that was sent. Raises `Mismatch`."""
        expected = phrase.answer.encode()
        stray_since: float | None = None
        got_already = self._answered.setdefault(client.fileno(), [])

        def seen() -> bytes | Address | None:
            nonlocal stray_since
            if (data := self._next(client, got_already, expected)) is not None:
                return data
            if stray := self.stray():
                stray_since = stray_since or time.perf_counter()
                if time.perf_counter() - stray_since > STILL:
                    return stray
            return None

        claim = f"The answer {shown(expected)} to {shown(phrase.text.encode())}, sent from {_name(client)}."
        facts = {"sent": phrase.text, "expected_reply": phrase.answer, "client": str(_name(client))}
        try:
            got = self.arena.wait(seen, self.program, [client])
        except Stalled as stalled:
            for packet in self.arena.packets():
                if packet.payload == expected and packet.destination[1] != _name(client)[1]:
                    got = packet.destination
                    break
            else:
                raise self._silent(stalled, claim, facts) from None
        if not isinstance(got, bytes):
            happened = f"Your server answered {got}; the datagram had come from {_name(client)}."
            facts["destination"] = str(got)
            raise self.mismatch("wrong-destination", claim, happened, facts=facts)
        if got != expected:
            facts["received"] = got.decode("utf-8", "backslashreplace")
            raise self._wrong(claim, got, expected, facts)
        got_already.append(got)

    def _next(self, client: socket.socket, got_already: list[bytes], expected: bytes) -> bytes | None:
        """Take the next answer, and note those that came once more; ``None`` if there is none as yet."""
        with contextlib.suppress(BlockingIOError):
            for _ in range(_READS_AT_ONCE):
                data = client.recv(_SIZE)
                if data not in got_already or data == expected:
                    return data
                if len(self.repeated) < _KEPT:
                    self.repeated.append(data)
        return None

    def _wrong(self, claim: str, got: bytes, expected: bytes, facts: dict[str, str]) -> Mismatch:
        self.let_it_act()  # of an answer in pieces, the first has come
        happened = f"It answered {shown(got, beside=expected)}."
        return self.mismatch(suspect_of(expected, got), claim, happened, facts=facts)

    def _silent(self, stalled: Stalled, claim: str, facts: dict[str, str]) -> Mismatch:
        served = any(self._answered.values())
        suspect = "no-reply"
        if stalled.how == "ended":
            suspect = "one-client-only" if served else "no-reply"
        elif stalled.how == "deadline":
            suspect = "hang"
        elif served:
            suspect = "stuck-on-first-client"
        happened = "After its first answer, no other came." if served else "No answer came."
        return self.mismatch(suspect, claim, happened, stalled, facts)

    def stray(self) -> Address | None:
        """Where the server sent a datagram that is none of our clients, if it did."""
        ours = {_name(one)[1] for one in self.arena.lent} | {DNS_PORT}
        for packet in self.arena.packets():
            if packet.kind == "udp" and packet.source[1] not in ours and packet.destination[1] not in ours:
                return packet.destination
        return None


def _name(sock: socket.socket) -> Address:
    host, port = sock.getsockname()[:2]
    return ("127.0.0.1" if host == "0.0.0.0" else host, port)  # noqa: S104  nothing is bound


@dataclass(frozen=True)
class Datagram:
    """One datagram that a client sent to us."""

    payload: bytes
    source: Address
    destination: str
    """The IPv4 address that it was sent to (``""`` where the system does not tell)."""


class UdpClient(Client):
    """A student's UDP client, and the server that we are to it."""

    kind = "udp"

    def open_counterpart(self, port: int) -> None:
        self.datagrams: list[Datagram] = []
        self.counterpart = self.arena.lend("udp")
        if not self.arena.shared:
            self.counterpart.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        self.counterpart.bind((self.arena.everywhere, port))
        self.counterpart.setblocking(False)

    def take(self) -> None:
        with contextlib.suppress(BlockingIOError):
            for _ in range(_READS_AT_ONCE):
                datagram = self._receive()
                if len(self.datagrams) < _KEPT:
                    self.datagrams.append(datagram)

    def _receive(self) -> Datagram:
        if self.arena.shared:
            payload, source = self.counterpart.recvfrom(_SIZE)
            return Datagram(payload, source, "")
        payload, about, _, source = self.counterpart.recvmsg(_SIZE, socket.CMSG_SPACE(_PKTINFO_SIZE))
        _, _, info = about[0]
        return Datagram(payload, source, socket.inet_ntoa(struct.unpack("I4s4s", info)[1]))

    @property
    def message(self) -> bytes | None:
        return self.datagrams[0].payload if self.datagrams else None

    @property
    def is_complete(self) -> bool:
        return bool(self.datagrams)

    def send_back(self, text: str) -> None:
        """Answer the first datagram, from the address it was sent to."""
        first = self.datagrams[0]
        if first.destination:
            info = struct.pack("I4s4s", 0, socket.inet_aton(first.destination), bytes(4))
            ancillary = [(socket.IPPROTO_IP, _IP_PKTINFO, info)]
            self.counterpart.sendmsg([text.encode()], ancillary, 0, first.source)
        else:
            self.counterpart.sendto(text.encode(), first.source)

    @property
    def own_port(self) -> int:
        return self.datagrams[0].source[1]

    @property
    def destination(self) -> str:
        return self.datagrams[0].destination


_IP_PKTINFO, _PKTINFO_SIZE = 8, 12  # linux/in.h; the socket module of older Pythons does not name it
