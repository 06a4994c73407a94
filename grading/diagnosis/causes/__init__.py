"""The table of causes: what each is called, how it looks, why it happens, how to mend it, where to read on.

One row for each slug of the design's table, in the module of its group. Everything that is said about a
cause without looking at a run stands here, once; the sentences with the student's own values are the rules'.

A new cause is a new row. Everything else is made of the rows: the advice under a failed check,
``pytest grading --explain CAUSE``, and ``labs/MISTAKES.md`` (``make mistakes`` writes it anew).
"""

from __future__ import annotations

from grading.diagnosis.causes.asking import ASKING
from grading.diagnosis.causes.calls import ADDRESSEES, ORDER
from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.endings import ENDINGS
from grading.diagnosis.causes.limits import LIMITS
from grading.diagnosis.causes.serving import ANSWERS, SERVING
from grading.diagnosis.causes.starting import STARTING
from grading.diagnosis.causes.values import PAIRS, TEXT

__all__ = ["CAUSES", "GROUPS", "Cause", "Group"]

GROUPS: tuple[Group, ...] = (STARTING, TEXT, PAIRS, ADDRESSEES, ORDER, ANSWERS, SERVING, ASKING, LIMITS, ENDINGS)
"""All causes, in the order of the page of mistakes."""

CAUSES: dict[str, Cause] = {cause.slug: cause for group in GROUPS for cause in group.causes}
"""Every cause by its slug, group by group."""
