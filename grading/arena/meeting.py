"""Two real programs meet: a client and a server, with nobody of ours in between."""

from __future__ import annotations

import contextlib

from grading.arena.arena import PORT, Stalled
from grading.arena.client import shows, what_it_shows
from grading.arena.keyboard import TYPED_AT_MOST, answer_to_prompt
from grading.arena.mismatch import mismatch, shown
from grading.arena.program import Script
from grading.arena.sockets import Kind
from grading.arena.stage import Stage
from grading.arena.words import Phrase


def meet(stage: Stage, client: Script, server: Script, phrase: Phrase) -> None:
    """Type a phrase at the client and see the server's answer on its screen. Raises `Mismatch`."""
    kind: Kind = "udp" if client.program.startswith("udp") else "tcp"
    arena = stage.arena()
    serving = arena.start(server)
    expected = f"{server.file} answers, and {client.file} shows {shown(phrase.answer)}."
    try:
        bound = arena.wait(lambda: arena.bound(kind, serving), serving)
    except Stalled as stalled:
        raise mismatch(arena, serving, "missing-bind", expected, "The server never waited.", stalled) from None
    arena.until_settled(serving)  # it may open a socket for each of its addresses, one after the other
    asking = arena.start(client)
    port = stage.port_of(client.program)
    if bound.local[1] != port:
        happened = f"The server waits at port {bound.local[1]}, and the client looks for it at port {port}."
        at_fault = asking if port != PORT else serving
        raise mismatch(arena, at_fault, "wrong-port", expected, happened, facts={"port": str(bound.local[1])})

    def seen() -> str | None:
        if shows(asking, phrase.answer):
            return "shown"
        return "asks" if arena.at_keyboard(asking) and not shows(asking, phrase.answer) else None

    try:
        while arena.wait(seen, asking, typing=True) == "asks":
            if len(asking.typed) < TYPED_AT_MOST:
                asking.type(answer_to_prompt(stage, asking, phrase.text))
            else:
                asking.close_keyboard()
    except Stalled as stalled:
        broken = asking
        if not server.trusted and stalled.how != "ended":
            with contextlib.suppress(Stalled):
                arena.wait(lambda: serving.ended or None, serving)
                broken = serving
        sent = [one.payload for one in arena.packets() if one.destination[1] == port and one.payload]
        suspect = _suspect(phrase, sent, stalled)
        if broken is serving:
            stalled = Stalled(serving, "ended")
        raise mismatch(arena, broken, suspect, expected, what_it_shows(asking), stalled) from None


def _suspect(phrase: Phrase, sent: list[bytes], stalled: Stalled) -> str:
    """Name the cause that the client's messages on the wire show, where they can be seen."""
    text = phrase.text.encode()
    if len(sent) > 1 and text.startswith(sent[0]):
        return "sent-more-than-once"
    if sent and sent[0].strip() != text:
        return "ignores-input"
    return "reply-not-printed" if stalled.how == "ended" else "no-reply"
