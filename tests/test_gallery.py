"""Real programs and real mistakes get exactly the verdicts they deserve."""

from __future__ import annotations

import pytest

from tests.gallery.entries import Entry, differences, grade, read_gallery

GALLERY = read_gallery()


@pytest.mark.parametrize("entry", GALLERY, ids=lambda entry: entry.name)
def test_gets_its_verdicts(entry: Entry) -> None:
    assert differences(entry, grade(entry.path, entry.program)) == []


def test_every_entry_says_what_it_is() -> None:
    assert [entry.name for entry in GALLERY if not entry.what] == []
    assert [entry.name for entry in GALLERY if not entry.fair and not (entry.cause and entry.fails)] == []
    assert [entry.name for entry in GALLERY if entry.fair and (entry.cause or entry.fails or entry.skips)] == []


def test_the_gallery_is_large_enough_to_mean_something() -> None:
    assert sum(entry.fair for entry in GALLERY) >= 25
    assert sum(not entry.fair for entry in GALLERY) >= 45
