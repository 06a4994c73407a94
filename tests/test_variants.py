"""Programs put together at random from what students write lose no point, and are told nothing that is not so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.gallery.entries import grade_all
from tests.gallery.variants import GRAMMARS, Variant, draw_variants

OF_EACH = 75
START = 20250


@pytest.fixture(scope="module")
def drawn() -> list[Variant]:
    """Draw the programs: the same ones each time."""
    return [variant for program in GRAMMARS for variant in draw_variants(program, OF_EACH, START)]


@pytest.fixture(scope="module")
def graded(drawn: list[Variant]) -> list[tuple[Variant, Mapping[str, Any]]]:
    """Grade them all, once."""
    programs = [(variant.text, variant.program) for variant in drawn]
    return list(zip(drawn, grade_all(programs), strict=True))


def test_the_programs_are_many_and_differ(drawn: list[Variant]) -> None:
    assert len(drawn) == OF_EACH * len(GRAMMARS)
    assert len({variant.text for variant in drawn}) >= 250


def test_every_choice_was_made(drawn: list[Variant]) -> None:
    """By some program, but for a few: another version of hypothesis draws others from the same start."""
    possible = {(part, way) for grammar in GRAMMARS.values() for part, ways in grammar.items() for way in ways}
    missing = possible - {choice for variant in drawn for choice in variant.choices}
    assert len(missing) <= len(possible) // 50, missing


def test_each_program_compiles(drawn: list[Variant]) -> None:
    for variant in drawn:
        compile(variant.text, f"{variant.program}.py", "exec", dont_inherit=True)


def test_no_program_loses_a_point(graded: Sequence[tuple[Variant, Mapping[str, Any]]]) -> None:
    assert all(results["tests"] and results["max_score"] > 0 for _, results in graded)
    losing = {variant: told for variant, results in graded if (told := _losses(results))}
    if losing:
        listed = "\n\n".join(f"{_shown(variant)}\n{told}" for variant, told in losing.items())
        pytest.fail(f"{listed}\n\n{len(losing)} right programs lost points", pytrace=False)


def test_no_program_gets_a_remark_that_is_not_due(graded: Sequence[tuple[Variant, Mapping[str, Any]]]) -> None:
    told = [
        (variant, finding)
        for variant, results in graded
        for test in results["tests"]
        for finding in test["extra_data"]["findings"]
    ]
    wrong = [f"{_shown(variant)}\n{finding}" for variant, finding in told if finding["cause"] not in variant.remarks]
    if wrong:
        pytest.fail("\n\n".join([*wrong, f"{len(wrong)} remarks that are not due"]), pytrace=False)
    assert {finding["cause"] for _, finding in told} == {"wrong-host", "ignores-input", "close-not-called"}


def _losses(results: Mapping[str, Any]) -> str:
    """Say which checks a program lost points in, and why; empty where it lost none."""
    return "\n".join(
        f"{data['check']} {data['verdict']}: {data['cause']}, line {data['line']}\n{test['output']}"
        for test in results["tests"]
        if (data := test["extra_data"])["verdict"] != "passed" or test["score"] != test["max_score"]
    )


def _shown(variant: Variant) -> str:
    text = variant.text.decode("latin-1" if b"coding: latin-1" in variant.text else "utf-8-sig")
    return f"---- {variant.program}.py\n{text}\n----"
