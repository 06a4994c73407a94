"""Causes that lie in a server's work: its answer, and the next client."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import (
    CLOSE,
    SEND,
    SENDTO,
    TCP_ANSWER,
    TCP_ASK,
    TCP_LOOP,
    UDP_ANSWER,
    UDP_ASK,
    UDP_LOOP,
)

ANSWERS = Group(
    "What is on the wire",
    "The other end is a program: it knows only the bytes that arrive, and counts on every one of them.",
    (
        Cause(
            slug="wrong-reply",
            title="The answer is not the text in upper case",
            looks="An answer arrives, and its text is another: unchanged, in other capitals, a fixed word, or the "
            "answer to an earlier message.",
            why="The client gets what the sending call was given, not what was computed on the way. A text never "
            "changes: `message.upper()` is a new text, which is lost unless it is kept. `capitalize()` and `title()` "
            "look right for some messages only.",
            advice="Send back what `upper()` returns. It makes a new text and leaves the old one as it was.",
            code="modified_message = message.decode().upper()",
            udp=UDP_ANSWER,
            tcp=TCP_ANSWER,
        ),
        Cause(
            slug="extra-text",
            title="There is more in the message than there should be",
            looks="The right answer arrives with something around it: a label, quotes, a greeting, or a newline, "
            "which no screen shows.",
            why="Client and server have agreed on every byte: the text in upper case, and nothing else. To a program "
            "a friendly `Answer: ` is part of the answer. A newline is a byte like any other: `print` adds one on "
            "the screen, a socket adds nothing.",
            advice="Send the bare text: no label, no quotes, no newline. What helps a reader belongs in `print`.",
            udp=UDP_ANSWER,
            tcp=TCP_ANSWER,
        ),
        Cause(
            slug="no-reply",
            title="The message arrived and no answer came",
            looks="The client waits. The server has the message and is alive, and waits for something else; or it "
            "printed the answer on its own screen.",
            why="A client hears only what the server sends to it. A stream does not say where a message ends: a "
            "server that reads on to a newline, or until `recv` returns nothing, waits for what this client never "
            "sends.",
            advice="Follow one message through the loop: after one receive, one answer is sent, with nothing more to "
            "wait for in between.",
            udp=UDP_ANSWER,
            tcp=TCP_ANSWER,
        ),
        Cause(
            slug="buffer-too-small",
            title="A long message was cut",
            looks="Short messages are fine; of a long one, only the beginning arrives (on Windows, UDP raises "
            "`WinError 10040`).",
            why="The number given to a receive is the most that it returns. Of a longer datagram the rest is thrown "
            "away; in a stream the rest stays for the next `recv`, and is taken for another message.",
            advice="Give the receive more room: 2048 bytes for a datagram, 1024 for the stream, as on the slides.",
            code="message, client_address = server_socket.recvfrom(2048)",
            udp=SENDTO,
            tcp=SEND,
        ),
        Cause(
            slug="sent-more-than-once",
            title="The message went out more than once, or in pieces",
            looks="The other end gets more messages than were meant, and answers each. The answers that nobody reads "
            "wait, and are taken for the answers to what is asked next.",
            why="Every `sendto` is a datagram, and every datagram is a message of its own. A stream joins what is "
            "sent: the text sent twice arrives as one doubled text.",
            advice="One line is one message: call the sending method once, with the whole line.",
            udp=UDP_ASK,
            tcp=TCP_ASK,
        ),
    ),
)

SERVING = Group(
    "Serving for ever",
    "A server does not know how many clients will come, or when: it goes back to wait for the next one, always.",
    (
        Cause(
            slug="one-client-only",
            title="The server stopped after its first client",
            looks="The first client is served, or not even one. Then the server's terminal is back at its prompt; the "
            "next client is refused (TCP), or waits for ever (UDP).",
            why="A script ends after its last line, and a loop at `break` or `return`. When a process ends, the "
            "system closes its sockets, and the port is nobody's again.",
            advice="A server serves for ever: put everything from the receive (with TCP: from `accept`) to the answer "
            "inside `while True:`.",
            code="while True:\n    message, client_address = server_socket.recvfrom(2048)",
            udp=UDP_LOOP,
            tcp=TCP_LOOP,
        ),
        Cause(
            slug="stuck-on-first-client",
            title="The server never comes back for the next client",
            looks="The first client is served. The next one connects or sends without an error and waits, though the "
            "server still runs; or the server ends when it uses its first connection again.",
            why="`accept` returns one connection, to one client; the others wait in the backlog until it is called "
            "again. A server that goes on with its first connection, or waits for something else, never sees them.",
            advice="The call that waits for a client (`accept`, with UDP `recvfrom`) belongs inside the loop, and the "
            "loop has to come back to it.",
            code="while True:\n    connection_socket, client_address = server_socket.accept()",
            udp=UDP_LOOP,
            tcp=TCP_LOOP,
        ),
        Cause(
            slug="quits-on-empty-message",
            title="An empty message ended the server",
            looks="All is well until a client sends an empty datagram, or connects and leaves without a word. Then "
            "the server is gone, for everybody.",
            why="A datagram may hold no bytes at all. With TCP, a `recv` that returns no bytes says that this client "
            "will send no more: the end of one connection, and of nothing else.",
            advice="An empty datagram is a message like any other, and an empty `recv` says that one client has left: "
            "neither is the end of the server.",
            code="if not sentence:\n    connection_socket.close()\n    continue",
            udp=UDP_LOOP,
            tcp=TCP_LOOP,
        ),
        Cause(
            slug="welcoming-socket-closed",
            title="The welcoming socket was closed",
            looks="The first client is served. Then `accept` ends the server with `OSError: Bad file descriptor`, "
            "and every further client is refused.",
            why="A TCP server has one welcoming socket for as long as it lives, and one connection socket for each "
            "client. The two are closed apart: without its welcoming socket a server has no port any more.",
            advice="Close the socket that `accept` returned, and keep the welcoming one open for the next client.",
            udp=CLOSE,
            tcp=CLOSE,
        ),
        Cause(
            slug="connection-not-closed",
            title="The connection stays open after the answer",
            looks="The client has its answer; one that reads to the end of the stream waits for ever. The server "
            "holds one more open socket for each client.",
            why="`close` is how one end says that nothing more will come: only then does a `recv` at the other end "
            "return no bytes. Going back to `accept` tells the client nothing.",
            advice="Call `close()` on the socket that `accept` returned once the answer is sent.",
            code="connection_socket.close()",
            udp=CLOSE,
            tcp=CLOSE,
        ),
        Cause(
            slug="close-not-called",
            title="`close` is missing, or lacks its parentheses",
            looks="No error. A TCP server's client sees its connection stay open; at the end of a client nothing is "
            "seen, because the system closes what a program leaves open (there it is a remark, and costs no points).",
            why="A method's name without parentheses is a value, and a line that only names a value does nothing. "
            "What nobody closes stays open until the variable is used for something else, or the program ends.",
            advice="Write `close()`: without parentheses the method is only named, not called.",
            code="client_socket.close()",
            udp=CLOSE,
            tcp=CLOSE,
        ),
    ),
)
