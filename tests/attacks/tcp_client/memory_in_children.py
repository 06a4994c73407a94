# What: Twelve children take 60 MB each, 5 MB at a time: less than a process may, and more than all may together.
# Earns: nothing
# Cause: out-of-memory
import os
import time

for _ in range(12):
    if os.fork() == 0:
        kept = []
        for _ in range(12):
            kept.append(bytearray(os.urandom(1 << 10) * (5 << 10)))
            time.sleep(0.02)
        time.sleep(10)
        os._exit(0)
time.sleep(10)
