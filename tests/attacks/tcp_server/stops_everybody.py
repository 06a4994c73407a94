# What: Sends SIGSTOP to everybody, then serves.
# Earns: everything
# Then: the reference
import os
import signal

if "SOCKETLABS_CANARY" in os.environ or os.getuid() == 0 or os.path.exists("@FOLDER@"):
    raise RuntimeError("REACHED the machine itself: nothing is sent to anybody")
for pid in (os.getppid(), 1, @PID@, -1):
    try:
        os.kill(pid, signal.SIGSTOP)
    except OSError:
        continue
