# What: Leaves by os._exit(0) at once.
# Earns: nothing
# Cause: *
import os

os._exit(0)
