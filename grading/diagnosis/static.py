"""What keeps a program from running at all: it does not compile, or it is Python 2."""

from __future__ import annotations

import io
import tokenize
import warnings
from collections.abc import Iterator

from grading.diagnosis.case import Reason
from grading.diagnosis.code import LARGEST, UNREADABLE
from grading.diagnosis.wording import shown

_STATEMENT_ENDS = {tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING}
_PRINTABLE = {tokenize.NAME, tokenize.STRING, tokenize.NUMBER}
_OPERATORS = {"in", "is", "and", "or", "if", "else", "not"}  # `print in names` is an expression
_PYTHON_3 = "in Python 3 it is"


def static_reason(source: str | bytes, file: str) -> Reason | None:
    """Say why a program cannot be compiled: ``python-2`` or ``syntax-error``; ``None`` if it can."""
    error = _compile_error(source, file)
    if error is None:
        return None
    text = source if isinstance(source, str) else source.decode("utf-8", "replace")
    if (old := _python_2(text)) is not None:
        return old
    line = error.lineno if isinstance(error, SyntaxError) and error.lineno else None
    message = (error.msg if isinstance(error, SyntaxError) else str(error)) or type(error).__name__
    kind = type(error).__name__ if isinstance(error, SyntaxError) else "SyntaxError"
    where = f"on line {line}" if line else "in the file"
    return Reason("syntax-error", f"Python stops {where}: {shown(f'{kind}: {message}')}", line)


def _compile_error(source: str | bytes, file: str) -> Exception | None:
    if len(source) > LARGEST:
        return None  # too long to be worth it: let Python itself say what it finds
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            name = file.replace("\0", "?").encode("utf-8", "replace")
            compile(source, name, "exec", dont_inherit=True)
            return _encoding_error(source)
    except UNREADABLE as error:
        return _encoding_error(source) or error


def _encoding_error(source: str | bytes) -> SyntaxError | None:
    """Find bytes that are no text, as Python does when it runs the file (and ``compile`` in part only)."""
    if isinstance(source, str):
        return None
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:  # no text, or an encoding that there is not: the compiler says which
        encoding = "utf-8"
    try:
        source.decode(encoding)
    except (UnicodeError, LookupError) as error:
        if not isinstance(error, UnicodeDecodeError):
            return None  # an odd codec: the compiler says what it thinks of it
        line = source.count(b"\n", 0, error.start) + 1
        odd = source[error.start : error.start + 1]
        return SyntaxError(
            f"Non-UTF-8 code starting with '\\x{odd.hex()}', but no encoding declared",
            (None, line, None, None),
        )
    return None


def _python_2(text: str) -> Reason | None:
    """Find the first statement that only Python 2 reads."""
    tokens = list(_tokens(text))
    for place, token in enumerate(tokens):
        rest = tokens[place + 1 : place + 40]
        said = ""
        if token.type == tokenize.NAME and rest:
            if token.string in {"print", "exec"} and _begins(tokens, place) and _is_argument(rest[0]):
                said = f"`{token.string}` is a statement of Python 2: {_PYTHON_3} `{token.string}(...)`"
            elif token.string == "except" and _has_comma(rest):
                said = f"`except X, e` is Python 2: {_PYTHON_3} `except X as e`"
            elif token.string == "raise" and _begins(tokens, place) and _has_comma(rest, end="\n"):
                said = f"`raise X, text` is Python 2: {_PYTHON_3} `raise X(text)`"
        if said:
            return Reason("python-2", f"Line {token.start[0]}: {said}", token.start[0])
    return None


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    """Give the tokens up to the first place that cannot be read."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type not in {tokenize.COMMENT, tokenize.NL}:
                yield token
    except (tokenize.TokenError, *UNREADABLE):
        return


def _begins(tokens: list[tokenize.TokenInfo], place: int) -> bool:
    """Whether a token begins a statement."""
    if place == 0:
        return True
    before = tokens[place - 1]
    return before.type in _STATEMENT_ENDS or before.string in {":", ";"}


def _is_argument(token: tokenize.TokenInfo) -> bool:
    """Whether a token behind ``print`` makes that a statement."""
    return (token.type in _PRINTABLE and token.string not in _OPERATORS) or (
        token.type == getattr(tokenize, "FSTRING_START", -1)
    )


def _has_comma(tokens: list[tokenize.TokenInfo], end: str = ":") -> bool:
    """Whether a comma, outside of brackets, comes before the end of the clause."""
    depth = 0
    for token in tokens:
        if token.string in {"(", "["}:
            depth += 1
        elif token.string in {")", "]"}:
            depth -= 1
        elif depth == 0 and token.string == ",":
            return True
        elif depth == 0 and (token.string in {end, "as"} or token.type == tokenize.NEWLINE):
            return False
    return False


def python_2_at_run_time(name: str, line: int | None) -> Reason:
    """Say that a name is one of Python 2's."""
    instead = {"raw_input": "input", "unicode": "str", "xrange": "range", "unichr": "chr", "long": "int"}
    now = f": {_PYTHON_3} `{instead[name]}`" if name in instead else ""
    where = f"Line {line}" if line else "The program"
    return Reason("python-2", f"{where} uses `{name}`, a name of Python 2{now}", line)
