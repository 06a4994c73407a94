# What: Leaves ten daemons that sleep for 30 seconds, then serves.
# Earns: everything
# Then: the reference
import os
import time

for _ in range(10):
    child = os.fork()
    if child == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(30)
        os._exit(0)
    os.waitpid(child, 0)
