"""Take from this process, for good, what a program has no use for: resources, capabilities, system calls.

Runs inside the sandbox, and in a program's own interpreter where there is none; standard library only (Linux).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import struct
import time
from collections.abc import Mapping, Sequence

CLONE_NEWNS, CLONE_NEWIPC, CLONE_NEWPID, CLONE_NEWNET = 0x00020000, 0x08000000, 0x20000000, 0x40000000
CLONE_NEWUSER = 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 4, 22, 38
PR_SET_PTRACER, PR_SET_CHILD_SUBREAPER = 0x59616D61, 36
SECCOMP_MODE_FILTER = 2
CAPABILITY_VERSION_3 = 0x20080522
NO_CAPABILITIES = struct.pack("Ii", CAPABILITY_VERSION_3, 0)  # of the process itself

libc = ctypes.CDLL(None, use_errno=True)


class _Filter(ctypes.Structure):
    """``struct sock_fprog`` of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def check(result: int, what: str) -> None:
    """Raise what libc's errno says if ``result`` is not zero."""
    if result != 0:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def become_user(uid: int) -> None:
    """Be another user from now on, who owns nothing here."""
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def adopt_orphans() -> None:
    """Become the parent of what programs leave behind.

    A container's PID 1 may never wait for them, and they would count as processes of the user for ever.
    """
    check(libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "to adopt orphans")


def keep_mounts_apart() -> bool:
    """See that what is mounted from now on is seen here alone; false where that is refused."""
    if libc.unshare(CLONE_NEWNS) != 0:
        return False
    keep_mounts_private()
    return True


def keep_mounts_private() -> None:
    """Have mounts here and those of the namespace that this one was copied from go separate ways."""
    check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "private mounts")


def may_have_namespaces() -> bool:
    """Whether this process, which is root, may make namespaces without being root of a user namespace."""
    pid = os.fork()
    if pid == 0:
        os._exit(0 if libc.unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET) == 0 else 1)
    return os.waitpid(pid, 0)[1] == 0


def end_all_of(user: int, proc: int, within: float = 10.0) -> None:
    """End every process of a user, however quickly they start new ones. Only root can.

    The kernel ends them all in one go, for a process of that user which names none. ``proc`` is a descriptor of
    ``/proc``, where it is seen whether anybody is left.
    """
    begin = time.monotonic()
    while _lives(user, proc) and time.monotonic() - begin < within:
        pid = os.fork()
        if pid == 0:
            try:
                become_user(user)
                os.kill(-1, signal.SIGKILL)
            finally:
                os._exit(0)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                continue


def _lives(user: int, proc: int) -> bool:
    """Whether a process of a user is left that has not ended."""
    for name in os.listdir(proc):
        if name.isdigit():
            with contextlib.suppress(OSError):  # it has just ended
                fd = os.open(f"{name}/status", os.O_RDONLY, dir_fd=proc)
                status = os.read(fd, 4096)
                os.close(fd)
                if b"\nUid:\t%d\t" % user in status and b"\nState:\tZ" not in status:
                    return True
    return False


def remove(folder: str, *, itself: bool = True) -> None:
    """Remove a folder and all in it, or all in it alone; links are not followed. What cannot be removed stays.

    Step by step, since programs make folders deeper than a path can name, or a function call itself.
    """
    with contextlib.suppress(OSError):
        if itself:
            os.chmod(folder, 0o700)
        at = os.open(folder, _A_FOLDER)
        above: list[tuple[str, list[str]]] = []  # of each folder on the way down, its name and what is left beside it
        left = _emptied(at)
        while left or above:
            if left:
                name = left.pop()
                with contextlib.suppress(OSError):
                    os.chmod(name, 0o700, dir_fd=at)
                    inner = os.open(name, _A_FOLDER, dir_fd=at)
                    os.close(at)
                    at = inner
                    above.append((name, left))
                    left = _emptied(at)
            else:
                name, left = above.pop()
                outer = os.open("..", _A_FOLDER, dir_fd=at)
                os.close(at)
                at = outer
                with contextlib.suppress(OSError):
                    os.rmdir(name, dir_fd=at)
        os.close(at)
    if itself:
        with contextlib.suppress(OSError):
            os.rmdir(folder)


_A_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def _emptied(folder: int) -> list[str]:
    """Remove what is in a folder but other folders; give their names."""
    folders = []
    with os.scandir(folder) as listing:
        entries = list(listing)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            folders.append(entry.name)
        else:
            with contextlib.suppress(OSError):
                os.unlink(entry.name, dir_fd=folder)
    return folders


def hide() -> None:
    """Let no process of the same user look into this one, or write to it."""
    check(libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "not to be looked into")


def limits_here(limits: Mapping[str, int]) -> list[tuple[int, tuple[int, int]]]:
    """Give limits as `confine` takes them: each resource with its soft and hard limit, as far as this process may.

    ``limits`` are those of the module ``resource``, such as ``{"RLIMIT_NPROC": 128}``.
    """
    found = []
    for name, limit in limits.items():
        number = getattr(resource, name)
        _, hard = resource.getrlimit(number)
        least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        grace = 1 if name == "RLIMIT_CPU" else 0  # the signal of the soft limit first, the end one second later
        found.append((number, (least, least + grace if hard == resource.RLIM_INFINITY else least)))
    return found


def filter_here(refused: bytes) -> _Filter | None:
    """Give a filter of system calls, which is as the kernel takes it, as `confine` takes it; none where it is empty."""
    return _Filter(len(refused) // 8, refused) if refused else None


def confine(limits: Sequence[tuple[int, tuple[int, int]]], refused: _Filter | None) -> None:
    """Limit this process and all that it starts, which get no more even if they ask."""
    check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    check(libc.capset(NO_CAPABILITIES, bytes(24)), "no capabilities")
    for number, limit in limits:
        resource.setrlimit(number, limit)
    check(libc.prctl(PR_SET_DUMPABLE, 1, 0, 0, 0), "to be looked into")  # by the grader, which sees it wait
    libc.prctl(PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)  # where Yama would refuse it; without Yama, nothing
    if refused:
        check(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(refused), 0, 0), "refused system calls")
