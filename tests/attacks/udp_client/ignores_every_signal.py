# What: Ignores and blocks every signal, and computes for 20 seconds.
# Earns: nothing
# Cause: hang|nothing-sent
import contextlib
import signal
import time

for number in signal.valid_signals():
    with contextlib.suppress(OSError, ValueError):
        signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
end = time.monotonic() + 20
while time.monotonic() < end:
    pass
