"""One run of a program as an ordered conversation: the socket calls it made.

Imports nothing else of ours, so that the notebooks can use it too.
"""

from grading.transcript.calls import Call, Record, read_record

__all__ = ["Call", "Record", "read_record"]
