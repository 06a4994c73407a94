# What: Makes 12,000 empty files, and waits.
# Earns: nothing
# Cause: crash|too-much-output
import time

for number in range(12_000):
    open(f"file{number}", "w").close()
time.sleep(10)
