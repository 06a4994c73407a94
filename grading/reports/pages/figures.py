"""A class in figures: one pass over its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from grading.reports.pages.about import ClassAbout, Idea
from grading.reports.rows import CheckRow, Row

BINS = (*(f"{low}\N{EN DASH}{low + 9}" for low in range(0, 100, 10)), "100")
"""Scores in percent of what could be had, rounded down; full marks stand for themselves."""


@dataclass
class Share:
    """How one check went."""

    title: str
    program: str
    order: tuple[int, ...]
    verdicts: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.verdicts.total()

    @property
    def passed(self) -> int:
        return self.verdicts["passed"]

    @property
    def percent(self) -> int:
        """Rounded down: 100 % is everybody."""
        return 100 * self.passed // self.total

    @property
    def parts(self) -> list[tuple[str, float, float]]:
        """Give each verdict's beginning and length in a bar of 100."""
        parts, start = [], 0.0
        for verdict in ("passed", "failed", "skipped", "error"):
            length = 100 * self.verdicts[verdict] / self.total
            if length:
                parts.append((verdict, round(start, 2), round(length, 2)))
            start += length
        return parts


@dataclass
class Met:
    """One cause, and who met it."""

    slug: str
    title: str
    students: int
    programs: Mapping[str, int]
    """Students by program, most first."""
    reads: tuple[str, ...]


@dataclass
class Missed:
    """One idea, and how many missed it."""

    idea: Idea
    students: int
    causes: Sequence[Met]


class Figures:
    """What a class comes to. ``rows`` are those that were graded are counted in; all others only by their status."""

    def __init__(self, rows: Iterable[Row], about: ClassAbout) -> None:
        self.statuses: Counter[str] = Counter()
        self.isolations: Counter[str] = Counter()
        self.scores: list[float] = []
        self.percents: list[int] = []
        self.max_scores: set[float] = set()
        self._shares: dict[str, Share] = {}
        self._causes: Counter[str] = Counter()
        self._places: dict[str, Counter[str]] = {}
        self._ideas: Counter[Idea] = Counter()
        self.without_an_idea = 0
        """Students with a failure that has no idea behind it: nothing there to be run, or a crash."""
        self._about = about
        for row in rows:
            self._count(row)

    def _count(self, row: Row) -> None:
        self.statuses[row.status] += 1
        if row.status not in ("graded", "incomplete"):
            return
        self.isolations[row.isolation] += 1
        self.scores.append(row.score)
        self.percents.append(percent(row))
        self.max_scores.add(row.max_score)
        for check in row.checks:
            self._share(check).verdicts[check.verdict] += 1
        met = {(check.cause, check.program) for check in row.checks if check.verdict == "failed" and check.cause}
        slugs = {slug for slug, _ in met if slug}
        self._causes.update(slugs)
        for slug, program in met:
            self._places.setdefault(slug or "", Counter())[program] += 1
        ideas = self._about.ideas
        self._ideas.update({ideas[slug] for slug in slugs if slug in ideas})
        self.without_an_idea += any(slug not in ideas for slug in slugs)

    def _share(self, check: CheckRow) -> Share:
        if check.check not in self._shares:
            self._shares[check.check] = Share(check.title, check.program, order_of(check.number))
        return self._shares[check.check]

    @property
    def students(self) -> int:
        return self.statuses.total()

    @property
    def graded(self) -> int:
        return len(self.scores)

    @property
    def median(self) -> float:
        return median(self.scores)

    @property
    def mean(self) -> float:
        return mean(self.scores)

    @property
    def full(self) -> int:
        return sum(each == 100 for each in self.percents)

    @property
    def bins(self) -> list[int]:
        counts = Counter(each // 10 for each in self.percents)
        return [counts[place] for place in range(len(BINS))]

    @property
    def programs(self) -> dict[str, list[Share]]:
        """Give the checks by program, in the rubric's order."""
        programs: dict[str, list[Share]] = {}
        for share in sorted(self._shares.values(), key=lambda share: share.order):
            programs.setdefault(share.program, []).append(share)
        return programs

    @property
    def causes(self) -> list[Met]:
        """Give the causes, those that most students met first."""
        return [self._met(slug) for slug, _ in _ranked(self._causes)]

    @property
    def missed(self) -> list[Missed]:
        """Give the ideas, those that most students missed first."""
        order = sorted(self._ideas.items(), key=lambda item: (-item[1], item[0].title))
        by_idea: dict[Idea, list[Met]] = {}
        for met in self.causes:
            if met.slug in self._about.ideas:
                by_idea.setdefault(self._about.ideas[met.slug], []).append(met)
        return [Missed(idea, students, by_idea[idea]) for idea, students in order]

    def _met(self, slug: str) -> Met:
        programs = dict(_ranked(self._places[slug]))
        places = (self._about.reads.get((slug, program), "") for program in programs)
        reads = tuple(place for place in dict.fromkeys(places) if place)
        return Met(slug, self._about.causes.get(slug, slug), self._causes[slug], programs, reads)


def percent(row: Row) -> int:
    """Give a score in percent of what could be had, rounded down, between 0 and 100."""
    return max(0, min(100, int(100 * row.score / row.max_score + 1e-9))) if row.max_score > 0 else 0


def order_of(number: str) -> tuple[int, ...]:
    """Order numbers of the rubric: ``1.10`` comes after ``1.9``."""
    return tuple(int(part) for part in re.findall(r"\d+", number))


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
