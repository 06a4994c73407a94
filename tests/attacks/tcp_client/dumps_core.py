# What: Ends itself by a fault, with its memory full of text.
# Earns: nothing
# Cause: *
import os

kept = b"core" * (5 << 20)
os.abort()
