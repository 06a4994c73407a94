"""What is typed and sent: words from a seeded generator, and the answers the reference gives to them."""

from __future__ import annotations

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass

LONG = 900
"""Bytes of a long message: it fits the slides' buffers (2048 and 1024)."""
_VOWELS, _CONSONANTS = "aeiou", "bcdfghklmnprstvw"


@dataclass(frozen=True)
class Phrase:
    """A text without blanks around it, and the right answer to it."""

    text: str
    answer: str


class Words:
    """Phrases of several kinds, in turn; ASCII only, so that every way to upper case agrees."""

    def __init__(self, seed: int, reference: Callable[[Sequence[str]], Sequence[str]]) -> None:
        """Make all phrases, and have the ``reference`` solution answer them, in order."""
        self._random = random.Random(seed)
        makers: dict[str, tuple[int, Callable[[], str]]] = {
            "sentence": (8, self._sentence),
            "other": (2, self._other_characters),
            "long": (2, self._long),
            "letter": (2, lambda: self._random.choice(string.ascii_lowercase)),
        }
        texts = {kind: [make() for _ in range(number)] for kind, (number, make) in makers.items()}
        every = [text for kind in texts.values() for text in kind]
        answers = dict(zip(every, reference(every), strict=True))
        self._phrases = {kind: [Phrase(text, answers[text]) for text in made] for kind, made in texts.items()}

    def __copy__(self) -> Words:
        """Give words that are taken in the same turns from here on, and apart from these."""
        copied = Words.__new__(Words)
        vars(copied).update(vars(self), _phrases={kind: list(each) for kind, each in self._phrases.items()})
        return copied

    def sentence(self) -> Phrase:
        """A few words in lower case."""
        return self._take("sentence")

    def other_characters(self) -> Phrase:
        """Capitals, digits and punctuation among lower case."""
        return self._take("other")

    def long(self) -> Phrase:
        """Words of 900 bytes in all."""
        return self._take("long")

    def letter(self) -> Phrase:
        """One byte."""
        return self._take("letter")

    def unrelated(self, phrase: Phrase) -> str:
        """Capital words that no client could compute from ``phrase``, as long as its answer: some count bytes."""
        text, length = self._take("sentence").text.upper(), len(phrase.answer)
        while len(text) < length:
            text += " " + self._take("sentence").text.upper()
        return text[:length] if text[length - 1] != " " else text[: length - 1] + "Z"

    def _take(self, kind: str) -> Phrase:
        taken = self._phrases[kind].pop(0)
        self._phrases[kind].append(taken)
        return taken

    def _word(self) -> str:
        syllables = self._random.randint(2, 3)
        return "".join(self._random.choice(_CONSONANTS) + self._random.choice(_VOWELS) for _ in range(syllables))

    def _sentence(self) -> str:
        return " ".join(self._word() for _ in range(self._random.randint(3, 4)))

    def _other_characters(self) -> str:
        number = self._random.randint(100, 999)
        return f"{self._word()} No. {number}, {self._word().upper()}-{self._word()}: {number % 7}+1=? [{self._word()}]!"

    def _long(self) -> str:
        text = self._word()
        while len(text) < LONG:
            text += " " + self._word()
        return text[: LONG - 1].rstrip().ljust(LONG, "z")
