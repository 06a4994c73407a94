"""The command that starts a sandbox with bubblewrap, for root and for an ordinary user (Linux)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, ClassVar

from grading.arena import interpreter
from grading.arena.users import is_root
from grading.arena.ways import SandboxUnavailable

_FIRST_WITH_SIZES = (0, 7)  # of bubblewrap: the first version with --size
_ROOM = "/socketlabs"
_ENDS_WITHIN = 5.0


class Bubblewrap:
    """Shows programs an empty machine with the interpreter in it, by namespaces alone: nothing of it is on a disk."""

    level: ClassVar[str] = "bwrap"
    name: ClassVar[str] = "bubblewrap"
    ready_within: ClassVar[float] = 10.0

    def __init__(self, disk: int, hidden: Iterable[Path] = ()) -> None:
        """Find it. Raises `SandboxUnavailable`. ``disk`` is the size of ``/tmp`` in bytes."""
        if shutil.which("bwrap") is None:
            raise SandboxUnavailable("bubblewrap (the command bwrap) is not installed")
        self.folder = ""
        self._disk = disk
        self._hidden = tuple(hidden)

    def start(self, given: bytes, control: int, complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        """Start the fork server in it."""
        contents = {f"/etc/{name}": content.encode() for name, content in interpreter.ETC.items()}
        contents |= interpreter.compiled(_ROOM)
        files = {path: _file_of(content) for path, content in contents.items()}
        try:
            return subprocess.Popen(
                [
                    "bwrap",
                    *_namespaces(as_root=is_root()),
                    *self._furniture(files),
                    *interpreter.command(_ROOM),
                    given.hex(),
                ],
                pass_fds=(control, *files.values()),
                stdin=subprocess.DEVNULL,
                stdout=complaints,
                stderr=complaints,
            )
        finally:
            for fd in files.values():
                os.close(fd)

    def given(self) -> dict[str, Any]:
        """Say what the fork server has to know of this way."""
        return {"as_root": False}

    def close(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until all in it has ended: its control socket is closed.

        To end bubblewrap itself is not enough: where it is root's, the fork server is another user's by then.
        """
        try:
            process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _furniture(self, files: dict[str, int]) -> list[str]:
        """Say what is in it: the interpreter, the system's libraries, a few files of ours, ``/tmp``."""
        arguments = ["--hostname", "arena", "--clearenv"]
        for name, value in interpreter.ENVIRONMENT.items():
            arguments += ["--setenv", name, value]
        folders = interpreter.folders()
        for top in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
            path = Path(top)
            if path.is_symlink():
                arguments += ["--symlink", os.readlink(path), top]
            elif path.is_dir():
                arguments += ["--ro-bind", top, top]
        for folder in folders:
            for above in reversed(Path(folder).parents[:-1]):  # left to itself, bubblewrap may keep them to root
                arguments += ["--dir", str(above)]
            arguments += ["--ro-bind", folder, folder]
        arguments += _hiding(["/usr", *folders], self._hidden)
        for name, fd in files.items():
            arguments += ["--file", str(fd), name]
        arguments += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
        size = ["--size", str(self._disk)] if _version() >= _FIRST_WITH_SIZES else []
        arguments += ["--dev", "/dev", *size, "--tmpfs", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/"]
        return [*arguments, "--chdir", "/tmp"]


def _file_of(content: bytes) -> int:
    """Make a file in memory; give its descriptor."""
    fd = os.memfd_create("file")
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _namespaces(*, as_root: bool) -> list[str]:
    """Say from what the sandbox is apart: from everything.

    An ordinary user needs a user namespace for that. Root does without: there it would stay root outside, whatever
    it is called inside; the fork server becomes another user instead.
    """
    apart = ["--unshare-all"]
    if as_root:
        apart = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    apart += ["--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
    return [*apart, "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"] if as_root else apart


@lru_cache(maxsize=1)
def _version() -> tuple[int, ...]:
    said = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def _hiding(shown: Sequence[str], hidden: Iterable[Path]) -> list[str]:
    """Put empty folders over what must not be seen, and lies in what is shown."""
    executable = interpreter.base_executable()
    arguments: list[str] = []
    for folder in {path.resolve() for path in (interpreter.TOP, *hidden)}:
        inside = any(folder.is_relative_to(each) for each in shown)
        if inside and folder.is_dir() and not executable.startswith(f"{folder}/"):
            arguments += ["--tmpfs", str(folder)]
    return arguments
