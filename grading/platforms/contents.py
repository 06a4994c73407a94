"""What every package holds: the grader itself, and the files of one platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

from grading.platforms.archive import Entry

TOP = Path(__file__).parents[2]
_TEMPLATES = Path(__file__).parent / "templates"
_PATTERNS = ("grading/**/*.py", "grading/**/*.bpf", "solutions/*/*.py", "labs/*.md", "labs/*/*.md")
_SINGLE = ("LICENSE", "pyproject.toml")
_BINARY = {".bpf"}
_NEEDED = ("pytest", "psutil")


class NotPackable(Exception):  # noqa: N818  a state of the installation
    """There is nothing to make a package from; the message says why."""


def grader(under: str = "") -> list[Entry]:
    """Give what grading takes, below a folder of the package: ``under`` is empty or ends in ``/``.

    Raises ``NotPackable`` outside a checkout.
    """
    if not (TOP / "solutions").is_dir():
        raise NotPackable("the package is made from a checkout of Socket Labs, and solutions/ is not beside grading/")
    entries = [_file(path, under + path.relative_to(TOP).as_posix()) for path in _own_files()]
    return [*entries, Entry(f"{under}requirements.txt", requirements().encode())]


def _own_files() -> Iterator[Path]:
    for pattern in _PATTERNS:
        yield from sorted(path for path in TOP.glob(pattern) if path.is_file() and not _is_hidden(path))
    yield from (TOP / name for name in _SINGLE)


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") or part == "__pycache__" for part in path.relative_to(TOP).parts)


def _file(path: Path, name: str) -> Entry:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NotPackable(f"{path} cannot be read ({error.strerror})") from None
    return Entry(name, data if path.suffix in _BINARY else data.replace(b"\r\n", b"\n"))  # a checkout on Windows


def requirements() -> str:
    """Give the lines of ``requirements.txt`` that grading needs, with their ranges."""
    lines = (TOP / "requirements.txt").read_text(encoding="utf-8").splitlines()
    found = [line.partition("#")[0].strip() for line in lines if re.match(rf"({'|'.join(_NEEDED)})\b(?!-)", line)]
    return "\n".join(found) + "\n"


def programs() -> list[str]:
    """Give the names of the files that students hand in, lab after lab."""
    return [path.name for path in sorted((TOP / "solutions").glob("*/*.py"))]


def from_template(platform: str, name: str, at: str, **values: str) -> Entry:
    """Give a file of a platform, with ``${…}`` filled in where there is something to fill in; scripts can be run."""
    entry = _file(_TEMPLATES / platform / name, at)
    data = Template(entry.data.decode()).substitute(values).encode() if values else entry.data
    return Entry(at, data, executable=data.startswith(b"#!"))
