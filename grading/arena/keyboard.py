"""What is typed at a program: the message, or what its prompt asks for."""

from __future__ import annotations

import re

from grading.arena.arena import PORT
from grading.arena.program import Program
from grading.arena.stage import Stage

TYPED_AT_MOST = 6
"""Lines typed at a program that asks and asks, and does nothing else."""
_MESSAGE_PROMPT = re.compile(
    r"\b(sentence|message|text|line|words?|phrase|string|lower ?case|data|something)\b", re.IGNORECASE
)
_HOST_PROMPT = re.compile(r"\b(host ?name|host|server ?name|server|address|ip)\b", re.IGNORECASE)
_PORT_PROMPT = re.compile(r"\bport\b", re.IGNORECASE)


def answer_to_prompt(stage: Stage, program: Program, message: str) -> str:
    """Say what to type now: what the prompt asks for, by its words, or else the message."""
    name = program.script.program
    stage.pump()  # a program that waits has printed its prompt before
    takes_any = len(program.typed) in stage.plain.get(name, ())
    if not takes_any and not _MESSAGE_PROMPT.search(program.prompt):
        if _PORT_PROMPT.search(program.prompt):
            return str(stage.port_of(name))
        if _HOST_PROMPT.search(program.prompt):
            return "localhost"
    return message


def took_for_message(stage: Stage, program: Program, sent: bytes) -> bool:
    """Whether a program sent what was typed for its host or port: then that prompt had asked for the message.

    Kept for its next runs, by the number of the prompt.
    """
    text = sent.rstrip(b"\r\n").decode("utf-8", "replace")
    if text not in ("localhost", str(PORT)) or text not in program.typed:
        return False
    prompt = len(program.typed) - 1 - program.typed[::-1].index(text)
    known = stage.plain.setdefault(program.script.program, set())
    if prompt in known:
        return False
    known.add(prompt)
    return True
