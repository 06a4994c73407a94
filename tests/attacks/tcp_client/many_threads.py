# What: Starts threads without end: 2,000 at most, which end by themselves.
# Earns: nothing
# Cause: too-many-processes
import threading
import time

for _ in range(2000):
    threading.Thread(target=time.sleep, args=(10,), daemon=True).start()
time.sleep(10)
