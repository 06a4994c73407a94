"""Causes that lie in what a value is: text or bytes, one value or a pair."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import ADDRESS, SEND, SENDTO, TCP_SHOW, UDP_SHOW, WELCOME

_BYTES = "Sockets carry bytes. `text.encode()` makes bytes of text, and `data.decode()` makes text of bytes"

TEXT = Group(
    "Text and bytes",
    "Programs work on text, networks carry bytes: every message is encoded once where it leaves, and decoded "
    "once where it arrives.",
    (
        Cause(
            slug="missing-encode",
            title="Text was handed to a socket, which carries bytes",
            looks="`TypeError: a bytes-like object is required, not 'str'` in the call that sends. Nothing has left: "
            "with UDP the other end goes on waiting, with TCP it sees the connection end without a message.",
            why="Text is characters. Which bytes stand for a character is a choice, the encoding (UTF-8 if none is "
            "named), and both ends must make the same one: so Python has you say it, and does not guess.",
            advice=f"{_BYTES}: encode the text in the call that sends it.",
            code="client_socket.send(sentence.encode())",
            udp=SENDTO,
            tcp=SEND,
        ),
        Cause(
            slug="missing-decode",
            title="Bytes were used where text was meant",
            looks="`b'HELLO'` on the screen, quotes and all, or a `TypeError` where bytes meet text. A server that "
            "makes text of bytes by `str(...)` or an f-string sends the letter and the quotes along: `B'HELLO'`.",
            why="A receive returns bytes. Python shows bytes as they are written in a program, `b'...'`, and `str()` "
            "and f-strings keep that spelling; only `decode()` gives the characters that the bytes stand for.",
            advice=f"{_BYTES}: decode what the socket returned before you print it or work on it as text.",
            code="print(modified_message.decode())",
            udp=UDP_SHOW,
            tcp=TCP_SHOW,
        ),
        Cause(
            slug="encode-on-bytes",
            title="`.encode()` was called on bytes, or `.decode()` on text",
            looks="`AttributeError: 'bytes' object has no attribute 'encode'`, or `'str' object has no attribute "
            "'decode'`: the program ends there, often when its message has been sent and its answer not been shown.",
            why="`encode` leads from text to bytes and `decode` back, so each kind has only the one that leads away "
            "from it. `upper()` and `strip()` exist on both and keep the kind: `data.upper()` of bytes is bytes.",
            advice=f"{_BYTES}; each is called once, on the right kind of value.",
            code="text = message.decode()  # bytes in, text out\nreply = text.upper().encode()  # text in, bytes out",
            udp=SENDTO,
            tcp=SEND,
        ),
    ),
)

PAIRS = Group(
    "Pairs and addresses",
    "`recvfrom` and `accept` return two things at once, and an address is one thing made of two.",
    (
        Cause(
            slug="tuple-not-unpacked",
            title="A pair was used as if it were one value",
            looks="`AttributeError: 'tuple' object has no attribute 'decode'` (or `'recv'`), or the whole pair on "
            "the screen: `(b'HELLO', ('127.0.0.1', 12000))`.",
            why="A datagram socket hears anybody, so `recvfrom` has to tell who it was along with what was said. "
            "`accept` returns a socket for the new client, together with that client's address.",
            advice="`recvfrom` returns (bytes, address) and `accept` returns (socket, address): give each half its "
            "own name, as in `message, address = ...`.",
            code="message, client_address = server_socket.recvfrom(2048)",
            udp=SENDTO,
            tcp=WELCOME,
        ),
        Cause(
            slug="swapped-unpack",
            title="The two halves of a pair were unpacked in the wrong order",
            looks="`AttributeError: 'tuple' object has no attribute 'decode'` (or `'recv'`) though there are two "
            "names, or `address must be tuple, not bytes` from `sendto`.",
            why="Unpacking goes by place, not by name: the first name gets the first half, whatever it is called. "
            "With `address, message = ...` each name says the opposite of what is in it.",
            advice="The address comes second: `message, address = s.recvfrom(2048)` and "
            "`connection, address = s.accept()`.",
            udp=SENDTO,
            tcp=WELCOME,
        ),
        Cause(
            slug="address-not-tuple",
            title="The address was not given as one pair",
            looks="A `TypeError` in `bind`, `connect` or `sendto`: `takes exactly one argument (2 given)`, or "
            "`AF_INET address must be tuple, not str`. The call did nothing.",
            why="What an address is depends on the socket's family; for `AF_INET` it is a host and a port. So that "
            "the methods fit every family, they take it as one value, which has parentheses of its own.",
            advice="An address is one value, the pair (host, port): mind the double parentheses, as in "
            "`bind(('', 12000))`.",
            code="client_socket.connect((SERVER_NAME, SERVER_PORT))",
            udp=ADDRESS,
            tcp=ADDRESS,
        ),
        Cause(
            slug="port-not-int",
            title="The port was not given as a number",
            looks="`TypeError: 'str' object cannot be interpreted as an integer` in `bind`, `connect` or `sendto`.",
            why="A port is a number from 0 to 65535 in the header of what is sent. Quotes make text of it, and so do "
            "`input()` and `sys.argv`, which give text even where digits were typed.",
            advice="Give the port as an int, 12000 without quotes, in the second place: (host, port).",
            code='server_port = int(input("Port: "))',
            udp=ADDRESS,
            tcp=ADDRESS,
        ),
    ),
)
