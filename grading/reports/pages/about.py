"""What is to be said of a class beside its rows, in words that others have written down already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ISOLATION: Mapping[str, str] = {
    "bwrap": "Each program ran in a private network of its own (bubblewrap).",
    "user": "The programs ran as a user who owns nothing, locked into a folder (isolation: user).",
    "none": "The programs ran on this machine's own loopback, with the grader's rights: bubblewrap was not used.",
}
"""Each level of isolation, said aloud."""


@dataclass(frozen=True)
class Idea:
    """What several causes have in common: what has to be understood to avoid them."""

    title: str
    """Such as ``Serving for ever``."""
    about: str
    """The idea, in a sentence."""


@dataclass(frozen=True)
class ClassAbout:
    """A class beside its rows. Reports know no table of causes: who calls them hands in what it says."""

    layout: str
    """How the submissions were found, such as ``Canvas's bulk download``."""
    title: str = "Socket Labs"
    causes: Mapping[str, str] = field(default_factory=dict)
    """Each cause's title by its slug; a slug that is not there stands for itself."""
    reads: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Where to read on, by slug and program: ``notebooks/04_udp.ipynb, step 6``."""
    ideas: Mapping[str, Idea] = field(default_factory=dict)
    """The idea behind a cause, by slug. Causes without one (a missing file, a crash) are left out."""
    strays: tuple[str, ...] = ()
    """Files that belong to no student."""
    unreadable: tuple[str, ...] = ()
    """Files that could not be read."""
    notes: tuple[str, ...] = ()
    """Sentences about the class as a whole, such as who is not on the roster."""
