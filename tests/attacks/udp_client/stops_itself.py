# What: Stops itself, and all of its group.
# Earns: nothing
# Cause: hang|nothing-sent
import os
import signal

if "SOCKETLABS_CANARY" in os.environ or os.getuid() == 0:
    raise RuntimeError("REACHED the machine itself: nothing is stopped")
signal.alarm(20)
os.killpg(os.getpgrp(), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGSTOP)
signal.pause()
