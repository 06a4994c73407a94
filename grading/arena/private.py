"""Arenas with a network of their own, inside one bubblewrap sandbox per submission (Linux)."""

from __future__ import annotations

import contextlib
import json
import mmap
import os
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from grading.arena.arena import DEADLINE, Arena, GraderError
from grading.arena.names import answer
from grading.arena.program import RECORD_SIZE, PipedProgram, Program, Script
from grading.arena.sockets import Kind, SocketEntry, dump
from grading.arena.waiting import MULTIPLEXED, Waiting, processes_of_namespace, waits_of
from grading.arena.wire import Packet, read_packets

_ROOM = Path(__file__).parent
_INSIDE = ("forkserver.py", "launcher.py", "recorder.py")
_ETC = {
    "hosts": "127.0.0.1 localhost localhost.localdomain arena\n::1 localhost ip6-localhost ip6-loopback\n",
    "nsswitch.conf": "hosts: files dns\n",
    "resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n",
}
_MESSAGE = 65536
_LENT_AT_FIRST = 4  # the socket table, the name server's socket, the packets of UDP and TCP
_DYING_AT_MOST = 8  # closed arenas, killed but not gone, that are not waited for
_ANSWER_WITHIN = 10.0  # seconds for the fork server, which does nothing long


class SandboxUnavailable(Exception):  # noqa: N818  a state of the machine
    """Programs cannot be kept apart here; the message says why."""


class Sandbox:
    """A bubblewrap sandbox with a fork server in it; makes arenas until it is closed."""

    def __init__(self, deadline: float = DEADLINE) -> None:
        """Start it, without waiting. Raises `SandboxUnavailable` when bubblewrap is missing."""
        bwrap = shutil.which("bwrap")
        if sys.platform != "linux" or bwrap is None:
            message = "bubblewrap (the command bwrap) is not installed"
            raise SandboxUnavailable(message)
        self.deadline = deadline
        self._control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._etc = tempfile.TemporaryDirectory(prefix="socketlabs-")
        for name, content in _ETC.items():
            Path(self._etc.name, name).write_text(content)
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  closed with the sandbox
        with inside:
            self._process = subprocess.Popen(
                [bwrap, *_arguments(self._etc.name), *_interpreter(), str(inside.fileno())],
                pass_fds=(inside.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=self._complaints,
                stderr=self._complaints,
            )
        self._next: tuple[int, socket.socket] | None = None
        self._dying: list[tuple[int, int]] = []
        self._count = 0

    def until_ready(self) -> None:
        """Wait until it has proved to work. Raises `SandboxUnavailable`, and is closed then."""
        try:
            self._control.settimeout(_ANSWER_WITHIN)
            ready = self._control.recv(_MESSAGE)
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
        self._process.wait(_ANSWER_WITHIN)
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
        ours.settimeout(_ANSWER_WITHIN)
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
        self.settle(within=0 if len(self._dying) < _DYING_AT_MOST else _ANSWER_WITHIN)
        return PrivateArena(self, number, channel)

    def bury(self, number: int, pidfd: int) -> None:
        """Take over an arena whose PID 1 was killed: nothing of it runs any more, and `settle` waits for its end."""
        self._dying.append((number, pidfd))

    def settle(self, within: float = _ANSWER_WITHIN) -> None:
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
        self._control.close()
        self._process.kill()
        self._process.wait()
        self._complaints.close()
        self._etc.cleanup()


def _arguments(etc: str) -> list[str]:
    """Say what is in the sandbox: the interpreter, the system's libraries, three files of ours, ``/tmp``."""
    arguments = ["--unshare-all", "--die-with-parent", "--new-session", "--as-pid-1", "--cap-drop", "ALL"]
    arguments += ["--hostname", "arena", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin"]
    arguments += ["--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8"]
    for top in ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"):
        path = Path(top)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), top]
        elif path.is_dir():
            arguments += ["--ro-bind", top, top]
    for folder in _interpreter_folders():
        arguments += ["--ro-bind", folder, folder]
    for name in _INSIDE:
        arguments += ["--ro-bind", str(_ROOM / name), f"/socketlabs/{name}"]
    arguments += ["--ro-bind", etc, "/etc"]
    if Path("/etc/ld.so.cache").is_file():
        shutil.copyfile("/etc/ld.so.cache", Path(etc, "ld.so.cache"))
    return [*arguments, "--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/tmp"]


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


