"""Scripted counterparts for TCP programs: clients for a server, and a server for a client."""

from __future__ import annotations

import contextlib
import errno
import select
import socket

from grading.arena.arena import NO_LINGER, Stalled
from grading.arena.client import Client
from grading.arena.mismatch import Mismatch, shown, suspect_of
from grading.arena.program import Script
from grading.arena.server import Server
from grading.arena.sockets import Address
from grading.arena.stage import Stage
from grading.arena.words import Phrase

_SIZE = 1 << 16
_READS_AT_ONCE = 16  # of a stream without end, before something else is looked at
_KEPT = 1 << 20  # bytes of a stream: what comes after is read and thrown away


class TcpServer(Server):
    """A student's TCP server, listening and watched, and the clients that we are to it."""

    kind = "tcp"
    waiting = "TCP socket that listens at"
    was_at = "listened at"
    type = "SOCK_STREAM"
    arrives = "listen"
    absent = "missing-listen"

    def __init__(self, stage: Stage, script: Script) -> None:
        """Start it and wait until it can be met, at whatever port. Raises `Mismatch` if it never can."""
        super().__init__(stage, script)
        self.served = 0
        """Connections that were answered."""
        self.connections: list[TcpConnection] = []

    def connect(self) -> TcpConnection:
        """Connect a new client. Raises `Mismatch` when the server does not take it."""
        sock, status = self._try_to_connect()
        if status != 0 and self.listens():  # at another address as yet: asyncio opens one after the other
            self.let_it_act()
            sock, status = self._try_to_connect()
        claim = f"A connection to {self.address[0]} port {self.address[1]}."
        if status != 0:
            self._let_it_end()
            ended = "one-client-only" if self.served else "crash"
            suspect = ended if self.program.ended or not self.served else "welcoming-socket-closed"
            raise self.mismatch(suspect, claim, "It was refused: nothing listens there any more.")
        self.connections.append(TcpConnection(self, sock))
        return self.connections[-1]

    def _try_to_connect(self) -> tuple[socket.socket, int]:
        """Connect a new socket; give it, and 0 or the number of the error."""
        sock = self.arena.lend("tcp")
        sock.setblocking(False)
        status = sock.connect_ex(self.address)

        def seen() -> int | None:
            writable = select.select([], [sock], [sock], 0)
            return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) if any(writable) else None

        if status not in (0, errno.ECONNREFUSED):
            try:
                status = self.arena.wait(seen, self.program)
            except Stalled as stalled:
                claim = f"A connection to {self.address[0]} port {self.address[1]}."
                raise self.mismatch("hang", claim, "It was never made.", stalled) from None
        return sock, status

    def _let_it_end(self) -> None:
        """Give a program whose welcoming socket is gone the time to end, so that its reason is known."""
        with contextlib.suppress(Stalled):
            self.arena.wait(lambda: self.program.ended or None, self.program)

    def ask(self, phrase: Phrase) -> TcpConnection:
        """Connect, send a phrase and receive the right answer. Raises `Mismatch`."""
        connection = self.connect()
        connection.send(phrase.text)
        connection.receive(phrase)
        return connection

    def listens(self) -> bool:
        """Whether the welcoming socket is still there."""
        return self.arena.bound("tcp", self.program) is not None


