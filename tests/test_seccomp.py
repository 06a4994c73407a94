"""The filters of system calls: what libseccomp makes of the list is what lies beside the code, and what is refused."""

from __future__ import annotations

import os
import platform

import pytest

from grading.arena import Arena
from grading.arena.seccomp import MACHINES, REFUSED, filter_of, make_filter
from tests.test_arena import screen_of


@pytest.mark.parametrize("machine", MACHINES)
def test_the_filter_of_each_machine_is_the_one_that_libseccomp_makes(machine: str) -> None:
    try:
        import pyseccomp
    except (ImportError, RuntimeError) as missing:  # the second where libseccomp itself is missing
        if os.environ.get("CI") and platform.system() == "Linux":
            raise
        pytest.skip(str(missing))
    assert pyseccomp
    assert filter_of(machine) == make_filter(machine)


def test_there_is_none_for_other_machines() -> None:
    assert filter_of("pdp11") == b""


def test_a_program_is_refused_what_the_list_names(private: Arena) -> None:
    """By the number that each has here; those that this machine does not have are not in its filter."""
    pyseccomp = pytest.importorskip("pyseccomp")
    numbers = {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in REFUSED}
    there = {name: number for name, number in numbers.items() if number >= 0}
    assert len(there) > 60
    screen = screen_of(
        private,
        f"""
        import ctypes, errno
        libc = ctypes.CDLL(None, use_errno=True)
        for name, number in {there!r}.items():
            if libc.syscall(number, -1, -1, -1, -1, -1, -1) != -1 or ctypes.get_errno() != errno.EPERM:
                print(name, ctypes.get_errno())
        """,
    )
    assert screen == ""


def test_a_program_is_refused_sockets_that_are_no_part_of_the_labs(private: Arena) -> None:
    screen = screen_of(
        private,
        """
        import errno, socket
        refused = []
        for family in range(0, 64):
            try:
                socket.socket(family, socket.SOCK_RAW, 0).close()
                print("raw", family)
            except OSError:
                pass
            try:
                socket.socket(family, socket.SOCK_DGRAM, 0).close()
                print(family)
            except OSError:
                pass
        """,
    )
    allowed = {"raw 1", "1", "2", "10", "raw 16", "16"}  # Unix (its raw is a datagram socket), IP, netlink's routes
    assert set(screen.splitlines()) <= allowed
    assert {"1", "2"} <= set(screen.splitlines())
