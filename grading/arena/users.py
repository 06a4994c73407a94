"""A user of nobody's, for programs to run as where the grader is root."""

from __future__ import annotations

import os
import random
import socket

FIRST, LAST = 61_184, 65_519
"""User ids that no account has: those from which systemd takes the users it makes for a service's time."""


class UserUnavailable(Exception):  # noqa: N818  a state of the machine
    """No such user is left."""


class SpareUser:
    """A user id that no other grading on this machine uses meanwhile."""

    def __init__(self) -> None:
        """Take one. Raises `UserUnavailable`."""
        begin, number = random.SystemRandom().randrange(LAST + 1 - FIRST), LAST + 1 - FIRST
        for step in range(number):
            self.uid = FIRST + (begin + step) % number
            if self._take(self.uid):
                return
        raise UserUnavailable("every user id that programs could be run as is in use")

    def _take(self, uid: int) -> bool:
        """Take a number by a name that the kernel lets one process have, until that has ended."""
        self._held = socket.socket(socket.AF_UNIX)
        try:
            self._held.bind(f"\0socketlabs-user-{uid}")
        except OSError:
            self._held.close()
            return False
        return True

    def close(self) -> None:
        """Let others have it."""
        self._held.close()


def is_root() -> bool:
    """Whether this process may become another user."""
    return hasattr(os, "geteuid") and os.geteuid() == 0