class TcpConnection:
    """One client of ours, connected to the student's server."""

    def __init__(self, server: TcpServer, sock: socket.socket) -> None:
        self.server = server
        self.sock = sock
        self.received = bytearray()
        self.ended = False
        """Whether the server's end of the stream was seen."""

    def send(self, text: str) -> None:
        """Send text without a newline; the server may have gone away."""
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            self.sock.send(text.encode())

    def take(self) -> None:
        """Take in what has arrived; of a stream without end, a part."""
        try:
            for _ in range(_READS_AT_ONCE):
                if self.ended:
                    return
                data = self.sock.recv(_SIZE)
                self.received += data[: _KEPT - len(self.received)]
                self.ended = not data
        except BlockingIOError:
            return
        except ConnectionResetError:
            self.ended = True

    def receive(self, phrase: Phrase) -> None:
        """Receive exactly the right answer, up to the end of the stream. Raises `Mismatch`.

        Our end is closed once the answer is there: then a server that serves until its client leaves
        goes on too. One that keeps the connection open all the same has answered, here.
        """
        expected = phrase.answer.encode()
        sent = shown(phrase.text.encode())
        claim = f"The answer {shown(expected)} to {sent}."
        facts = {"sent": phrase.text, "expected_reply": phrase.answer, "client": self._name()}

        def seen() -> bool | None:
            self.take()
            return self.ended or len(self.received) >= len(expected) or None

        try:
            self.server.arena.wait(seen, self.server.program, [self.sock])
        except Stalled as stalled:
            if not self.received and not self._misdirected(expected):
                raise self._silent(stalled, claim, facts) from None
        try:
            self.until_ended()
        except Stalled as stalled:  # another check's claim
            if stalled.how == "deadline":
                self.server.stage.slow.add(self.server.program.script.program)
        if bytes(self.received) != expected:
            raise self._wrong(claim, expected, facts)
        self.server.served += 1

    def _name(self) -> str:
        with contextlib.suppress(OSError):  # it was never connected, or is closed
            return str(self.sock.getsockname()[:2])
        return ""

    def _wrong(self, claim: str, expected: bytes, facts: dict[str, str]) -> Mismatch:
        got = bytes(self.received)
        facts["received"] = got.decode("utf-8", "backslashreplace")
        if self._misdirected(expected):
            happened = "The answer went to another client, which had connected later."
            return self.server.mismatch("wrong-destination", claim, happened, facts=facts)
        if got:
            return self.server.mismatch(
                suspect_of(expected, got), claim, f"It answered {shown(got, beside=expected)}.", facts=facts
            )
        with contextlib.suppress(Stalled):  # a program that crashes closes its sockets before it is gone
            self.server.arena.wait(lambda: self.server.program.ended or None, self.server.program)
        return self.server.mismatch("no-reply", claim, "The connection ended without an answer.", facts=facts)

    def _misdirected(self, expected: bytes) -> bool:
        """Whether the answer to this client went to another one of ours."""
        for other in self.server.connections:
            if other is not self and other.sock.fileno() >= 0:
                other.take()
                if expected in other.received:
                    return True
        return False

    def _silent(self, stalled: Stalled, claim: str, facts: dict[str, str]) -> Mismatch:
        suspect = "no-reply"
        if stalled.how == "deadline":
            suspect = "hang"
        elif self.server.served:
            suspect = "one-client-only" if stalled.how == "ended" else "stuck-on-first-client"
        happened = "After the first client, no other was answered." if self.server.served else "No answer came."
        return self.server.mismatch(suspect, claim, happened, stalled, facts)

    def until_ended(self) -> None:
        """Close our sending side and wait for the server's end of the stream. Raises `Stalled`."""

        def ended() -> bool | None:
            self.take()
            return self.ended or None

        with contextlib.suppress(OSError):  # the server has reset the connection
            self.sock.shutdown(socket.SHUT_WR)
        self.server.arena.wait(ended, self.server.program, [self.sock])
        self._leave()

    def _leave(self) -> None:
        """Drop the connection, so that on a shared loopback no TIME_WAIT keeps the port."""
        if self.server.arena.shared:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            self.sock.close()

    def leave_silently(self) -> None:
        """Go away without having said a word."""
        self.sock.close()


class TcpClient(Client):
    """A student's TCP client, and the server that we are to it."""

    kind = "tcp"

    def open_counterpart(self, port: int) -> None:
        self.connection: socket.socket | None = None
        self.stream = bytearray()
        self.peer: Address = ("", 0)
        self.met_at = ""
        self.closed = False
        self.counterpart = self.arena.lend("tcp")
        if self.arena.shared:
            self.counterpart.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.counterpart.bind((self.arena.everywhere, port))
        self.counterpart.listen()
        self.counterpart.setblocking(False)

    def watched(self) -> list[socket.socket]:
        if self.closed:
            return []
        return [self.counterpart if self.connection is None else self.connection]

    def take(self) -> None:
        if self.connection is None:
            try:
                self.connection, self.peer = self.counterpart.accept()
            except BlockingIOError:
                return
            self.arena.lent.append(self.connection)
            self.connection.setblocking(False)
            self.met_at = self.connection.getsockname()[0]
        try:
            for _ in range(_READS_AT_ONCE):
                if self.closed:
                    return
                data = self.connection.recv(_SIZE)
                self.stream += data[: _KEPT - len(self.stream)]
                self.closed = not data
        except BlockingIOError:
            return
        except ConnectionResetError:
            self.closed = True

    @property
    def message(self) -> bytes | None:
        return bytes(self.stream) or None

    @property
    def is_complete(self) -> bool:
        typed = [line.encode() for line in self.program.typed if line] + [self.phrase.text.encode()]
        return bytes(self.stream).startswith(tuple(typed)) or (self.closed and bool(self.stream))

    def send_back(self, text: str) -> None:
        """Answer, and close our side, as the slides' server does."""
        assert self.connection is not None
        with contextlib.suppress(OSError):  # the client has gone
            self.connection.send(text.encode())
            self.connection.shutdown(socket.SHUT_WR)

    @property
    def own_port(self) -> int:
        return self.peer[1]

    @property
    def destination(self) -> str:
        return self.met_at

    def until_connected(self) -> None:
        """Run the client until it has connected. Raises `Mismatch` if it never does."""
        self.start()
        while not self._step(lambda: self.connection is not None):
            continue
