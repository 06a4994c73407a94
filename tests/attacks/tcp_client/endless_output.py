# What: Prints without end: for 20 seconds, or 300 MB.
# Earns: nothing
# Cause: too-much-output
import os
import time

end = time.monotonic() + 20
left = 300 << 20
line = b"x" * 65535 + b"\n"
while time.monotonic() < end and left > 0:
    left -= os.write(1, line)
