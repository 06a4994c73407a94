"""From templates to files: what every page has in common.

Three things keep a submission's text from being anything but text: autoescaping; ``visible`` on every string that
a template shows, asked for or not; and a Content-Security-Policy under which the browser runs no script and
applies no style but those whose hash it names. So there are no style attributes, and no event handlers in the markup.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from grading.reports import count, points, visible
from grading.transcript.svg import STYLE

_HERE = Path(__file__).parent / "templates"
_JOINERS = re.compile("([\u200c\u200d])")
"""Characters without a width by which Persian, Indic scripts and emoji join letters: names are written with them."""


def render(name: str, context: dict[str, Any]) -> Iterator[str]:
    """Fill in a template, piece by piece: a page may be longer than what should be held at once.

    Raises ``jinja2.UndefinedError`` for a name that the context does not have.
    """
    return _environment().get_template(f"{name}.html.j2").generate(dressed=_dressed(name), **context)


def write(path: Path, pieces: Iterable[str]) -> None:
    """Write a page, whole or not at all; one that is there already is replaced.

    It does not wait for the disk: what is lost with the machine is made again from the results.
    """
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}")
    try:
        with temporary.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines(pieces)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def named(text: str) -> str:
    """Show a person's name: as ``visible``, but for the joiners that some scripts need."""
    return "".join(part if part in "\u200c\u200d" else visible(part) for part in _JOINERS.split(text) if part)


def coded(text: str) -> Markup:
    """Show advice: what stands in backticks is code."""
    parts = re.split(r"`([^`]+)`", visible(text))
    return Markup("").join(Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grading.reports.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_finally,
        auto_reload=False,
    )
    environment.filters |= {"points": points, "coded": coded, "named": lambda text: Markup.escape(named(text))}
    environment.globals |= {"count": count}
    return environment


def _finally(value: Any) -> Any:
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


class _Dressed:
    """The style and the script of a kind of page, and the policy that allows no others."""

    def __init__(self, name: str) -> None:
        style, script = ("".join(_read(f"{part}.{kind}") for part in ("page", name)) for kind in ("css", "js"))
        if name == "student":
            style += STYLE
        self.style, self.script = Markup(style), Markup(script)  # noqa: S704  they are our own files
        self.policy = (
            f"default-src 'none'; script-src {_hashed(script)}; style-src {_hashed(style)}; "
            "base-uri 'none'; form-action 'none'"
        )


@cache
def _dressed(name: str) -> _Dressed:
    return _Dressed(name)


def _read(name: str) -> str:
    path = _HERE / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _hashed(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
