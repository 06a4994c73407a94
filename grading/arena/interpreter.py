"""Where this Python lives: what a sandbox has to show of the machine so that programs run with it."""

from __future__ import annotations

import marshal
import os
import sys
import sysconfig
from functools import lru_cache
from importlib.machinery import SourceFileLoader
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType

TOP = Path(__file__).parents[2]
"""The project's folder: the solutions stand in it."""

_ROOM = Path(__file__).parent
INSIDE = (*(_ROOM / "inside" / f"{name}.py" for name in ("forkserver", "launcher", "networks", "confinement")),
          _ROOM.parent / "transcript" / "recorder.py")  # fmt: skip
"""Our modules that run in a sandbox."""
ETC = {
    "hosts": "127.0.0.1 localhost localhost.localdomain arena\n::1 localhost ip6-localhost ip6-loopback\n",
    "nsswitch.conf": "hosts: files dns\n",
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n",
}
"""Files of ``/etc`` there, with their contents: any name leads to the arena's own name server."""
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8"}


def base_executable() -> str:
    """Give the interpreter itself, past any virtual environment."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def venv() -> tuple[str, ...]:
    """Give where a virtual environment has its own libraries, if this is one."""
    return (f"{sys.prefix}/lib/python", f"{sys.prefix}/lib64/python") if sys.prefix != sys.base_prefix else ()


def standard_library() -> list[str]:
    """Give the folders of the standard library."""
    base = {
        "base": sys.base_prefix,
        "platbase": sys.base_exec_prefix,
    }  # a virtual environment has a platbase of its own
    return sorted({path for name in ("stdlib", "platstdlib") if (path := sysconfig.get_path(name, vars=base))})


def folders() -> list[str]:
    """Give the interpreter's folders that are not below ``/usr``: a pyenv, conda or Nix has its own."""
    found = {sys.base_prefix, sys.base_exec_prefix, str(Path(base_executable()).parent), *standard_library()}
    if any(folder.startswith("/nix/store/") for folder in found):
        found = {"/nix/store"}
    return sorted(folder for folder in found if not folder.startswith("/usr/") and folder != "/usr")


_START = "import sys; sys.path[0] = {room!r}; import forkserver; forkserver.main()"


def command(room: str) -> list[str]:
    """Give the command that runs the fork server, whose modules stand in the folder ``room``.

    Without site-packages, environment and bytecode files: nothing that the machine's users left has a part in it.
    """
    return [base_executable(), "-S", "-E", "-s", "-B", "-c", _START.format(room=room)]


@lru_cache(maxsize=1)
def compiled(room: str) -> dict[str, bytes]:
    """Give our modules as bytecode files, by their paths in the folder ``room``.

    Compiled when they have changed, and not at each start of a sandbox, which takes a third of that (measured: 25 of 77
    ms).
    """
    found = {}
    for path in INSIDE:
        code = SourceFileLoader(path.stem, str(path)).get_code(path.stem)  # from its cache, if it can be
        assert code is not None
        placed = _placed(code, f"{room}/{path.name}")
        found[f"{room}/{path.stem}.pyc"] = MAGIC_NUMBER + bytes(12) + marshal.dumps(placed)
    return found


def _placed(code: CodeType, path: str) -> CodeType:
    """Say in code, and in all code inside, that it is of another file."""
    inner = tuple(_placed(each, path) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_filename=path, co_consts=inner)
