"""A folder that is the whole machine to programs, for root where namespaces are refused, as in most containers (Linux).

Programs run as another user, with this folder as their root: hard links to the interpreter, the standard library and
the system's libraries (copies where links cannot be), and nothing else. Where root may make namespaces all the same,
each arena has a network, processes and a ``/tmp`` of its own; otherwise programs are on the machine's own network, and
one arena is open at a time.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, ClassVar

from grading.arena import interpreter
from grading.arena.users import is_root
from grading.arena.ways import SandboxUnavailable

_ROOM = "/socketlabs"
_ENDS_WITHIN = 10.0
_LIBRARY = re.compile(rb"lib[\w+-]+(?:\.\d+)*\.so(?:\.\d+)*(?=\0)")
_NAMED_WITHIN = 1 << 21  # bytes of a library: the names stand before its code
_LOCALE = "/usr/lib/locale/C.utf8"


class Jail:
    """Starts a fork server that is locked into such a folder, made for it and removed after it by a keeper."""

    level: ClassVar[str] = "user"
    name: ClassVar[str] = "a user of its own"
    ready_within: ClassVar[float] = 90.0
    """Where links cannot be, the whole library is copied (2 cores, at a load of 8: 6.1 s; with links 0.6 s)."""

    def __init__(self) -> None:
        """See whether it can be. Raises `SandboxUnavailable`."""
        if sys.platform != "linux" or not is_root():
            raise SandboxUnavailable("only root, on Linux, can run programs as another user")
        self._folder = Path(tempfile.gettempdir(), f"socketlabs-jail-{uuid.uuid4().hex[:12]}")
        self.folder = str(self._folder / "tmp")

    def given(self) -> dict[str, Any]:
        """Say what the keeper and the fork server have to know of this way."""
        cache = Path("/etc/ld.so.cache")
        contents = {f"/etc/{name}": content for name, content in interpreter.ETC.items()}
        contents["/etc/hosts"] += f"127.0.0.1 {socket.gethostname()}\n"  # a machine knows its own name
        contents |= {f"{_ROOM}/{path.name}": path.read_text("latin-1") for path in interpreter.INSIDE}
        jail = {
            "folder": str(self._folder),
            "links": {
                top: os.path.relpath(os.path.realpath(top), "/")
                for top in ("/bin", "/lib", "/lib32", "/lib64")
                if os.path.islink(top)
            },
            "trees": [*interpreter.standard_library(), *([_LOCALE] if os.path.isdir(_LOCALE) else [])],
            "files": sorted({*_libraries(), *_loaders(), *([str(cache)] if cache.exists() else [])}),
            "contents": contents,
            "command": interpreter.command(_ROOM),
        }
        return {"as_root": True, "jail": jail}

    def start(self, given: bytes, control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the keeper, which lives on until the control socket is closed, whatever ends the grader."""
        keeper = interpreter.INSIDE[0].with_name("keeper.py")
        with tempfile.TemporaryFile() as told:  # an argument may be of 128 kB at most
            told.write(given)
            told.seek(0)
            return subprocess.Popen(
                [interpreter.base_executable(), "-S", "-E", "-s", "-B", str(keeper)],
                pass_fds=(control,),
                stdin=told,
                stdout=complaints,
                stderr=complaints,
                env=interpreter.ENVIRONMENT,
                cwd="/",
                start_new_session=True,
            )

    def close(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until all in it has ended and its folder is gone: its control socket is closed."""
        try:
            process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)


def _loaders() -> set[str]:
    """Give the paths of the loaders of shared libraries, which programs name by a link of the system's."""
    found = (path for top in ("/lib", "/lib32", "/lib64") for path in Path(top).glob("ld-*.so*"))
    return {f"{os.path.realpath(path.parent)}/{path.name}" for path in found}


@lru_cache(maxsize=1)
def _libraries() -> set[str]:
    """Give the paths of the shared libraries that the interpreter and the standard library's modules are linked with.

    A library names those that it needs in its own text. Tk's are left out: there is no screen.
    """
    loaded = {path for path in _mapped() if ".so" in path and "-packages/" not in path}
    folders = {os.path.dirname(path) for path in loaded if not path.startswith(interpreter.venv())}
    modules = (str(path) for top in interpreter.standard_library() for path in Path(top, "lib-dynload").glob("*.so"))
    to_read = {interpreter.base_executable(), *(path for path in modules if "_tkinter" not in path)}
    to_read |= {
        str(path) for top in folders for path in Path(top).glob("libnss_*.so*")
    }  # opened by name, by the resolver
    found: set[str] = set()
    while to_read:
        path = to_read.pop()
        found.add(path)
        for name in set(_LIBRARY.findall(_beginning(path))):
            candidates = {f"{folder}/{name.decode()}" for folder in folders}
            to_read |= {path for path in candidates - found if os.path.isfile(path)}
    return found


def _beginning(path: str) -> bytes:
    with Path(path).open("rb") as file:
        return file.read(_NAMED_WITHIN)


def _mapped() -> set[str]:
    """Give the paths of all files that this process has in its memory."""
    lines = Path("/proc/self/maps").read_text().splitlines()
    return {line.split(maxsplit=5)[5].strip() for line in lines if "/" in line}
