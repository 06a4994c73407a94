# What: Takes 2 GB in steps of 20 MB.
# Earns: nothing
# Cause: out-of-memory
import time

kept = []
for _ in range(100):
    kept.append(b"x" * (20 << 20))
time.sleep(10)
