"""Finds the programs of one submission: a folder, a zip, or a single file.

What is handed in is not trusted, and not tidy. Three rules hold everywhere in this room:

- nothing is followed out of the submission: symbolic links, pipes and devices are named, never opened;
- nothing is taken silently: where there was a choice, a note says what was taken;
- bounds hold on what is really there (bytes read, entries seen), not on what a header claims.

What is no submission at all raises ``NotASubmission``; a submission that lacks a program, or has a bad
one, is a submission all the same, and the program says what is wrong with it. Imports nothing else of
ours.
"""

from grading.submission.found import FoundProgram, Submission, open_submission
from grading.submission.tree import NotASubmission

__all__ = ["FoundProgram", "NotASubmission", "Submission", "open_submission"]
