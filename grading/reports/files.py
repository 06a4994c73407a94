"""Reports as files that are there whole or not at all: no reader ever sees half of one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def whole(path: Path) -> Iterator[BinaryIO]:
    """Give a file to write to, which takes the place of ``path`` at the end of the block.

    Whatever ends the block early leaves an older file as it was, and nothing else behind. Raises
    ``OSError`` where it cannot be written.
    """
    if path.exists() and not path.is_file():  # /dev/stdout is written to, never replaced
        with path.open("wb") as file:
            yield file
        return
    target = path.resolve()  # a link stays a link
    temporary = target.with_name(f".{target.name}.{os.urandom(4).hex()}")
    try:
        with temporary.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; as ``whole``, for content that is at hand."""
    with whole(path) as file:
        file.write(content)
