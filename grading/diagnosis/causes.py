"""The table of causes: what each is called, what to do about it, and where to read on.

One row for each slug of the design's table, in its order. Everything that is said about a cause without
looking at a run stands here, once; the sentences with the student's own values are the rules'.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A step of a notebook, and the slide that it mirrors."""

    notebook: str
    step: int
    slide: str

    def __str__(self) -> str:
        return f'notebooks/{self.notebook}.ipynb, step {self.step} (slide "{self.slide}")'


@dataclass(frozen=True)
class Cause:
    """One row of the table."""

    slug: str
    title: str
    """What went wrong, in a few words."""
    advice: str
    """What to do next."""
    udp: Place
    """Where a UDP program's author reads on."""
    tcp: Place
    """Where a TCP program's author reads on."""

    def place(self, program: str) -> Place:
        """Say where the author of ``program`` (``udp_server``, …) reads on."""
        return self.udp if program.startswith("udp") else self.tcp


_IDEA = Place("01_sockets", 1, "Socket programming")
_MODULE = Place("02_creating_a_socket", 1, "Python's socket module")
_ADDRESS = Place("02_creating_a_socket", 2, "Socket families")
_TYPE = Place("02_creating_a_socket", 3, "socket.socket")
_ROLES = Place("03_methods", 1, "Important methods")
_SENDTO = Place("03_methods", 2, "socket.sendto and socket.recvfrom")
_SEND = Place("03_methods", 3, "socket.recv and socket.send")
_WELCOME = Place("03_methods", 4, "socket.bind and socket.listen and socket.accept")
_CONNECT = Place("03_methods", 5, "socket.connect")
_CLOSE = Place("03_methods", 6, "socket.close")
_UDP_ORDER = Place("04_udp", 1, "Client/server socket interaction: UDP")
_UDP_ASK = Place("04_udp", 2, "Example app: UDP client")
_UDP_SHOW = Place("04_udp", 3, "Example app: UDP client")
_UDP_BIND = Place("04_udp", 4, "Example app: UDP server")
_UDP_ANSWER = Place("04_udp", 5, "Example app: UDP server")
_UDP_LOOP = Place("04_udp", 6, "Example app: UDP server")
_TCP_ORDER = Place("05_tcp", 1, "Client/server socket interaction: TCP")
_TCP_ASK = Place("05_tcp", 2, "Example app: TCP client")
_TCP_SHOW = Place("05_tcp", 3, "Example app: TCP client")
_TCP_BIND = Place("05_tcp", 4, "Example app: TCP server")
_TCP_ANSWER = Place("05_tcp", 5, "Example app: TCP server")
_TCP_LOOP = Place("05_tcp", 6, "Example app: TCP server")

_BYTES = "Sockets carry bytes. `text.encode()` makes bytes of text, and `data.decode()` makes text of bytes"

