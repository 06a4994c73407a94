"""Whether the bytes of a file are the text of a Python program."""

from __future__ import annotations

import io
import tokenize

MAX_PROGRAM_BYTES = 1_000_000
_SAVE_AS_UTF_8 = "save it as UTF-8 text and hand it in again."
_SLOW = frozenset({"punycode", "idna"})
"""Codecs of Python's that are no encoding of a file, and take quadratic time."""


def problem_of_text(data: bytes, name: str) -> str | None:
    """Say in a sentence why Python could not even read these bytes as a program; ``None`` if it can.

    The encoding is the one the file declares (PEP 263), else UTF-8. Whether it compiles is another
    question.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"{name} is saved as UTF-16, which Python does not read: {_SAVE_AS_UTF_8}"
    if b"\0" in data:
        return f"{name} is not text (it has zero bytes in it): {_SAVE_AS_UTF_8}"
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        if encoding not in _SLOW:
            data.decode(encoding)
            return None
    except UnicodeDecodeError as error:
        return _wrong_character(name, data.count(b"\n", 0, error.start) + 1, error.encoding)
    except (SyntaxError, LookupError, ValueError):
        for number, line in enumerate(data.split(b"\n")[:2], 1):  # it declares nothing, and is not UTF-8
            if not _is_utf_8(line):
                return _wrong_character(name, number, "utf-8")
    return f"{name} declares an encoding that Python does not know: {_SAVE_AS_UTF_8}"


def _wrong_character(name: str, line: int, encoding: str) -> str:
    return f"{name} has a character in line {line} that is not {encoding.upper()}: {_SAVE_AS_UTF_8}"


def _is_utf_8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
