"""The page of usual mistakes, and `pytest grading --explain CAUSE`, which prints one of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from grading.diagnosis import CAUSES, Cause
from grading.diagnosis.causes import GROUPS
from grading.diagnosis.mistakes import PAGE, WIDTH, page, sections
from grading.reports.mistakes import explained
from grading.reports.page import plain

ROOT = Path(__file__).parents[1]
TEXTS = ("title", "looks", "why", "advice")
SETTINGS = ("NO_COLOR", "FORCE_COLOR", "PY_COLORS", "PYTEST_ADDOPTS", "PYTHONIOENCODING", "PYTHONUTF8", "COLUMNS", "CI")


def texts(cause: Cause) -> list[str]:
    return [getattr(cause, name) for name in TEXTS]


def of_row(cause: Cause) -> str:
    return cause.slug


class TestTable:
    def test_every_cause_stands_in_one_group(self) -> None:
        slugs = [cause.slug for group in GROUPS for cause in group.causes]
        assert slugs == list(CAUSES)
        assert len(slugs) == len(set(slugs))

    @pytest.mark.parametrize("cause", CAUSES.values(), ids=of_row)
    def test_each_text_is_a_sentence_or_a_few(self, cause: Cause) -> None:
        """The title is a part of one: the page gives it its stop."""
        assert re.fullmatch(r"[^\W\d_].{8,80}[^.]|`.{8,80}[^.]", cause.title), cause.title
        for text in (cause.looks, cause.why, cause.advice):
            assert re.fullmatch(r"[A-Z`].{30,400}\.", text), text
            assert len(re.findall(r"[.?](?= [A-Z`]|$)", text)) <= 3, text

    @pytest.mark.parametrize("cause", CAUSES.values(), ids=of_row)
    def test_texts_blame_nobody_and_shout_at_nobody(self, cause: Cause) -> None:
        for text in texts(cause):
            assert not re.search(r"!|\b(you forgot|your (mistake|fault)|obviously|simply)\b", text, re.IGNORECASE)

    @pytest.mark.parametrize("cause", CAUSES.values(), ids=of_row)
    def test_markdown_of_the_texts_is_sound(self, cause: Cause) -> None:
        for text in texts(cause):
            assert text.count("`") % 2 == 0, text
            assert not re.search(r"[|<>*_\n]|  ", re.sub(r"`[^`]*`", "x", text)), text
        assert "|" not in cause.title

    def test_no_text_is_said_twice(self) -> None:
        said = Counter(text for cause in CAUSES.values() for text in texts(cause))
        assert [text for text, times in said.items() if times > 1] == []

    @pytest.mark.parametrize("cause", [cause for cause in CAUSES.values() if cause.code], ids=of_row)
    def test_code_can_be_read_and_fits(self, cause: Cause) -> None:
        body = "\n        pass" if cause.code.startswith("while") else ""
        compile(f"while True:\n    {cause.code.replace(chr(10), chr(10) + '    ')}{body}", cause.slug, "exec")
        assert [line for line in cause.code.split("\n") if len(line) > 74] == []
        assert cause.code.count("\n") <= 2


class TestPage:
    def test_is_what_the_table_says(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == page(), "make mistakes"

    def test_links_lead_to_headings(self) -> None:
        text = page()
        headings = re.findall(r"^###? (.+)$", text, re.MULTILINE)
        anchors = [re.sub(r"[^a-z0-9-]", "", heading.lower().replace(" ", "-")) for heading in headings]
        assert len(anchors) == len(set(anchors))
        assert re.findall(r"\]\(#([^)]+)\)", text) == anchors

    @pytest.mark.parametrize("cause", CAUSES.values(), ids=of_row)
    def test_says_all_of_each_cause(self, cause: Cause) -> None:
        (entry,) = re.findall(rf"^### {cause.slug}\n(.*?)(?=^##|\Z)", page(), re.MULTILINE | re.DOTALL)
        told = " ".join(entry.split())
        for text in (*texts(cause), str(cause.udp), str(cause.tcp)):
            assert text in told
        assert f"```python\n{cause.code}\n```" in entry or not cause.code

    def test_fits_the_width_of_the_other_pages(self) -> None:
        assert [line for line in page().split("\n") if len(line) > WIDTH and not re.match(r"[|-] ", line)] == []

    def test_grows_by_a_row(self) -> None:
        """A cause that is new needs nothing but its row."""
        row = replace(CAUSES["hang"], slug="out-of-time", title="The time was up")
        more = page([*GROUPS[:-1], replace(GROUPS[-1], causes=(*GROUPS[-1].causes, row))])
        assert "| [out-of-time](#out-of-time) | The time was up |" in more
        assert more.endswith(page([replace(GROUPS[-1], causes=(row,))])[-200:])

    def test_the_labs_own_page_leads_there(self) -> None:
        assert "(MISTAKES.md)" in (ROOT / "labs" / "README.md").read_text(encoding="utf-8")


class TestLines:
    @pytest.mark.parametrize("width", [20, 50, 80, 200])
    @pytest.mark.parametrize("cause", CAUSES.values(), ids=of_row)
    def test_fit_the_terminal(self, cause: Cause, width: int) -> None:
        lines = explained(cause.slug, cause.title, sections(cause), width=width)
        assert max(len(line) for line in plain(lines).split("\n")) <= min(max(width, 50), 80)

    @pytest.mark.parametrize("cause", CAUSES.values(), ids=of_row)
    def test_say_all(self, cause: Cause) -> None:
        told = " ".join(plain(explained(cause.slug, cause.title, sections(cause))).split())
        assert told.startswith(f"{cause.slug} {cause.title}. How it looks {cause.looks} Why it happens {cause.why}")
        assert " ".join(f"How to mend it {cause.advice} {cause.code}".split()) in told
        assert str(cause.udp) in told
        assert str(cause.tcp) in told

    def test_keep_to_ascii_where_the_screen_has_no_more(self) -> None:
        cause = CAUSES["not-started"]
        assert not cause.looks.isascii()
        assert plain(explained(cause.slug, cause.title, sections(cause), unicode=False)).isascii()

    def test_keep_the_indentation_of_code(self) -> None:
        text = plain(explained("a", "b", [("How to mend it", "So.", "while True:\n    accept()")]))
        assert "      while True:\n          accept()\n" in text


def explain(
    *words: str, folder: Path = ROOT, grading: str = "grading", module: bool = True, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Type the command."""
    env = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    script = Path(sys.executable).with_name("pytest.exe" if os.name == "nt" else "pytest")
    if not module and not script.exists():
        pytest.skip("pytest has no script here")
    command = [sys.executable, "-m", "pytest"] if module else [str(script)]
    return subprocess.run(
        [*command, grading, "--explain", *words],
        cwd=folder,
        env=env | {"PYTHONUTF8": "1"} | settings,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


class TestCommand:
    @pytest.mark.parametrize("module", [True, False], ids=["python -m pytest", "pytest"])
    def test_prints_the_cause_and_nothing_else(self, module: bool) -> None:  # noqa: FBT001  one of two ways to type it
        done = explain("missing-encode", module=module, NO_COLOR="1", COLUMNS="200")
        cause = CAUSES["missing-encode"]
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == plain(explained(cause.slug, cause.title, sections(cause)))

    def test_is_coloured_where_pytest_itself_is(self) -> None:
        assert "\x1b[" not in explain("hang").stdout, "this is no terminal"
        coloured = explain("hang", "--color=yes").stdout
        assert "\x1b[1mhang\x1b[0m" in coloured
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == explain("hang", FORCE_COLOR="1", NO_COLOR="1").stdout

    def test_is_wrapped_to_the_terminal(self) -> None:
        lines = explain("wrong-port", COLUMNS="60").stdout.split("\n")
        assert 50 < max(map(len, lines)) <= 60

    def test_prints_what_a_screen_can_show(self) -> None:
        done = explain("not-started", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
        assert (done.returncode, done.stderr) == (0, "")
        assert "TODO 3: \\u2026" in done.stdout

    def test_runs_nothing_and_needs_nothing(self, tmp_path: Path) -> None:
        """No bubblewrap, no submission, from any folder."""
        options = [
            "--submission",
            str(tmp_path / "nowhere"),
            "--results",
            str(tmp_path / "results.json"),
            "--seed",
            "1",
        ]
        done = explain("crash", *options, folder=tmp_path, grading=str(ROOT / "grading"), PATH=str(tmp_path))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("crash\n")
        assert list(tmp_path.iterdir()) == []

    def test_names_what_was_probably_meant(self) -> None:
        done = explain("mising_encode")
        assert (done.returncode, done.stdout) == (4, "")
        (said,) = done.stderr.strip().split("\n")
        assert said.startswith('ERROR: --explain: there is no cause "mising_encode": did you mean missing-encode')

    def test_says_where_they_all_are(self) -> None:
        for word in ("", "xyzzy", "\x1b[31mred"):
            done = explain(word)
            assert (done.returncode, done.stdout) == (4, "")
            (said,) = done.stderr.strip().split("\n")
            assert said.endswith(": labs/MISTAKES.md lists them all")
            assert said.isprintable()

    def test_without_it_pytest_grades(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "grading", "--collect-only", "-q"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0
        assert "test_udp_server_starts" in done.stdout