_ROWS = (
    Cause("missing-file", "The program is not in the submission",
          "Hand the file in under the name that the lab gave it.", _IDEA, _IDEA),
    Cause("not-started", "A TODO is still in place",
          "Write the lines that the TODO asks for, and take its `raise` line out.", _ROLES, _ROLES),
    Cause("syntax-error", "Python cannot read the program",
          "Mend that line, or the end of the line before it: often a colon, quote or bracket is missing.",
          _MODULE, _MODULE),
    Cause("python-2", "The program is written in Python 2",
          "Use Python 3: `print(...)` with parentheses, `input()` for `raw_input()`, `except X as e`.",
          _MODULE, _MODULE),
    Cause("undefined-name", "A name is used that nothing defines",
          "Check the spelling and the capitals, and that the name is imported or assigned before this line.",
          _MODULE, _MODULE),
    Cause("socket-prefix", "The import and the use of its names do not fit together",
          "After `import socket`, write `socket.socket` and `socket.AF_INET`. After `from socket import *`, "
          "write the names alone.", _MODULE, _MODULE),
    Cause("missing-encode", "Text was handed to a socket, which carries bytes",
          f"{_BYTES}: encode the text in the call that sends it.", _SENDTO, _SEND),
    Cause("missing-decode", "Bytes were used where text was meant",
          f"{_BYTES}: decode what the socket returned before you print it or work on it as text.",
          _UDP_SHOW, _TCP_SHOW),
    Cause("encode-on-bytes", "`.encode()` was called on bytes, or `.decode()` on text",
          f"{_BYTES}; each is called once, on the right kind of value.", _SENDTO, _SEND),
    Cause("tuple-not-unpacked", "A pair was used as if it were one value",
          "`recvfrom` returns (bytes, address) and `accept` returns (socket, address): give each half its "
          "own name, as in `message, address = ...`.", _SENDTO, _WELCOME),
    Cause("swapped-unpack", "The two halves of a pair were unpacked in the wrong order",
          "The address comes second: `message, address = s.recvfrom(2048)` and "
          "`connection, address = s.accept()`.", _SENDTO, _WELCOME),
    Cause("address-not-tuple", "The address was not given as one pair",
          "An address is one value, the pair (host, port): mind the double parentheses, as in "
          "`bind(('', 12000))`.", _ADDRESS, _ADDRESS),
    Cause("port-not-int", "The port was not given as a number",
          "Give the port as an int, 12000 without quotes, in the second place: (host, port).",
          _ADDRESS, _ADDRESS),
    Cause("wrong-socket-type", "The socket is of the other type",
          "UDP needs SOCK_DGRAM, TCP needs SOCK_STREAM (which is also what you get when no type is given).",
          _TYPE, _TYPE),
    Cause("wrong-port", "The program uses another port",
          "Use port 12000 at both ends: client and server meet only where the numbers are the same.",
          _ADDRESS, _ADDRESS),
    Cause("wrong-host", "The program uses another host",
          "To reach a server on your own machine use `localhost`; a server that binds `''` is reached at "
          "every address of its machine.", _ADDRESS, _ADDRESS),
    Cause("missing-bind", "The server was never bound to its port",
          "Call `bind(('', 12000))` on the server's socket before it waits.", _UDP_BIND, _TCP_BIND),
    Cause("missing-listen", "The server's socket does not listen",
          "Call `listen(1)` after `bind` and before `accept`.", _ROLES, _WELCOME),
    Cause("missing-accept", "The server never accepts a connection",
          "Call `accept()` in the loop. It returns a new socket: talk to the client with that one.",
          _ROLES, _WELCOME),
    Cause("missing-connect", "The client never connects",
          "Call `connect((host, port))` before the first `send` or `recv`.", _ROLES, _CONNECT),
    Cause("no-destination", "A datagram was sent without an address",
          "UDP has no connection: give the address with each datagram, `sendto(data, (host, port))`.",
          _SENDTO, _SEND),
    Cause("wrong-destination", "The answer went to somebody else",
          "Answer the address that came with the message: the second value that `recvfrom` returned for it.",
          _UDP_ANSWER, _TCP_ANSWER),
    Cause("wrong-reply", "The answer is not the text in upper case",
          "Send back what `upper()` returns. It makes a new text and leaves the old one as it was.",
          _UDP_ANSWER, _TCP_ANSWER),
    Cause("extra-text", "There is more in the message than there should be",
          "Send the bare text: no label, no quotes, no newline. What helps a reader belongs in `print`.",
          _UDP_ANSWER, _TCP_ANSWER),
    Cause("no-reply", "The message arrived and no answer came",
          "Follow one message through the loop: after one receive, one answer is sent, with nothing more to "
          "wait for in between.", _UDP_ANSWER, _TCP_ANSWER),
    Cause("one-client-only", "The server stopped after its first client",
          "A server serves for ever: put everything from the receive (with TCP: from `accept`) to the answer "
          "inside `while True:`.", _UDP_LOOP, _TCP_LOOP),
    Cause("stuck-on-first-client", "The server never comes back for the next client",
          "The call that waits for a client (`accept`, with UDP `recvfrom`) belongs inside the loop, and the "
          "loop has to come back to it.", _UDP_LOOP, _TCP_LOOP),
    Cause("welcoming-socket-closed", "The welcoming socket was closed",
          "Close the socket that `accept` returned, and keep the welcoming one open for the next client.",
          _CLOSE, _CLOSE),
    Cause("connection-not-closed", "The connection stays open after the answer",
          "Call `close()` on the socket that `accept` returned once the answer is sent.", _CLOSE, _CLOSE),
    Cause("close-not-called", "`close` is missing, or lacks its parentheses",
          "Write `close()`: without parentheses the method is only named, not called.", _CLOSE, _CLOSE),
    Cause("client-binds-port", "The client binds a fixed port",
          "Leave `bind` out of the client: the system chooses a free port for it.", _UDP_ASK, _TCP_ASK),
    Cause("receive-before-send", "The client waits for an answer before it has sent anything",
          "The client speaks first: send, then receive. A server cannot answer what it was not sent.",
          _UDP_ORDER, _TCP_ORDER),
    Cause("buffer-too-small", "A long message was cut",
          "Give the receive more room: 2048 bytes for a datagram, 1024 for the stream, as on the slides.",
          _SENDTO, _SEND),
    Cause("quits-on-empty-message", "An empty message ended the server",
          "An empty datagram is a message like any other, and an empty `recv` says that one client has left: "
          "neither is the end of the server.", _UDP_LOOP, _TCP_LOOP),
    Cause("ignores-input", "What was typed is not what was sent",
          "Send the value that `input()` returned, unchanged.", _UDP_ASK, _TCP_ASK),
    Cause("reply-not-printed", "The answer arrived and was not shown",
          "Print what the receive returned, decoded.", _UDP_SHOW, _TCP_SHOW),
    Cause("nothing-sent", "The client sent nothing",
          "Call the method that sends (`sendto` with UDP, `send` with TCP) once the line is typed.",
          _UDP_ASK, _TCP_ASK),
    Cause("sent-more-than-once", "The message went out more than once, or in pieces",
          "One line is one message: call the sending method once, with the whole line.", _UDP_ASK, _TCP_ASK),
    Cause("crash", "An exception ended the program",
          "Read the last line of the traceback first, then look at the line it names: which value did you "
          "expect there? Print it just before.", _ROLES, _ROLES),
    Cause("hang", "The program makes no progress",
          "Find the line it waits at, and ask what it waits for and who should send it.",
          _UDP_ORDER, _TCP_ORDER),
)  # fmt: skip

CAUSES: dict[str, Cause] = {row.slug: row for row in _ROWS}
"""Every cause by its slug, in the design's order."""
