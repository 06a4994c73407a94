"""One program that runs in an arena: its keyboard, its screen, its end."""

from __future__ import annotations

import mmap
import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from grading.arena.limits import Excess
from grading.transcript import Record, read_record
from grading.transcript.recorder import HEADER, LONGEST

SCREEN_LIMIT = 256 * 1024
"""Bytes of output that are kept; what comes after is read and thrown away."""
READS_AT_ONCE = 16
"""Pieces of output that are read before something else is looked at."""
PIECES_AT_MOST = 100
"""Pieces of output whose time is kept."""
RECORD_SIZE = 1 << 20
"""Bytes of a program's record of calls."""


@dataclass(frozen=True)
class Script:
    """A program to run: its name, and the files of its folder."""

    program: str
    """``udp_server``"""
    files: Mapping[str, bytes]
    """File name to content; the program itself is ``udp_server.py``."""
    trusted: bool = False
    """A reference solution: it is run without its text being put where another program could read it."""

    @property
    def file(self) -> str:
        return f"{self.program}.py"

    @cached_property
    def source(self) -> str:
        """The program's text, for people and for the syntax tree; never raises."""
        return self.files[self.file].decode("utf-8", "replace")


class Program:
    """A running program, as the grader holds it. An arena makes it and feeds it with what happens."""

    def __init__(self, script: Script, number: int, record: mmap.mmap) -> None:
        self.script = script
        self.number = number
        self.pid = 0
        self._status: int | None = None
        self.record = record
        self.typed: list[str] = []
        self.typed_at: list[float] = []
        """When each line was typed, as ``time.perf_counter`` counts."""
        self.pieces: list[tuple[float, bytes]] = []
        """The first pieces of its output, with when they came."""
        self.ended_at = 0.0
        """When it was seen to have ended."""
        self._prompt_at = 0
        self._screen = bytearray()
        self.printed_bytes = 0
        self.excess: Excess | None = None
        """The limit that it was stopped for."""
        self.last_line: int | None = None
        """The student's line it was in when it was stopped for that."""
        self.started_at = time.time() - 1.0  # the system's clock, and what it rounds

    @property
    def status(self) -> int | None:
        """Exit status; negative for the signal that ended it; ``None`` while it runs."""
        return self._status

    @status.setter
    def status(self, status: int) -> None:
        self._status = status
        self.ended_at = time.perf_counter()

    @property
    def ended(self) -> bool:
        return self.status is not None

    @property
    def screen(self) -> str:
        """What it printed so far, stdout and stderr in order of arrival."""
        return self._screen.decode("utf-8", "replace")

    def printed(self, data: bytes) -> None:
        """Take output, up to the limit."""
        self.printed_bytes += len(data)
        room = SCREEN_LIMIT - len(self._screen)
        self._screen += data[:room]
        if len(self.pieces) < PIECES_AT_MOST:
            self.pieces.append((time.perf_counter(), data[:room]))

    @property
    def prompt(self) -> str:
        """What it printed since a line was typed last, or what is left of the last line of that."""
        return self.screen[self._prompt_at :].rstrip("\n").rpartition("\n")[2]

    def type(self, line: str) -> None:
        """Type a line at its keyboard. It may have ended or closed its keyboard: then nobody reads it."""
        self.typed.append(line)
        self.typed_at.append(time.perf_counter())
        self._prompt_at = len(self.screen)
        self.write_keyboard(line.encode() + b"\n")

    def write_keyboard(self, data: bytes) -> None:
        raise NotImplementedError

    def close_keyboard(self) -> None:
        """End its input, as Ctrl-D would."""
        raise NotImplementedError

    def recorded(self) -> Record:
        """Give its calls, and what ended it, as far as it has come (and as far as it tells the truth)."""
        used = min(int.from_bytes(self.record[:HEADER], "little"), len(self.record) - HEADER)
        return read_record(self.record[HEADER : HEADER + used], len(self.record) - HEADER - LONGEST)


def unread(keyboard: int) -> int:
    """Give the number of bytes that were typed into a pipe and not read yet (POSIX)."""
    import fcntl
    import termios

    buffer = fcntl.ioctl(keyboard, termios.FIONREAD, bytes(4))
    return int.from_bytes(buffer, sys.byteorder)


class PipedProgram(Program):
    """A program whose streams are pipes that the grader can wait for (everywhere but on Windows)."""

    def __init__(self, script: Script, number: int, record: mmap.mmap) -> None:
        super().__init__(script, number, record)
        stdin, self._keyboard = os.pipe()
        self._stdout, stdout = os.pipe()
        self._stderr, stderr = os.pipe()
        self.streams = (stdin, stdout, stderr)
        """The program's ends, to be passed on and closed here by `streams_are_passed`."""
        self.keyboard_pipe = f"pipe:[{os.fstat(self._keyboard).st_ino}]"
        for fd in (self._keyboard, self._stdout, self._stderr):
            os.set_blocking(fd, False)

    def streams_are_passed(self) -> None:
        for fd in self.streams:
            os.close(fd)

    @property
    def screens(self) -> tuple[int, ...]:
        """Descriptors on which output may arrive."""
        return tuple(fd for fd in (self._stdout, self._stderr) if fd >= 0)

    def read_screens(self) -> None:
        """Take what has arrived; of one that prints without end, a part."""
        for fd in self.screens:
            for _ in range(READS_AT_ONCE):
                try:
                    data = os.read(fd, 1 << 16)
                except BlockingIOError:
                    break
                if not data:
                    self._close_screen(fd)
                    break
                self.printed(data)
                if len(data) < 1 << 12:
                    break

    def _close_screen(self, fd: int) -> None:
        os.close(fd)
        if fd == self._stdout:
            self._stdout = -1
        else:
            self._stderr = -1

    def write_keyboard(self, data: bytes) -> None:
        try:
            os.write(self._keyboard, data)
        except (BrokenPipeError, BlockingIOError, OSError):  # nobody reads at the other end
            return

    def close_keyboard(self) -> None:
        if self._keyboard >= 0:
            os.close(self._keyboard)
            self._keyboard = -1

    @property
    def keyboard_open(self) -> bool:
        return self._keyboard >= 0

    @property
    def unread(self) -> int:
        return unread(self._keyboard)

    def close(self) -> None:
        """Let go of its pipes."""
        self.close_keyboard()
        for fd in self.screens:
            self._close_screen(fd)
