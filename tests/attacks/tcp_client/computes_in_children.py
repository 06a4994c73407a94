# What: Twenty children compute for 15 seconds.
# Earns: nothing
# Cause: hang|out-of-time|nothing-sent|missing-connect
import os
import time

for _ in range(20):
    if os.fork() == 0:
        break
end = time.monotonic() + 15
while time.monotonic() < end:
    pass