class PrivateArena(Arena):
    """An arena in a network namespace of its own: port 12000 is always free in it."""

    shared = False

    def __init__(self, sandbox: Sandbox, number: int, channel: socket.socket) -> None:
        super().__init__(sandbox.deadline)
        self.programs: list[PipedProgram] = []
        self._sandbox = sandbox
        self._number = number
        self._channel = channel
        self._pidfd = -1
        self._others: set[int] = set()
        self._running: dict[int, PipedProgram] = {}
        self._packets: list[Packet] = []
        try:
            message, fds, self._pid = self._receive()
        except GraderError:
            channel.close()
            raise
        if message.get("op") != "hello" or len(fds) != _LENT_AT_FIRST:
            channel.close()
            raise GraderError(f"no private network could be made: {message.get('why', message)}")
        self._table, self._names, *self._wires = (socket.socket(fileno=fd) for fd in fds)
        self._table.settimeout(_ANSWER_WITHIN)
        self._names.setblocking(False)
        for wire in self._wires:
            wire.setblocking(False)
        with contextlib.suppress(ProcessLookupError):
            self._pidfd = os.pidfd_open(self._pid)
        self._namespace = 0

    def _receive(self) -> tuple[dict[str, Any], list[int], int]:
        """Take one message of the host's: what it says, the descriptors with it, and the sender's PID."""
        room = socket.CMSG_SPACE(4 * struct.calcsize("i")) + socket.CMSG_SPACE(struct.calcsize("3i"))
        try:
            data, ancillary, _, _ = self._channel.recvmsg(_MESSAGE, room)
        except TimeoutError:
            raise GraderError("the sandbox did not answer in time") from None
        if not data:
            raise GraderError("the sandbox has ended")
        fds: list[int] = []
        pid = 0
        for _, kind, content in ancillary:
            if kind == socket.SCM_RIGHTS:
                fds += struct.unpack(f"{len(content) // 4}i", content)
            elif kind == socket.SCM_CREDENTIALS:
                pid = struct.unpack("3i", content)[0]
        try:
            message = json.loads(data)
        except ValueError:
            message = {}
        return (message if isinstance(message, dict) else {}), fds, pid

    def _ask(self, request: dict[str, Any], fds: Sequence[int], until: str) -> tuple[list[int], int]:
        try:
            socket.send_fds(self._channel, [json.dumps(request).encode()], list(fds))
        except OSError as error:
            raise GraderError(f"the sandbox is gone: {error}") from None
        while True:
            message, passed, pid = self._receive()
            if message.get("op") == until:
                return passed, pid
            self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if message.get("op") == "exit" and (program := self._running.pop(message["number"], None)):
            program.read_screens()
            program.status = message["status"]

    def new_socket(self, kind: Kind) -> socket.socket:
        (fd,), _ = self._ask({"op": "socket", "type": kind}, (), "socket")
        return socket.socket(fileno=fd)

    def start(self, script: Script) -> Program:
        record_fd = os.memfd_create("record")
        files_fd = os.memfd_create("files")
        os.truncate(record_fd, RECORD_SIZE)
        files = {name: content.decode("latin-1") for name, content in script.files.items()}
        os.write(files_fd, json.dumps(files).encode())
        number = len(self.programs) + 1
        program = PipedProgram(script, number, mmap.mmap(record_fd, RECORD_SIZE))
        self.programs.append(program)
        self._running[number] = program
        request = {"op": "run", "number": number, "name": script.file, "written": not script.trusted}
        _, program.pid = self._ask(request, (*program.streams, record_fd, files_fd), "started")
        program.streams_are_passed()
        os.close(record_fd)
        os.close(files_fd)
        return program

    def sockets(self, kind: Kind) -> list[SocketEntry]:
        lent = {os.fstat(one.fileno()).st_ino for one in (*self.lent, self._names) if one.fileno() >= 0}
        return [entry for entry in dump(self._table, kind) if entry.inode not in lent]

    def packets(self) -> list[Packet]:
        for wire in self._wires:
            self._packets += read_packets(wire)
        return self._packets

    def pump(self) -> None:
        self.news((), 0)

    def news(self, sockets: Sequence[socket.socket], seconds: float) -> None:
        watched = [self._channel.fileno(), self._names.fileno()]
        for program in self.programs:
            watched += program.screens
        readable: list[int | socket.socket] = [*watched, *sockets]
        ready, _, _ = select.select(readable, [], [], seconds)  # poll() would round up to whole ms
        for fd in ready:
            if fd == self._channel.fileno():
                self._take(self._receive()[0])
            elif fd == self._names.fileno():
                self._answer_name()
        for program in self.programs:
            if not {*program.screens}.isdisjoint(ready):
                program.read_screens()

    def _answer_name(self) -> None:
        try:
            query, asker = self._names.recvfrom(4096)
        except OSError:  # an earlier answer was refused: the one who asked is gone
            return
        if answered := answer(query):
            self.names_asked.append(answered[0])
            with contextlib.suppress(OSError):
                self._names.sendto(answered[1], asker)

    def _pids(self) -> list[int]:
        if not self._namespace:
            try:
                self._namespace = os.stat(f"/proc/{self._pid}/ns/pid").st_ino
            except OSError:
                raise GraderError("the sandbox has ended") from None
        pids = processes_of_namespace(self._namespace, self._others)
        return [pid for pid in pids if pid != self._pid]

    def waits(self) -> tuple[Waiting, ...] | None:
        own = waits_of([program.pid for program in self._running.values()])
        return None if own is None else waits_of(self._pids())

    def daemons(self) -> list[int]:
        running = {program.pid for program in self._running.values()}
        return [pid for pid in self._pids() if pid not in running]

    def at_keyboard(self, program: Program) -> bool:
        assert isinstance(program, PipedProgram)
        if not program.keyboard_open or program.unread:  # asked before: what is read in between ends the wait
            return False
        waits = waits_of([program.pid]) or ()
        reads = any(waiting.target == program.keyboard_pipe or waiting.call in MULTIPLEXED for waiting in waits)
        if reads:
            program.read_screens()  # what it asked for stands there by now
        return reads

    def close(self) -> None:
        for one in (*self.lent, self._table, self._names, *self._wires, self._channel):
            one.close()
        for program in self.programs:
            program.close()
        if self._pidfd >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            self._sandbox.bury(self._number, self._pidfd)
            self._pidfd = -1
