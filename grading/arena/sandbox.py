"""One bubblewrap sandbox per submission, with a fork server in it that makes arenas (Linux)."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import re
import select
import shutil
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from grading.arena.arena import DEADLINE, GraderError
from grading.arena.limits import Limits
from grading.arena.private import ANSWER_WITHIN, MESSAGE, PrivateArena
from grading.arena.seccomp import filter_of
from grading.arena.users import SpareUser, UserUnavailable, is_root

_ROOM = Path(__file__).parent
_TOP = _ROOM.parent.parent
_INSIDE = (*(_ROOM / "inside" / f"{name}.py" for name in ("forkserver", "launcher", "confinement")),
           _ROOM.parent / "transcript" / "recorder.py")  # fmt: skip
_ETC = {
    "hosts": "127.0.0.1 localhost localhost.localdomain arena\n::1 localhost ip6-localhost ip6-loopback\n",
    "nsswitch.conf": "hosts: files dns\n",
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n",
}
_DYING_AT_MOST = 8  # closed arenas, killed but not gone, that are not waited for
_FIRST_WITH_SIZES = (0, 7)  # of bubblewrap: the first version with --size


class SandboxUnavailable(Exception):  # noqa: N818  a state of the machine
    """Programs cannot be kept apart here; the message says why."""


class Sandbox:
    """A bubblewrap sandbox with a fork server in it; makes arenas until it is closed."""

    def __init__(
        self,
        deadline: float = DEADLINE,
        *,
        hidden: Iterable[Path] = (),
        limits: Limits | None = None,
        recorded: bool = True,
    ) -> None:
        """Start it, without waiting. Raises `SandboxUnavailable` when something is missing.

        ``hidden`` are folders that must not be seen in it, even where the interpreter's or the system's folders hold
        them. ``recorded`` is false only where the cost of the recorder is measured.
        """
        bwrap = shutil.which("bwrap")
        if sys.platform != "linux" or bwrap is None:
            message = "bubblewrap (the command bwrap) is not installed"
            raise SandboxUnavailable(message)
        refused = filter_of()
        if not refused:
            why = f"there is no filter of system calls for this kind of machine ({platform.machine()})"
            raise SandboxUnavailable(why)
        self.deadline = deadline
        self.limits = limits or Limits()
        self._user: SpareUser | None = None
        if is_root():
            try:
                self._user = SpareUser()
            except UserUnavailable as unavailable:
                raise SandboxUnavailable(str(unavailable)) from None
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        etc = {f"/etc/{name}": _file_of(content) for name, content in _ETC.items()}
        given = {
            "control": inside.fileno(),
            "recorded": recorded,
            "refused": refused.hex(),
            "user": self._user.uid if self._user else None,
            "limits": self.limits.of_process(deadline, counted_apart=bool(self._user) or _counts_apart()),
        }
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  closed with the sandbox
        command = [bwrap, *_namespaces(as_root=bool(self._user)), *_furniture(etc, self.limits, hidden)]
        with inside:
            self._process = subprocess.Popen(
                [*command, *_interpreter(), json.dumps(given)],
                pass_fds=(inside.fileno(), *etc.values()),
                stdin=subprocess.DEVNULL,
                stdout=self._complaints,
                stderr=self._complaints,
            )
        for fd in etc.values():
            os.close(fd)
        self._next: tuple[int, socket.socket] | None = None
        self._dying: list[tuple[int, int]] = []
        self._count = 0

    @property
    def pid(self) -> int:
        """The process that watches over the sandbox from outside: with its end all in it ends."""
        return self._process.pid

    def until_ready(self) -> None:
        """Wait until it has proved to work. Raises `SandboxUnavailable`, and is closed then."""
        try:
            self._control.settimeout(ANSWER_WITHIN)
            ready = self._control.recv(MESSAGE)
            if ready:
                self.open().close()  # the probe: a real arena
        except (TimeoutError, GraderError) as error:
            self.close()
            why = "it did not answer in time" if isinstance(error, TimeoutError) else str(error)
            raise SandboxUnavailable(f"bubblewrap does not work here ({why})") from None
        if not ready:
            why = self._why()
            self.close()
            raise SandboxUnavailable(why)

    def _why(self) -> str:
        """Say what bubblewrap complained of when it ended."""
        self._process.wait(ANSWER_WITHIN)
        self._complaints.seek(0)
        said = self._complaints.read(2000).decode("utf-8", "replace").strip().splitlines()
        return f"bubblewrap does not work here ({said[-1] if said else 'it ended at once'})"

    def _tell(self, operation: str, number: int, fds: Sequence[int] = ()) -> None:
        try:
            socket.send_fds(self._control, [json.dumps({"op": operation, "number": number}).encode()], list(fds))
        except OSError as error:
            raise GraderError(f"the sandbox is gone: {error}") from None

    def _ask_for_arena(self) -> tuple[int, socket.socket]:
        self._count += 1
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        ours.settimeout(ANSWER_WITHIN)
        with theirs:
            try:
                self._tell("arena", self._count, [theirs.fileno()])
            except GraderError:
                ours.close()
                raise
        return self._count, ours

    def open(self) -> PrivateArena:
        """Make an arena. Raises `GraderError` when the sandbox does not answer."""
        number, channel = self._next or self._ask_for_arena()
        self._next = self._ask_for_arena()  # made by another process while this one is used
        self.settle(within=0 if len(self._dying) < _DYING_AT_MOST else ANSWER_WITHIN)
        return PrivateArena(self, number, channel)

    def bury(self, number: int, pidfd: int) -> None:
        """Take over an arena whose PID 1 was killed: nothing of it runs any more, and `settle` waits for its end."""
        self._dying.append((number, pidfd))

    def settle(self, within: float = ANSWER_WITHIN) -> None:
        """See which closed arenas have no process left, and have their folders removed.

        Waits up to ``within`` seconds for each; raises `GraderError` if that was not enough, unless it is 0.
        """
        still: list[tuple[int, int]] = []
        for number, pidfd in self._dying:
            if select.select([pidfd], [], [], within)[0]:
                os.close(pidfd)
                with contextlib.suppress(GraderError):  # then its folder is gone with the sandbox
                    self._tell("clear", number)
            elif within:
                raise GraderError("the programs of a check could not be ended")
            else:
                still.append((number, pidfd))
        self._dying = still

    def close(self) -> None:
        """End the sandbox and everything in it."""
        if self._next is not None:
            self._next[1].close()
        for _, pidfd in self._dying:
            os.close(pidfd)
        self._next, self._dying = None, []
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._complaints.close()
        if self._user:
            self._user.close()


def _file_of(content: str) -> int:
    """Make a file in memory; give its descriptor."""
    fd = os.memfd_create("etc")
    os.write(fd, content.encode())
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _counts_apart() -> bool:
    """Whether the kernel counts the processes of a user namespace apart from others of the same user (Linux 5.14)."""
    version = re.match(r"(\d+)\.(\d+)", platform.release())
    return version is not None and (int(version[1]), int(version[2])) >= (5, 14)


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


def _furniture(etc: dict[str, int], limits: Limits, hidden: Iterable[Path]) -> list[str]:
    """Say what is in the sandbox: the interpreter, the system's libraries, a few files of ours, ``/tmp``."""
    arguments = ["--hostname", "arena", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin"]
    arguments += ["--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8"]
    shown = ["/usr", *_interpreter_folders()]
    for top in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(top)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), top]
        elif path.is_dir():
            arguments += ["--ro-bind", top, top]
    for folder in _interpreter_folders():
        for above in reversed(Path(folder).parents[:-1]):  # left to itself, bubblewrap may keep them to root
            arguments += ["--dir", str(above)]
        arguments += ["--ro-bind", folder, folder]
    arguments += _hiding(shown, hidden)
    for module in _INSIDE:
        arguments += ["--ro-bind", str(module), f"/socketlabs/{module.name}"]
    for name, fd in etc.items():
        arguments += ["--file", str(fd), name]
    arguments += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    size = ["--size", str(limits.disk)] if _bwrap_version() >= _FIRST_WITH_SIZES else []
    arguments += ["--dev", "/dev", *size, "--tmpfs", "/tmp", "--remount-ro", "/dev", "--remount-ro", "/"]
    return [*arguments, "--chdir", "/tmp"]


