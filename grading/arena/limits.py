"""What a program may use, together with all that it starts; and how much of it that is."""

from __future__ import annotations

import contextlib
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass

MB = 1 << 20
_LONGEST_PATH = 3000


@dataclass(frozen=True)
class Limits:
    """The most that the programs of one check may use. A right program needs a small part of each."""

    memory: int = 256 * MB
    """Bytes of all processes together, what they share counted once. A server in Python uses about 10 MB."""
    processes: int = 128
    """Processes, with their threads."""
    descriptors: int = 512
    """Open files and sockets of one process."""
    descriptors_together: int = 2048
    """Those of all processes: what waits in the buffers of sockets is memory that the kernel counts for nobody."""
    file_size: int = 16 * MB
    disk: int = 64 * MB
    """Bytes of all files of one submission together, where it has a file system of its own."""
    files: int = 10_000
    output: int = 16 * MB
    """Bytes printed by one program."""
    steps: int = 6
    """Deadlines, one after the other, that a check and the processor time of each process may take."""

    def of_process(self, deadline: float, *, counted_apart: bool) -> dict[str, int]:
        """Give what the kernel limits, by the names of the module ``resource``.

        ``counted_apart`` says whether the kernel counts these processes apart from others of the same user.
        """
        stacks = self.processes * 8 * MB  # a thread's stack counts as data, used or not
        limits = {
            "RLIMIT_NOFILE": self.descriptors,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_DATA": self.memory + stacks,
            "RLIMIT_CPU": math.ceil(self.steps * deadline),
            "RLIMIT_CORE": 0,
        }
        return {**limits, "RLIMIT_NPROC": self.processes} if counted_apart else limits


@dataclass(frozen=True)
class Excess:
    """A limit that was passed."""

    cause: str
    """Slug of its cause."""
    said: str
    """What was used, and what is allowed: a sentence."""


def too_much_output(limits: Limits) -> Excess:
    """Say that a program printed too much."""
    return Excess("too-much-output", f"It had printed more than {limits.output // MB} MB, and was stopped.")


def excess(pids: Iterable[int], limits: Limits, *, seen_from: str = "") -> Excess | None:
    """Say which limit some processes have passed together, if any (Linux; elsewhere nothing is seen).

    ``seen_from`` is a folder whose file system is theirs alone.
    """
    pids = list(pids)
    if tasks_of(pids) > limits.processes * 9 // 10:  # the kernel allows a few less than the limit: it counts ours too
        return too_many_processes(limits)
    resident = _resident(pids)
    if resident > limits.memory and (used := sum(map(_proportional, pids)) or resident) > limits.memory:
        said = f"It had {used // MB} MB of memory in use, {limits.memory // MB} MB are allowed, and it was stopped."
        return Excess("out-of-memory", said)
    if seen_from and (made := _files_in(seen_from)) > limits.files:
        return _too_many_files(made, limits)
    if len(pids) > 1 and (opened := _descriptors(pids, limits.descriptors_together)) > limits.descriptors_together:
        said = f"It had {opened:,} files and sockets open, {limits.descriptors_together:,} are allowed together"
        return Excess("crash", f"{said}, and it was stopped.")
    return None


def _too_many_files(made: int, limits: Limits) -> Excess:
    return Excess("crash", f"It had made {made:,} files, {limits.files:,} are allowed, and it was stopped.")


def too_much_below(folder: str, limits: Limits) -> Excess | None:
    """Say whether there is more in a folder than programs may write, who write on a disk of the machine's there.

    What lies deeper than a path can name counts as too many files. What was removed and is still open is not seen.
    """
    folders, made, used = [folder], 0, 0
    while folders:
        path = folders.pop()
        try:
            with os.scandir(path) as listing:
                for entry in listing:
                    made += 1
                    used += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    if made > limits.files or len(path) > _LONGEST_PATH:
                        return _too_many_files(made, limits)
        except OSError:  # it has just been removed, or may not be looked into
            continue
    if used > limits.disk:
        said = f"It had written {used // MB} MB to files, {limits.disk // MB} MB are allowed, and it was stopped."
        return Excess("too-much-output", said)
    return None


def _descriptors(pids: Iterable[int], at_most: int) -> int:
    """Count open descriptors, up to a little more than asked for."""
    found = 0
    for pid in pids:
        with contextlib.suppress(OSError):  # it has just ended
            found += len(os.listdir(f"/proc/{pid}/fd"))
        if found > at_most:
            break
    return found


def too_many_processes(limits: Limits) -> Excess:
    """Say that a program started too many."""
    said = f"It had started {limits.processes} processes and threads, and no more are allowed."
    return Excess("too-many-processes", said)


def tasks_of(pids: Iterable[int]) -> int:
    """Count the threads of some processes."""
    tasks = 0
    for pid in pids:
        stat = _read(f"/proc/{pid}/stat")
        fields = stat[stat.rfind(b")") + 2 :].split()
        tasks += int(fields[17]) if len(fields) > 17 else 0
    return tasks


def _resident(pids: Iterable[int]) -> int:
    """Bytes in memory, counted anew for each process that shares them: quick, and too many."""
    fields = (_read(f"/proc/{pid}/statm").split() for pid in pids)
    return sum(int(field[1]) for field in fields if len(field) > 1) * os.sysconf("SC_PAGE_SIZE")


def _proportional(pid: int) -> int:
    """Bytes in memory, those shared by several processes in equal parts."""
    for line in _read(f"/proc/{pid}/smaps_rollup").splitlines():
        if line.startswith(b"Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _files_in(folder: str) -> int:
    try:
        known = os.statvfs(folder)
    except OSError:  # the process through which it is seen has just ended
        return 0
    return known.f_files - known.f_ffree


def _read(path: str) -> bytes:
    """Read a file of the kernel's; nothing where its process has ended, or may not be looked into."""
    try:
        fd = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(fd, 1 << 16)
    except OSError:
        return b""
    finally:
        os.close(fd)
