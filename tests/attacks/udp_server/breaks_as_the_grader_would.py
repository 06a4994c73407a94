# What: Ends with the status, and the words, that the grader's own launcher has for a fault of its own.
# Earns: nothing
# Cause: *
import os
import sys

sys.stderr.write("the grader could not start the program: OSError(28, 'No space left on device')\n")
sys.stderr.flush()
os._exit(250)
