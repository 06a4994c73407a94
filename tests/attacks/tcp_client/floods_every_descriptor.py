# What: Writes garbage to every descriptor that there is, makes its pipes small and asks for signals, then asks properly.
# Earns: everything
# Then: the reference
import contextlib
import fcntl
import os

garbage = os.urandom(1 << 16)
for number in range(256):
    with contextlib.suppress(OSError):
        fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
    with contextlib.suppress(OSError):
        fcntl.fcntl(number, 1031, 4096)  # F_SETPIPE_SZ
    with contextlib.suppress(OSError):
        fcntl.fcntl(number, fcntl.F_SETOWN, 1)
    for _ in range(20):
        with contextlib.suppress(OSError):
            os.write(number, garbage)
for number in range(3):
    with contextlib.suppress(OSError):
        os.set_blocking(number, True)
