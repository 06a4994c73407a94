"""One run as an ordered conversation: the socket calls of both ends, merged, compared and drawn.

Imports nothing else of ours, so that the notebooks can use it too.
"""

from grading.transcript.calls import Call, Record, read_record
from grading.transcript.comparison import Parting, first_parting
from grading.transcript.conversation import Conversation, Note, Party, Step
from grading.transcript.merging import converse
from grading.transcript.recording import Recording
from grading.transcript.witness import WitnessSocket

__all__ = [
    "Call",
    "Conversation",
    "Note",
    "Parting",
    "Party",
    "Record",
    "Recording",
    "Step",
    "WitnessSocket",
    "converse",
    "first_parting",
    "read_record",
]
