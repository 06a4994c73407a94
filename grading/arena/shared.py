"""Arenas on the machine's real loopback, for where programs cannot be given a network of their own.

Works wherever Python does. Each program runs in an interpreter of its own, one check at a time, since all
of them use port 12000.
"""

from __future__ import annotations

import contextlib
import mmap
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from grading.arena.arena import DEADLINE, PORT, TICK, Arena, GraderError
from grading.arena.limits import Limits
from grading.arena.program import RECORD_SIZE, Program, Script, unread
from grading.arena.sockets import KINDS, Kind, SocketEntry, dump_of_processes
from grading.arena.waiting import MULTIPLEXED, Waiting, waits_of
from grading.arena.wire import Packet

if TYPE_CHECKING:
    import psutil

_ROOM = Path(__file__).parent
_INSIDE = (_ROOM / "inside" / "launcher.py", _ROOM.parent / "transcript" / "recorder.py")
_MARK = "SOCKET_LABS_ARENA"
_AT_REST = 0.15
"""Seconds without any use of a processor after which a program is taken to wait for its keyboard, where the
kernel does not show what it waits for."""
_ENDS_WITHIN = 5.0


class PortTaken(GraderError):  # noqa: N818  a state of the machine
    """Another program uses port 12000; the message names it where that can be known."""


def check_port_is_free(kind: Kind, port: int = PORT) -> None:
    """Raise `PortTaken` when a program of somebody else's is at the port that we are about to use."""
    kind_of = socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind_of) as probe:
        if kind == "tcp" and os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past connections in TIME_WAIT do not count
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(
                f"{kind.upper()} port {port} is in use{_by_whom(kind, port)}: stop that program and grade again, "
                "or install bubblewrap, which gives every program a network of its own"
            ) from None


def _by_whom(kind: Kind, port: int) -> str:
    import psutil

    try:
        for found in psutil.net_connections(kind):
            if found.laddr and found.laddr.port == port and found.pid:
                return f" by {psutil.Process(found.pid).name()} (process {found.pid})"
    except psutil.Error:  # macOS tells only root
        pass
    return " by another program"


