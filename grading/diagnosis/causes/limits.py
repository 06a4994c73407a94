"""Causes of programs that were stopped because they used more than a program may."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import ROLES, TCP_LOOP, UDP_LOOP

LIMITS = Group(
    "Too much of something",
    "The grader gives each program more than it needs, and stops one that takes more than that.",
    (
        Cause(
            slug="out-of-memory",
            title="The program used more memory than it may",
            looks="`MemoryError`, or the grader says how much memory was in use when it stopped the program.",
            why="Something grows with every turn of a loop and is never let go: a list that is only appended to, a "
            "message that is joined to itself, a child process for each turn.",
            advice="Look for what grows in a loop without end, and keep of it only what the next turn needs.",
            udp=UDP_LOOP,
            tcp=TCP_LOOP,
        ),
        Cause(
            slug="too-many-processes",
            title="The program started more processes or threads than it may",
            looks="`BlockingIOError: Resource temporarily unavailable`, or `can't start new thread`, or the grader "
            "stops the program and says so.",
            why="A thread or process was started in a loop that does not wait for anything: each turn adds one more, "
            "and they end later than new ones come, or never.",
            advice="Start a thread or a process only for a client that is there: after `accept` has returned, or a "
            "datagram has come.",
            udp=UDP_LOOP,
            tcp=TCP_LOOP,
        ),
        Cause(
            slug="too-much-output",
            title="The program printed or wrote more than it may",
            looks="The same lines over and over; or `File too large`, or `No space left on device`.",
            why="A loop that was meant to wait for a message does not wait, and prints at every turn.",
            advice="Look at the loop that prints, and find the call in it that should wait: it may return at once, "
            "for example because the other end had closed the connection.",
            udp=UDP_LOOP,
            tcp=TCP_LOOP,
        ),
        Cause(
            slug="out-of-time",
            title="The program went on for longer than a check may take",
            looks="It is still at work, bit by bit, when the grader ends the check.",
            why="Each step came within its time, and there was always one more: an answer sent a byte at a time, a "
            "pause between the parts of a message, a computation without end.",
            advice="Send a message in one piece, as soon as it is there, and take out the pauses.",
            udp=ROLES,
            tcp=ROLES,
        ),
    ),
)
