# What: Each of its processes starts others, whatever is refused; 400 in all at most, for 10 seconds.
# Earns: nothing
# Cause: too-many-processes|hang|missing-bind|out-of-time
import mmap
import os
import time

count = mmap.mmap(-1, 400)
end = time.monotonic() + 10
while time.monotonic() < end:
    place = count.find(b"\0")
    if place < 0:
        time.sleep(1)
        continue
    count[place] = 1
    try:
        os.fork()
    except OSError:
        count[place] = 0
        time.sleep(0.01)
