"""Causes of which no more is known than how the program ended, or that it did not."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import ROLES, TCP_ORDER, UDP_ORDER

ENDINGS = Group(
    "Anything else",
    "Here the program itself has to be asked: where was it, and with which values?",
    (
        Cause(
            slug="crash",
            title="An exception ended the program",
            looks="A traceback: the lines that led there, and last of all the exception with its message. The other "
            "end sees its connection end (TCP), or no answer (UDP).",
            why="Where Python cannot go on with the values it has, it raises an exception, and one that nothing "
            "catches ends the program; a server's other clients lose their server with it.",
            advice="Read the last line of the traceback first, then look at the line it names: which value did you "
            "expect there? Print it just before.",
            udp=ROLES,
            tcp=ROLES,
        ),
        Cause(
            slug="hang",
            title="The program makes no progress",
            looks="No error and no end. Ctrl+C stops it, and the last line of the traceback shows where it was.",
            why="`recv`, `accept`, `input`, a lock: each waits until somebody acts, and nothing ends the wait if "
            "nobody does. A loop whose condition never changes goes on in the same way, only busily.",
            advice="Find the line it waits at, and ask what it waits for and who should send it.",
            udp=UDP_ORDER,
            tcp=TCP_ORDER,
        ),
    ),
)
