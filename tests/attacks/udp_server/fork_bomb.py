# What: Starts processes as fast as it can: 300 at most, which end by themselves.
# Earns: nothing
# Cause: too-many-processes
import os
import time

for _ in range(300):
    if os.fork() == 0:
        time.sleep(10)
        os._exit(0)
time.sleep(10)