@lru_cache(maxsize=1)
def _bwrap_version() -> tuple[int, ...]:
    said = subprocess.run(["bwrap", "--version"], capture_output=True, text=True, check=False).stdout
    return tuple(int(number) for number in re.findall(r"\d+", said)[:2])


def _hiding(shown: Sequence[str], hidden: Iterable[Path]) -> list[str]:
    """Put empty folders over what must not be seen, and lies in what is shown."""
    interpreter = _base_executable()
    arguments: list[str] = []
    for folder in {path.resolve() for path in (_TOP, *hidden)}:
        inside = any(folder.is_relative_to(each) for each in shown)
        if inside and folder.is_dir() and not interpreter.startswith(f"{folder}/"):
            arguments += ["--tmpfs", str(folder)]
    return arguments


def _base_executable() -> str:
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _interpreter_folders() -> list[str]:
    """Folders of the interpreter that are not below ``/usr``: a pyenv, conda or Nix has its own."""
    folders = {sys.base_prefix, sys.base_exec_prefix, str(Path(_base_executable()).parent)}
    base = {
        "base": sys.base_prefix,
        "platbase": sys.base_exec_prefix,
    }  # a virtual environment has a platbase of its own
    folders |= {path for name in ("stdlib", "platstdlib") if (path := sysconfig.get_path(name, vars=base))}
    if any(folder.startswith("/nix/store/") for folder in folders):
        folders = {"/nix/store"}
    return sorted(folder for folder in folders if not folder.startswith("/usr/") and folder != "/usr")


def _interpreter() -> list[str]:
    return [_base_executable(), "-S", "-E", "-s", "-B", "/socketlabs/forkserver.py"]
