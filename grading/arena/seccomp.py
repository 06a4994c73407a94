"""The system calls that are refused to programs, as filters which the kernel runs: one for each kind of machine.

libseccomp writes them, through pyseccomp, its binding: ``python -m grading.arena.seccomp`` makes the files in
``inside/`` anew, and a test makes them again and compares. So grading itself needs neither of the two.

What is refused is what a socket program never needs and attacks are made of; all else is left, since the standard
library is free to use anything. Namespaces, user ids and limits do the rest (see ``SECURITY.md``).
"""

from __future__ import annotations

import errno
import platform
from pathlib import Path

MACHINES = {"x86_64": "X86_64", "aarch64": "AARCH64"}
"""Names of machines, as ``uname -m`` and as libseccomp has them."""

REFUSED = (
    # Looking into other processes, and taking what is theirs
    *("ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "pidfd_getfd", "kcmp", "userfaultfd"),
    *("perf_event_open", "lookup_dcookie", "get_kernel_syms"),
    # Namespaces and mounts
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "move_mount", "open_tree", "fsopen"),
    *("fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at", "name_to_handle_at"),
    # Keys are kept by user, across all namespaces
    *("keyctl", "add_key", "request_key"),
    # Memory that counts for nobody, and what outlives its processes
    *("memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "semget", "semctl", "msgget", "msgctl", "mq_open"),
    # Parts of the kernel that few programs use, and exploits like
    *("bpf", "io_uring_setup", "io_uring_enter", "io_uring_register", "vmsplice", "modify_ldt", "uselib", "ustat"),
    # The machine's own affairs
    *("init_module", "finit_module", "delete_module", "create_module", "query_module", "kexec_load"),
    *("kexec_file_load", "reboot", "swapon", "swapoff", "acct", "quotactl", "quotactl_fd", "syslog", "nfsservctl"),
    *("settimeofday", "clock_settime", "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "vhangup"),
    *("iopl", "ioperm", "personality", "_sysctl", "sysfs", "fanotify_init", "fanotify_mark", "move_pages"),
    *("migrate_pages", "mbind", "set_mempolicy"),
)
"""System calls that are answered with "not permitted"."""

_NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000)
_FAMILIES = (1, 2, 10, 16)  # AF_UNIX, AF_INET, AF_INET6, AF_NETLINK
_HIGHEST_FAMILY = 64
_PR_SET_DUMPABLE, _PR_SET_MM = 4, 35
_TREE = 2
"""The kernel tries a filter on each call when a program takes it. In a tree that takes 0.1 ms, in a row 0.4."""
_FOLDER = Path(__file__).parent / "inside"


def filter_of(machine: str = "") -> bytes:
    """Give the filter for a kind of machine (this one) as an array of ``sock_filter``; empty where there is none."""
    path = _FOLDER / f"{machine or platform.machine()}.bpf"
    return path.read_bytes() if path.is_file() else b""


def make_filter(machine: str) -> bytes:
    """Have libseccomp make the filter anew. Raises ``ImportError`` where pyseccomp or libseccomp is missing."""
    import os

    import pyseccomp as seccomp

    refuse, unknown = seccomp.ERRNO(errno.EPERM), seccomp.ERRNO(errno.ENOSYS)
    made = seccomp.SyscallFilter(seccomp.ALLOW)
    made.set_attr(seccomp.Attr.CTL_OPTIMIZE, _TREE)
    wanted = getattr(seccomp.Arch, MACHINES[machine])
    if not made.exist_arch(wanted):
        made.add_arch(wanted)
        made.remove_arch(seccomp.Arch.NATIVE)
    for name in REFUSED:
        made.add_rule(refuse, name)
    made.add_rule(unknown, "clone3")  # its flags lie in memory, where a filter cannot look: libc then takes clone
    for flag in _NEW_NAMESPACES:
        made.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, flag, flag))
    strange = seccomp.ERRNO(errno.EAFNOSUPPORT)  # what the kernel says of families that it does not have
    for family in range(_HIGHEST_FAMILY):
        if family not in _FAMILIES:
            made.add_rule(strange, "socket", seccomp.Arg(0, seccomp.EQ, family))
    made.add_rule(strange, "socket", seccomp.Arg(0, seccomp.GE, _HIGHEST_FAMILY))
    made.add_rule(refuse, "socket", seccomp.Arg(0, seccomp.EQ, 16), seccomp.Arg(2, seccomp.NE, 0))
    made.add_rule(
        refuse, "prlimit64", seccomp.Arg(0, seccomp.NE, 0)
    )  # the limits of others, the arena's host among them
    for option in (_PR_SET_DUMPABLE, _PR_SET_MM):
        made.add_rule(refuse, "prctl", seccomp.Arg(0, seccomp.EQ, option))
    inside, outside = os.pipe()
    with os.fdopen(inside, "rb") as read:
        with os.fdopen(outside, "wb") as write:
            made.export_bpf(write)
        return read.read()


def main() -> None:
    """Write the files anew."""
    for machine in MACHINES:
        (_FOLDER / f"{machine}.bpf").write_bytes(make_filter(machine))


if __name__ == "__main__":
    main()
