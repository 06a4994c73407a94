"""See from outside whether a program can ever go on: what each of its threads waits for.

A hang is seen, not waited out. A program all of whose threads sleep in calls that have no deadline of
their own, with nothing on its way to them, can never go on by itself. ``/proc/PID/task/TID/syscall``
tells the call and its arguments of every thread that sleeps, and says ``running`` of one that does not.
Elsewhere than on Linux nothing is seen, and the deadline decides alone.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Numbers of the calls that may wait for ever, by machine (from the kernel's unistd headers). The value
# behind the number is the place of the time limit among the arguments, and what it is without a limit.
_Limit = tuple[int, int]
_NO_LIMIT_MS = 0xFFFFFFFF  # -1 as an int
_X86_64: dict[int, tuple[str, _Limit | None]] = {
    0: ("read", None),
    1: ("write", None),
    7: ("poll", (2, _NO_LIMIT_MS)),
    19: ("readv", None),
    20: ("writev", None),
    23: ("select", (4, 0)),
    34: ("pause", None),
    42: ("connect", None),
    43: ("accept", None),
    44: ("send", None),
    45: ("recv", None),
    46: ("sendmsg", None),
    47: ("recvmsg", None),
    61: ("wait", None),
    202: ("lock", (3, 0)),
    232: ("epoll_wait", (3, _NO_LIMIT_MS)),
    247: ("wait", None),
    270: ("select", (4, 0)),
    271: ("poll", (2, 0)),
    281: ("epoll_wait", (3, _NO_LIMIT_MS)),
    288: ("accept", None),
}
_AARCH64: dict[int, tuple[str, _Limit | None]] = {
    22: ("epoll_wait", (3, _NO_LIMIT_MS)),
    63: ("read", None),
    64: ("write", None),
    65: ("readv", None),
    66: ("writev", None),
    72: ("select", (4, 0)),
    73: ("poll", (2, 0)),
    95: ("wait", None),
    98: ("lock", (3, 0)),
    202: ("accept", None),
    203: ("connect", None),
    206: ("send", None),
    207: ("recv", None),
    211: ("sendmsg", None),
    212: ("recvmsg", None),
    242: ("accept", None),
    260: ("wait", None),
}
_CALLS = {"x86_64": _X86_64, "aarch64": _AARCH64}.get(platform.machine(), {}) if sys.platform == "linux" else {}
_FUTEX_WAITS = (0, 9)  # FUTEX_WAIT, FUTEX_WAIT_BITSET, without their flags
_ON_DESCRIPTOR = (
    "read",
    "readv",
    "write",
    "writev",
    "recv",
    "recvmsg",
    "accept",
    "connect",
    "send",
    "sendmsg",
)
MULTIPLEXED = ("poll", "select", "epoll_wait")
"""Calls that wait on several descriptors: on which is not seen."""


@dataclass(frozen=True)
class Waiting:
    """One thread that sleeps in a call without a time limit."""

    pid: int
    thread: int
    call: str
    """``recv`` (also ``recvfrom``), ``accept``, ``read``, ``select``, ``lock``, ``wait``, …"""
    target: str
    """What the descriptor leads to, as ``/proc/PID/fd`` has it: ``socket:[123]``, ``pipe:[45]``; or ``""``."""
    since: str
    """How often the thread was given a processor: as long as this stays, it has not run in between."""


@contextlib.contextmanager
def eyes_of(user: int | None) -> Iterator[None]:
    """Look at processes with the eyes of the user that they run as: root may not where CAP_SYS_PTRACE was taken away.

    Of this thread, and for files alone: nothing else is done as that user.
    """
    if user is None:
        yield
        return
    libc = _libc()
    libc.setfsgid(user)
    libc.setfsuid(user)
    try:
        yield
    finally:
        libc.setfsuid(0)
        libc.setfsgid(0)


@lru_cache(maxsize=1)
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None)


def waits_of(pids: Sequence[int]) -> tuple[Waiting, ...] | None:
    """Tell what all threads of some processes wait for.

    ``None`` if any thread can go on by itself (it runs, sleeps for a time, or waits with a limit), or if
    the kernel does not let us see. Processes that have ended count for nothing; ``()`` if all have.
    """
    found: list[Waiting] = []
    for pid in pids:
        try:
            threads = os.listdir(f"/proc/{pid}/task")
        except (FileNotFoundError, ProcessLookupError):  # the second while it is just ending
            continue
        for thread in threads:
            waiting = _waiting(pid, int(thread))
            if waiting is None:
                if _has_ended(pid, thread):
                    continue
                return None
            found.append(waiting)
    return tuple(found)


def _waiting(pid: int, thread: int) -> Waiting | None:
    try:
        words = _read(f"/proc/{pid}/task/{thread}/syscall").split()
        if len(words) < 7 or (known := _CALLS.get(int(words[0]))) is None:
            return None
        call, limit = known
        args = [int(word, 16) for word in words[1:7]]
        if limit is not None:
            mask = _NO_LIMIT_MS if limit[1] == _NO_LIMIT_MS else ~0
            if args[limit[0]] & mask != limit[1]:
                return None
        if call == "lock" and args[1] & 0x7F not in _FUTEX_WAITS:
            return None
        target = ""
        if call in _ON_DESCRIPTOR:
            target = os.readlink(f"/proc/{pid}/fd/{args[0]}")
        return Waiting(pid, thread, call, target, _read(f"/proc/{pid}/task/{thread}/schedstat"))
    except (OSError, ValueError):  # it has just gone on, or ended, or may not be looked at
        return None


def sleeps(pid: int) -> bool:
    """Whether all threads of a process sleep, for a time or for ever; true where that cannot be seen."""
    if sys.platform != "linux":
        return True
    try:
        threads = os.listdir(f"/proc/{pid}/task")
        return bool(threads) and all(_state(pid, thread) == "S" for thread in threads)
    except OSError:  # it has ended
        return False


def is_stopped(pid: int) -> bool:
    """Whether no thread of a process runs until it is told to go on; true where that cannot be seen."""
    if sys.platform != "linux":
        return True
    try:
        return all(_state(pid, thread) in ("T", "Z", "X") for thread in os.listdir(f"/proc/{pid}/task"))
    except OSError:  # it has ended
        return True


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that the main thread of a process has used; 0 where that cannot be seen."""
    try:
        return int(_read(f"/proc/{pid}/schedstat").split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _has_ended(pid: int, thread: str) -> bool:
    try:
        return _state(pid, thread) in ("Z", "X")
    except OSError:
        return True


def _state(pid: int, thread: str) -> str:
    stat = _read(f"/proc/{pid}/task/{thread}/stat")
    return stat[stat.rindex(")") + 2 :][:1]


def _read(path: str) -> str:
    fd = os.open(path, os.O_RDONLY)
    try:
        return os.read(fd, 4096).decode("ascii", "replace")
    finally:
        os.close(fd)


_NEAR = 200
"""Numbers of processes that are asked for one by one; where there are more, all that there are is gone through."""
_LOOKS = 5


def processes_of_namespace(namespace: int, host: int, after: int, others: set[int]) -> list[int]:
    """List the living processes in a PID namespace, given by the inode of its ``/proc/PID/ns/pid``.

    ``host`` is the number of its first process, which is not listed, and ``after`` one that is lower than those of the
    others: numbers are given out upwards, as long as the last one given out does not begin anew. Where that is not so,
    ``others`` holds those known not to be in it, or to have ended; those found out are added, so that the next look is
    quick.

    A process that ends during the look may have left a child that the look missed: then it is repeated.
    """
    for _ in range(_LOOKS):
        last = last_number()
        if not after <= last <= after + _NEAR:
            return [pid for pid in _among_all(namespace, others) if pid != host]
        found = [pid for pid in range(after + 1, last + 1) if _is_in(namespace, pid) and _is_process(pid)]
        if last_number() == last:
            break
    return [pid for pid in found if pid != host]


def last_number() -> int:
    """Give the number of the process or thread that was started last; 0 where that cannot be seen."""
    try:
        return int(_read("/proc/loadavg").split()[-1])
    except (OSError, ValueError, IndexError):
        return 0


def _is_in(namespace: int, pid: int) -> bool:
    try:
        return os.stat(f"/proc/{pid}/ns/pid").st_ino == namespace and not _has_ended(pid, str(pid))
    except OSError:  # it is not there, or not ours to look at: then it is none of ours
        return False


def _is_process(pid: int) -> bool:
    """Whether a number is that of a process, and not of one of its further threads."""
    try:
        return f"\nTgid:\t{pid}\n" in _read(f"/proc/{pid}/status")
    except OSError:
        return False


def _among_all(namespace: int, others: set[int]) -> list[int]:
    for _ in range(_LOOKS):
        found, some_ended = [], False
        for name in os.listdir("/proc"):
            if not name.isdigit() or (pid := int(name)) in others:
                continue
            try:
                inside = os.stat(f"/proc/{pid}/ns/pid").st_ino == namespace
            except FileNotFoundError:
                some_ended = True
                continue
            except OSError:  # it is not ours to look at, so it is none of ours
                inside = False
            if inside and not _has_ended(pid, name):
                found.append(pid)
            else:
                others.add(pid)
                some_ended = some_ended or inside
        if not some_ended:
            break
    return found


def processes_of_user(user: int) -> list[int]:
    """List the living processes of a user."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                line = next(line for line in _read(f"/proc/{name}/status").splitlines() if line.startswith("Uid:"))
                if int(line.split()[1]) == user and not _has_ended(int(name), name):
                    found.append(int(name))
            except (OSError, StopIteration):  # it has just ended
                continue
    return found
