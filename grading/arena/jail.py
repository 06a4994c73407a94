"""A folder that is the whole machine to programs, for root where namespaces are refused, as in most containers (Linux).

Programs run as another user, with this folder as their root: hard links to the interpreter, the standard library and
the system's libraries (copies where links cannot be), and nothing else. Where root may make namespaces all the same,
each arena has a network, processes and a ``/tmp`` of its own; otherwise programs are on the machine's own network, and
one arena is open at a time.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from typing import IO, Any, ClassVar

from grading.arena import interpreter
from grading.arena.users import is_root
from grading.arena.ways import SandboxUnavailable

_ROOM = "/socketlabs"
_ENDS_WITHIN = 10.0
_LOCALE = "/usr/lib/locale/C.utf8"


class Jail:
    """Starts a fork server that is locked into such a folder, made for it and removed after it by a keeper."""

    level: ClassVar[str] = "user"
    name: ClassVar[str] = "a user of its own"

    def __init__(self) -> None:
        """See whether it can be. Raises `SandboxUnavailable`."""
        if sys.platform != "linux" or not is_root():
            raise SandboxUnavailable("only root, on Linux, can run programs as another user")
        self._folder = Path(tempfile.gettempdir(), f"socketlabs-jail-{uuid.uuid4().hex[:12]}")

    def given(self) -> dict[str, Any]:
        """Say what the keeper and the fork server have to know of this way."""
        executable = interpreter.base_executable()
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
            "folders": sorted(_library_folders()),
            "files": [executable, *_loaders(), *([str(cache)] if cache.exists() else [])],
            "contents": contents,
            "command": interpreter.command(_ROOM),
        }
        return {"as_root": True, "jail": jail}

    def start(self, given: str, control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the keeper, which lives on until the control socket is closed, whatever ends the grader."""
        keeper = interpreter.INSIDE[0].with_name("keeper.py")
        return subprocess.Popen(
            [interpreter.base_executable(), "-S", "-E", "-s", "-B", str(keeper), given],
            pass_fds=(control,),
            stdin=subprocess.DEVNULL,
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


def _library_folders() -> set[str]:
    """Give the folders of the shared libraries that this interpreter has loaded, the loader's among them.

    What the standard library's own modules load lies beside those. Where they are below a link such as ``/lib``, the
    kernel names the real folder; the jail has the same links.
    """
    own = (*interpreter.standard_library(), sys.prefix + "/lib/python", str(interpreter.TOP))
    paths = {
        line.split(maxsplit=5)[5].strip() for line in Path("/proc/self/maps").read_text().splitlines() if "/" in line
    }
    libraries = {path for path in paths if ".so" in path and not path.startswith(own) and "-packages/" not in path}
    return {os.path.dirname(path) for path in libraries}
