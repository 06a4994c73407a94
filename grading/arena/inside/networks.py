"""Namespaces for an arena, and what is in them: a network with one machine, and files of its own.

Runs inside the sandbox; standard library only (Linux).
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
from _socket import socket as Socket  # noqa: N812  a class: that of C, which the recorder leaves as it is

import confinement  # type: ignore[import-not-found]  # beside this file

MS_NOSUID, MS_NODEV, MS_BIND, MNT_DETACH = 0x2, 0x4, 0x1000, 0x2
SIOCSIFFLAGS, IFF_UP, IFF_LOOPBACK, IFF_RUNNING = 0x8914, 0x1, 0x8, 0x40
NETLINK_ROUTE = 0
ROOT = "/tmp"  # the sandbox's own file system; a program sees its arena's folder there, and no other
PLACES = (b"/dev/shm", ROOT.encode())  # where a program may write; what is mounted last hides all other folders
MESSAGE = 65536
SYS_CLONE = {"x86_64": 56, "aarch64": 220}

libc, check = confinement.libc, confinement.check


def clone(*, as_root: bool) -> int:
    """Fork a child into new network, PID and mount namespaces, as their PID 1; give its PID, or 0.

    Unless this process is root, it needs a user namespace for that. The system call itself, because ``unshare`` and
    two forks take 2 ms longer. The child has one thread, as has this process, so nothing of the interpreter's state
    is lost by going past ``os.fork``.
    """
    flags = confinement.CLONE_NEWNET | confinement.CLONE_NEWPID | confinement.CLONE_NEWNS | signal.SIGCHLD
    flags |= confinement.CLONE_NEWIPC if as_root else confinement.CLONE_NEWUSER
    pid = libc.syscall(SYS_CLONE[os.uname().machine], flags, 0, 0, 0, 0)
    if pid < 0:
        raise OSError(ctypes.get_errno(), f"new namespaces: {os.strerror(ctypes.get_errno())}")
    return int(pid)


def furnish(folder: str, disk: int, *, as_root: bool) -> None:
    """Make the new namespaces fit for programs: ``lo`` up, every address ours, a ``/tmp`` of their own.

    Root mounts file systems of ``disk`` bytes; others have a folder of the sandbox's.
    """
    if as_root:
        size = f"mode=1777,size={disk}".encode()
        for place in PLACES:
            check(libc.mount(b"tmpfs", place, b"tmpfs", MS_NOSUID | MS_NODEV, size), "the arena's own files")
    else:
        for place, own in zip(PLACES, own_folders(folder), strict=True):
            os.mkdir(own)
            check(libc.mount(own.encode(), place, None, MS_BIND, None), "the arena's own files")
    bring_up_loopback()
    route_every_address_here()


def leave(folder: str, *, as_root: bool) -> None:
    """Undo `furnish`, remove what programs have left, and move into a new network."""
    for place in reversed(PLACES):
        check(libc.umount2(place, MNT_DETACH), "to leave the arena's own files")
    if not as_root:
        remove(folder)
    apart = confinement.CLONE_NEWNET | (confinement.CLONE_NEWIPC if as_root else 0)
    check(libc.unshare(apart), "a new network")


def remove(folder: str) -> None:
    """Remove an arena's folders, where it has no file systems of its own."""
    for own in own_folders(folder):
        confinement.remove(own)


def own_folders(folder: str) -> tuple[str, str]:
    """Give the folders that stand at `PLACES` in an arena, where those are no file systems of its own."""
    return f"{folder}.shm", folder


def bring_up_loopback() -> None:
    """Bring ``lo`` up, as ``ip link set lo up`` would."""
    any_socket = Socket(socket.AF_INET, socket.SOCK_DGRAM)
    fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP | IFF_LOOPBACK | IFF_RUNNING))
    any_socket.close()


def route_every_address_here() -> None:
    """Make every IPv4 address one of this machine's: ``ip route add local default dev lo``."""
    create, excl, request, ack = 0x400, 0x200, 0x1, 0x4
    table_main, by_boot, scope_host, route_local = 254, 3, 254, 2
    route = struct.pack("BBBBBBBBI", socket.AF_INET, 0, 0, 0, table_main, by_boot, scope_host, route_local, 0)
    out_interface = struct.pack("HHi", 8, 4, socket.if_nametoindex("lo"))
    body = route + out_interface
    header = struct.pack("IHHII", 16 + len(body), 24, request | ack | create | excl, 1, 0)
    netlink = Socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE)
    netlink.sendto(header + body, (0, 0))
    errno = struct.unpack("i", netlink.recv(MESSAGE)[16:20])[0]
    netlink.close()
    if errno:
        raise OSError(-errno, f"route to loopback: {os.strerror(-errno)}")