class LoopbackProgram(Program):
    """A program in an interpreter of its own; threads read its screen."""

    def __init__(self, script: Script, number: int, folder: Path, mark: str, news: threading.Event) -> None:
        record = folder / "record"
        record.write_bytes(bytes(RECORD_SIZE))
        with record.open("r+b") as file:
            super().__init__(script, number, mmap.mmap(file.fileno(), RECORD_SIZE))
        own = folder / script.program
        own.mkdir()
        for module in _INSIDE:
            shutil.copy(module, folder)
        for name, content in script.files.items():
            (own / name).write_bytes(content)
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(folder / "launcher.py"), str(record), str(own / script.file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=own,
            env={**os.environ, _MARK: mark, "PYTHONUTF8": "1"},
            start_new_session=os.name == "posix",
        )
        self.pid = self.process.pid
        assert self.process.stdin is not None
        self._keyboard: IO[bytes] = self.process.stdin
        self.keyboard_pipe = _pipe_name(self._keyboard)
        self._news = news
        self._taking = threading.Lock() if os.name == "posix" else contextlib.nullcontext()
        self._readers = [
            threading.Thread(target=self._read, args=(stream,), daemon=True)
            for stream in (self.process.stdout, self.process.stderr)
            if stream is not None
        ]
        for reader in self._readers:
            reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(ValueError, OSError):  # it was closed with the arena
            while self._read_once(stream):
                self._news.set()

    def _read_once(self, stream: IO[bytes]) -> bytes:
        if os.name == "posix":  # elsewhere, select takes no pipes
            select.select([stream], [], [])
        with self._taking:
            data = os.read(stream.fileno(), 1 << 16)
            self.printed(data)
        return data

    def is_read_out(self) -> bool:
        """Whether all that it printed so far is on its screen (POSIX)."""
        streams = (self.process.stdout, self.process.stderr)
        with self._taking:
            return not any(unread(stream.fileno()) for stream in streams if stream and not stream.closed)

    def close_screens(self) -> None:
        """Let go of its pipes, once nobody reads them: a number that ``select`` knows may not become another's."""
        for reader in self._readers:
            reader.join(_ENDS_WITHIN)
        for stream in (self.process.stdout, self.process.stderr):
            if stream and not any(reader.is_alive() for reader in self._readers):
                stream.close()

    def look(self) -> None:
        """See whether it has ended; then all of its output is there."""
        if self.status is None and (status := self.process.poll()) is not None:
            for reader in self._readers:
                reader.join(_AT_REST)  # a daemon of the program's may hold the pipe open
            self.status = status

    def write_keyboard(self, data: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # nobody reads at the other end
            self._keyboard.write(data)
            self._keyboard.flush()

    def close_keyboard(self) -> None:
        with contextlib.suppress(OSError):
            self._keyboard.close()

    @property
    def keyboard_open(self) -> bool:
        return not self._keyboard.closed

    @property
    def unread(self) -> int:
        return unread(self._keyboard.fileno())


def _lives(process: psutil.Process) -> bool:
    """Whether a process can still do anything; a zombie, which somebody else has to reap, cannot."""
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _pipe_name(stream: IO[bytes]) -> str:
    return f"pipe:[{os.fstat(stream.fileno()).st_ino}]"


class SharedArena(Arena):
    """An arena on the real loopback. Only one may be open at a time."""

    def __init__(self, deadline: float = DEADLINE, limits: Limits | None = None) -> None:
        """Open it. Raises `PortTaken` when somebody else is at port 12000."""
        super().__init__(deadline, limits)
        self.shared = True
        self.programs: list[LoopbackProgram] = []
        for kind in KINDS:
            check_port_is_free(kind)
        self._mark = uuid.uuid4().hex
        self._folder = tempfile.TemporaryDirectory(prefix="socketlabs-", ignore_cleanup_errors=True)
        self._news = threading.Event()
        self._rest: dict[int, tuple[float, float]] = {}

    def start(self, script: Script) -> Program:
        number = len(self.programs) + 1
        folder = Path(self._folder.name, str(number))
        folder.mkdir()
        program = LoopbackProgram(script, number, folder, self._mark, self._news)
        self.programs.append(program)
        return program

    def new_socket(self, kind: Kind) -> socket.socket:
        return socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)

    def sockets(self, kind: Kind) -> list[SocketEntry]:
        return dump_of_processes([process.pid for process in self._processes()], kind)

    def packets(self) -> list[Packet]:
        return []

    def pump(self) -> None:
        for program in self.programs:
            program.look()

    def news(self, sockets: Sequence[socket.socket], seconds: float) -> None:
        self._news.wait(max(seconds, 0.002))
        self._news.clear()

    def _processes(self) -> list[psutil.Process]:
        import psutil

        found: list[psutil.Process] = []
        for program in self.programs:
            if program.ended:
                continue
            with contextlib.suppress(psutil.Error):
                process = psutil.Process(program.pid)
                found += [process, *process.children(recursive=True)]
        if any(program.ended for program in self.programs):
            found += [process for process in self._left_behind() if process not in found]
        return found

    def waits(self) -> tuple[Waiting, ...] | None:
        return waits_of([process.pid for process in self._processes()])

    def daemons(self) -> list[int]:
        return [process.pid for process in self._left_behind()] if any(one.ended for one in self.programs) else []

    def own_processes(self) -> list[int]:
        return [process.pid for process in self._processes()]

    def stop_all(self) -> None:
        import psutil

        for process in self._processes():
            with contextlib.suppress(psutil.Error):
                process.kill()
        for program in self.programs:
            program.process.wait(_ENDS_WITHIN)
            program.look()

    def at_keyboard(self, program: Program) -> bool:
        assert isinstance(program, LoopbackProgram)
        if program.ended or not program.keyboard_open:
            return False
        if sys.platform == "linux":
            if program.unread:  # asked before: what is read in between ends the wait
                return False
            waits = waits_of([program.pid]) or ()
            reads = any(waiting.target == program.keyboard_pipe or waiting.call in MULTIPLEXED for waiting in waits)
            return reads and program.is_read_out()  # what it asked for stands on its screen by then
        return self._at_rest(program)

    def _at_rest(self, program: Program) -> bool:
        """Whether it has used no processor for a while since the last line was typed."""
        import psutil

        try:
            times = psutil.Process(program.pid).cpu_times()
        except psutil.Error:
            return False
        used = times.user + times.system + len(program.typed) * 1e6
        before, since = self._rest.get(program.pid, (-1.0, 0.0))
        if used != before:
            self._rest[program.pid] = used, time.perf_counter()
            return False
        return time.perf_counter() - since > _AT_REST

    def close(self) -> None:
        import psutil

        for one in self.lent:
            one.close()
        left = {*self._processes(), *self._left_behind()}
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.kill()
        begin = time.perf_counter()
        while (alive := [one for one in left if _lives(one)]) and time.perf_counter() - begin < _ENDS_WITHIN:
            psutil.wait_procs(alive, timeout=TICK)
        for program in self.programs:
            program.close_keyboard()
            program.process.wait(_ENDS_WITHIN)
            program.close_screens()
        self._folder.cleanup()
        if alive:
            raise GraderError(f"processes {[process.pid for process in alive]} of a check could not be ended")

    def _left_behind(self) -> list[psutil.Process]:
        """Processes that have left the program's family, known by the mark in their environment."""
        import psutil

        found = []
        started = min((program.started_at for program in self.programs), default=0.0)
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.create_time() >= started and process.environ().get(_MARK) == self._mark:
                    found.append(process)
        return found
