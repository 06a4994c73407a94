"""Causes that lie in a client's part: ask once, with what was typed, and show what comes back."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import TCP_ASK, TCP_SHOW, UDP_ASK, UDP_SHOW

ASKING = Group(
    "The client's part",
    "A client carries a line to the server, shows what comes back, and does none of the server's work.",
    (
        Cause(
            slug="client-binds-port",
            title="The client binds a fixed port",
            looks="It works alone. A second client, or one beside a server with that port, ends with `OSError: "
            "Address already in use`; with TCP even the same client, started again too soon.",
            why="A client speaks first, and the server finds its address in what arrives: nobody has to know it "
            "before. So the system lends each client a free (ephemeral) port when it sends or connects; a fixed one "
            "can be had once at a time.",
            advice="Leave `bind` out of the client: the system chooses a free port for it.",
            udp=UDP_ASK,
            tcp=TCP_ASK,
        ),
        Cause(
            slug="ignores-input",
            title="What was typed is not what was sent",
            looks="The line that you tried yourself may come out right. For another line the server gets something "
            "else: a fixed text, changed letters, a part of it.",
            why="The server can answer only what it was sent, and cannot know that it was not what was typed. The "
            "change to upper case is the server's work: a client that does it too hides whether the server did.",
            advice="Send the value that `input()` returned, unchanged.",
            code='message = input("Input lowercase sentence: ")',
            udp=UDP_ASK,
            tcp=TCP_ASK,
        ),
        Cause(
            slug="reply-not-printed",
            title="The answer arrived and was not shown",
            looks="The server has answered and the client ends in good order, but the screen shows no answer, or a "
            "text that the client had all along.",
            why="A receive puts bytes into a variable, and only `print` puts anything on the screen. A text that the "
            "client changed to upper case itself proves nothing about the server: graders therefore answer with "
            "words that the client cannot guess.",
            advice="Print what the receive returned, decoded.",
            code='print("From Server:", modified_sentence.decode())',
            udp=UDP_SHOW,
            tcp=TCP_SHOW,
        ),
        Cause(
            slug="nothing-sent",
            title="The client sent nothing",
            looks="The client takes the line, and then ends or waits for an answer; the server sees no datagram, or "
            "a connection without a byte.",
            why="Neither `input` nor `connect` carries the line: only a sending call hands bytes to the system. A "
            "function that is defined and never called sends nothing, nor does a file of `makefile` that is not "
            "flushed.",
            advice="Call the method that sends (`sendto` with UDP, `send` with TCP) once the line is typed.",
            udp=UDP_ASK,
            tcp=TCP_ASK,
        ),
    ),
)
