"""The pages of a class and of its students: what stands on them, and that it stands there as text."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.reports import points, visible
from grading.reports.pages import ClassAbout, Idea, rendering, write_index, write_student
from grading.reports.pages.lead import lowered
from grading.reports.pages.source import MAX_LINES
from grading.reports.rows import CheckRow, Row, row_of
from tests.markup import Element, read
from tests.synthetic_class import HOSTILE, OWNED, about, broken_off, changed, handed_in, not_graded, rows_of, submission
from tests.talks import QUICK

Results = dict[str, Any]
PERSIAN = "\u0646\u06cc\u0645\u200c\u0641"
"""A name with a joiner in it."""


@pytest.fixture(scope="module")
def failed(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Grade a server that serves once, and a client that sends nothing and never closes its socket."""
    folder = tmp_path_factory.mktemp("failed") / "in"
    submission(folder, udp_server="no_loop", tcp_client="asks_for_ever")
    return handed_in(folder, "12", "Zoë Ångström", notes=["An older notes.txt was not opened."])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Grade a program that prints, raises and says in a comment what should harm a page."""
    folder = tmp_path_factory.mktemp("hostile") / "in"
    folder.mkdir()
    (folder / "udp_server.py").write_text(HOSTILE, encoding="utf-8")
    return handed_in(folder, "13", OWNED, "-k", "udp_server")


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return handed_in(submission(tmp_path_factory.mktemp("right") / "in"), "9", "Ada")


@pytest.fixture(scope="module")
def course(failed: Results, hostile: Results, right: Results) -> list[Results]:
    """A class of nine."""
    return [
        failed,
        hostile,
        right,
        changed(failed, "100", "Ben"),
        changed(right, "101", "李小龍"),
        broken_off(right, "102", "Cy"),
        not_graded(right, "103", "Di\n\x1b[31m", "missing", "On the roster, and handed in nothing."),
        not_graded(right, "104", '"><b>Ed', "unreadable", "hand-in.zip is no zip."),
        changed(failed, "105", PERSIAN),
    ]


def student(results: Results) -> Element:
    with tempfile.TemporaryDirectory() as folder:
        write_student(path := Path(folder) / "page.html", results)
        return read(path.read_text(encoding="utf-8"))


def index(rows: Any, said: ClassAbout | None = None) -> Element:
    with tempfile.TemporaryDirectory() as folder:
        write_index(path := Path(folder) / "index.html", rows, said or about())
        return read(path.read_text(encoding="utf-8"))


def ended(results: Results, verdict: str) -> list[Results]:
    return [test for test in results["tests"] if test["extra_data"]["verdict"] == verdict]


def article_of(page: Element, test: Results) -> Element:
    return page.named(f"check-{test['number'].replace('.', '-')}")


class TestAStudentsPage:
    def test_says_of_each_cause_what_the_terminal_says(self, failed: Results) -> None:
        page = student(failed)
        told = set()
        for test in ended(failed, "failed"):
            data = test["extra_data"]
            article = article_of(page, test)
            assert article.around("details") == [], "what failed is not folded"
            first = (data["cause"], data["line"]) not in told
            told.add((data["cause"], data["line"]))
            lines = test["output"].split("\n")
            if not first:
                assert f"The same cause as above ({data['cause']})." in article.text
                assert " ".join(lines[0].split()) in article.text
                continue
            for line in lines[: len(lines) - len(data["findings"])]:
                place, _, source = line.partition(":  ") if re.match(r"\w+\.py, line \d+:  ", line) else (line, "", "")
                assert " ".join(place.replace("`", "").split()) in article.text.replace("`", "")
                assert source in article.raw
        assert len(told) == 2

    def test_gives_points_by_program_and_check(self, failed: Results) -> None:
        page = student(failed)
        for program, (earned, possible) in row_of(failed).programs.items():
            section = page.named(program)
            assert section.the("h2").text == f"{program} {points(earned)} / {points(possible)}"
            assert f"{program} {points(earned)} / {points(possible)}" in page.the("table", "totals").text
        for test in failed["tests"]:
            section = page.named(test["extra_data"]["program"])
            title = test["name"].partition(": ")[2]
            rows = [each.text for each in (*section.all("h3"), *section.all("li"))]
            assert any(f"{title} {points(test['score'])} / {points(test['max_score'])}" in row for row in rows), title
        assert f"{points(failed['score'])} of 100 points" in page.the("p", "score").text

    def test_folds_what_passed(self, failed: Results) -> None:
        page = student(failed)
        for test in ended(failed, "passed"):
            title = test["name"].partition(": ")[2]
            items = [
                item for item in page.named(test["extra_data"]["program"]).all("li", "passed") if title in item.text
            ]
            assert len(items) == 1
            assert "open" not in items[0].around("details")[0].attributes

    def test_says_what_skipped_checks_wait_for(self, failed: Results) -> None:
        page = student(failed)
        assert ended(failed, "skipped")
        for test in ended(failed, "skipped"):
            title = test["name"].partition(": ")[2]
            group = page.named(test["extra_data"]["program"]).the("details", "skipped")
            waits_for = test["output"].partition(" on ")[2]
            assert re.search(
                rf"\d checks? not run: (it builds|they build) on {re.escape(waits_for)}$", group.the("summary").text
            )
            assert title in group.text

    def test_names_what_to_mend_first(self, failed: Results) -> None:
        links = student(failed).the("ul", "first").all("a")
        assert [link.text for link in links] == [
            "Answers several messages, one after the other",
            "Sends exactly the line that was typed",
        ]

    def test_leads_from_feedback_to_the_line_and_back(self, failed: Results) -> None:
        page = student(failed)
        test = next(test for test in ended(failed, "failed") if test["extra_data"]["line"])
        article = article_of(page, test)
        link = article.the("div", "place").the("a")
        line = page.named(link.attributes["href"][1:])
        assert "marked" in line.attributes["class"]
        number, code = (each.raw for each in line if each.tag in ("span", "code"))
        wanted = failed["extra_data"]["sources"]["udp_server"]["text"].split("\n")[test["extra_data"]["line"] - 1]
        assert (number, code) == (str(test["extra_data"]["line"]), wanted)
        notes = [each.attributes["href"] for each in line.parent.all("a")] if line.parent else []
        assert notes == [f"#{article.attributes['id']}"]
        assert "open" in line.around("details")[0].attributes

    def test_tells_findings_with_their_lines(self, failed: Results) -> None:
        page = student(failed)
        (finding,) = page.all("p", "finding")
        wanted = next(test for test in failed["tests"] if test["extra_data"]["findings"])["extra_data"]["findings"][0]
        assert f"Worth knowing (no points lost), line {wanted['line']}: " in finding.text
        assert wanted["text"].replace("`", "") in finding.text
        line = page.named(finding.the("a").attributes["href"][1:])
        assert line.the("span", "number").text == str(wanted["line"])

    def test_draws_each_cause_once_beside_the_reference_and_in_words(self, failed: Results) -> None:
        page = student(failed)
        runs = [test["extra_data"]["runs"] for test in ended(failed, "failed")]
        drawn = [run for run in runs if run["reference"]]
        figures = page.all("figure")
        assert drawn
        assert len(page.all("svg")) == len(figures) == 2 * len(drawn)
        assert [figure.the("figcaption").text for figure in figures[:2]] == [
            "What happened",
            "The same with the reference",
        ]
        for run in drawn:
            assert f"Where they part: {run['parting']}" in page.text
        words = figures[0].the("ol")
        assert any(item.text.startswith("your udp_server.py, line 10: recvfrom(2048)") for item in words.all("li"))
        assert [item.text for item in words.all("li", "failed")] == [
            "your udp_server.py: ends (exit status 0) (here it went wrong)"
        ]
        for svg in page.all("svg"):
            assert svg.attributes["role"] == "img"
            assert svg.all("title")[0].text
            assert [each for each in svg if "id" in each.attributes] == []

    def test_does_without_a_drawing_that_cannot_be_read(self, failed: Results) -> None:
        other = copy.deepcopy(failed)
        for test in ended(other, "failed"):
            test["extra_data"]["runs"]["own"] = {"steps": [{"nonsense": 1}]}
        page = student(other)
        assert page.all("svg") == []
        assert "pytest grading --explain one-client-only" in page.text

    def test_shows_nobody_else(self, course: list[Results]) -> None:
        names = {visible(each["extra_data"]["student"]["name"]) for each in course}
        for results in course:
            page = student(results)
            links = [each.attributes["href"] for each in page.all("a")]
            assert [link for link in links if not link.startswith("#")] == []
            own = visible(results["extra_data"]["student"]["name"])
            assert [name for name in names - {own, OWNED} if name in page.the("main").text] == []

    def test_says_that_nothing_was_handed_in(self, course: list[Results]) -> None:
        page = student(course[6])
        assert "0 of 100 points Nothing was handed in." in page.text
        assert "Note: On the roster, and handed in nothing." in page.text
        assert "Nothing of what was handed in could be graded. Note: hand-in.zip is no zip." in student(course[7]).text

    def test_says_where_the_grader_broke(self, right: Results) -> None:
        other = broken_off(right, "7", "Cy")
        page = student(other)
        assert (
            "The grader itself broke in 1 check. No points are lost by that, but the score is not final (4" in page.text
        )
        article = article_of(page, other["tests"][2])
        assert "? / 4" in article.text
        assert "OSError: no <room>" in article.text
        assert "not final" in page.the("p", "score").text
        stopped = student(changed(right, "7", "Cy", status="incomplete"))
        assert "The run stopped before all checks were made" in stopped.text

    @pytest.mark.parametrize(
        "level, said",
        [("bwrap", "private network"), ("user", "a user who owns nothing"), ("none", "not used"), ("new", "new")],
    )
    def test_says_how_programs_were_kept_apart(self, right: Results, level: str, said: str) -> None:
        page = student(changed(right, "7", "Cy", isolation=level))
        assert said in page.the("footer").text
        assert "pytest grading --seed 7" in page.the("footer").text

    def test_counts_lines_as_python_does(self, right: Results) -> None:
        text = "a = 1\r\nb = '\x0c\x85\u2028'\rc = 3\n\td = 4"
        page = student(changed(right, "7", "Cy", sources={"udp_server": {"file": "a\nb.py", "text": text}}))
        lines = [each.parent for each in page.all("span", "number") if each.parent]
        assert [line.the("code").raw for line in lines] == ["a = 1", r"b = '\x0c\x85\u2028'", "c = 3", "        d = 4"]
        assert page.the("div", "code").attributes["aria-label"] == r"a\nb.py"

    def test_does_not_show_a_source_without_end(self, right: Results) -> None:
        text = "x" * 100_000 + "\n" * (MAX_LINES + 2)
        page = student(changed(right, "7", "Cy", sources={"udp_server": {"file": "udp_server.py", "text": text}}))
        assert len(page.all("span", "number")) == MAX_LINES
        assert "2 more lines not shown" in page.text
        assert "x" * 1000 not in page.raw

    def test_keeps_the_page_that_is_there_where_it_cannot_be_made(self, right: Results, tmp_path: Path) -> None:
        write_student(path := tmp_path / "page.html", right)
        before = path.read_bytes()
        with pytest.raises(KeyError):
            write_student(path, {"extra_data": {}})

        def pieces() -> Any:
            yield "half"
            raise ValueError("and no more")

        with pytest.raises(ValueError, match="no more"):
            rendering.write(path, pieces())
        assert path.read_bytes() == before
        assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


def check(verdict: str, cause: str | None = None, number: str = "1.1", program: str = "udp_server") -> CheckRow:
    score = 10.0 if verdict == "passed" else 0.0
    return CheckRow(f"{program}_{number}", f"Check {number}", program, number, verdict, cause, None, score, 10.0)


def row(place: int, *checks: CheckRow, **more: Any) -> Row:
    score, possible = sum(each.score for each in checks), sum(each.max_score for each in checks)
    given = Row(str(place), f"Student {place}", f"s{place}", "graded", "bwrap", score, possible or 10.0, checks)
    return replace(given, **more)


def lead(rows: list[Row]) -> str:
    return index(rows).the("section", "lead").text.removeprefix("What to take along ")


class TestTheIndex:
    def test_counts_students_by_status_and_says_how_they_were_found(self, course: list[Results]) -> None:
        page = index(rows_of(course))
        assert page.the("h1").text == "9 students"
        assert "Found as: a folder for each student." in page.text
        counted = [line.text for line in page.the("table", "statuses").all("tr")[1:]]
        assert [line.split(" ")[0:2] for line in counted] == [
            ["6", "graded"],
            ["1", "incomplete:"],
            ["1", "unreadable:"],
            ["1", "missing:"],
        ]
        level = course[0]["extra_data"]["isolation"]
        assert ("private network of its own" if level == "bwrap" else "not used") in page.the("header").text

    def test_says_each_isolation_with_how_many_it_was(self) -> None:
        page = index([row(1, check("passed")), row(2, check("passed"), isolation="none")])
        assert "(bubblewrap). (1 student)" in page.text
        assert "bubblewrap was not used. (1 student)" in page.text

    def test_draws_the_scores_and_has_them_as_a_table(self) -> None:
        passed = [row(place, *[check("passed", number=f"1.{n}") for n in range(1, 11)]) for place in range(3)]
        scores = [*passed, row(4, score=99.9, max_score=100), row(5, score=35, max_score=100), row(6, status="missing")]
        page = index(scores)
        cells = [line.text for line in page.the("details", "again").all("tr")[1:]]
        assert cells == [f"{low}\N{EN DASH}{low + 9} {1 if low in (30, 90) else 0}" for low in range(0, 100, 10)] + [
            "100 3"
        ]
        assert "full marks: 3 of 5 students" in page.text
        drawn = [each.text for each in page.the("svg", "plot").all("text")]
        assert [text for text in drawn if text in ("1", "3")] == ["1", "1", "3"]

    def test_ranks_the_causes_as_sentences(self, course: list[Results]) -> None:
        page = index(rows_of(course))
        told = [item.the("p").text for item in page.the("ol", "causes").all("li")]
        assert told[0].startswith(
            "3 of 7 students: the client sent nothing tcp_client 3 · notebooks/05_tcp.ipynb, step 2"
        )
        assert told[1].startswith(
            "3 of 7 students: the server stopped after its first client udp_server 3 · notebooks/04_"
        )
        assert [line.split(" ")[0] for line in told] == ["3", "3", "1"]

    def test_counts_a_student_once_for_a_cause(self) -> None:
        page = index([row(1, check("failed", "hang"), check("failed", "hang", "1.2")), row(2, check("passed"))])
        assert page.the("ol", "causes").the("b").text == "1 of 2 students:"

    def test_folds_rare_causes(self) -> None:
        page = index([row(place, check("failed", f"cause-{place}")) for place in range(12)])
        shown, folded = page.all("ol", "causes")
        assert len(shown.all("li")) == 10
        assert "2 more causes" in folded.around("details")[0].text

    def test_gives_each_checks_share_by_program(self) -> None:
        made = [
            check(verdict, number="1.10") for verdict in ("passed", "passed", "failed", "skipped", "error", "passed")
        ]
        page = index([row(place, check("passed", number="1.9"), each) for place, each in enumerate(made)])
        table = page.the("div", "programs").the("table")
        assert table.the("caption").text == "udp_server"
        assert [line.text for line in table.all("tr")[1:]] == ["Check 1.9 100 %", "Check 1.10 50 %"]
        bar = table.all("svg")[1]
        assert bar.attributes["aria-label"] == "1 failed, 1 not run, 1 not judged"
        assert [each.attributes["width"] for each in bar.all("rect")] == ["50.0", "16.67", "16.67", "16.67"]

    def test_lists_students_incomplete_first_and_then_by_id(self, course: list[Results]) -> None:
        table = index(rows_of(course)).named("table")
        ids = [line.all("td")[0].text for line in table.the("tbody").all("tr")]
        assert ids == ["102", "9", "12", "13", "100", "101", "103", "104", "105"]

    def test_goes_by_the_numbers_in_ids(self) -> None:
        given = ["s10", "s9", "s010b", "", "7", "x", "1" * 5000, "\u00b2"]
        rows = [row(place, check("passed"), id=identifier) for place, identifier in enumerate(given)]
        table = index(rows).named("table").the("tbody")
        found = [line.all("td")[0].text for line in table.all("tr")]
        assert found == ["", "7", "1" * 5000, "s9", "s10", "s010b", "x", "\u00b2"]

    def test_links_each_student_with_points_and_what_to_mend(self, course: list[Results]) -> None:
        table = index(rows_of(course)).named("table")
        heads = [head.text for head in table.the("thead").all("th")]
        assert heads[:5] == ["Name", "Id", "Status", "Score", "udp_server"]
        line = table.the("tbody").all("tr")[2]
        cells = [cell.text for cell in line.all("td")]
        assert line.the("a").attributes["href"] == "students/s12.html"
        assert line.the("a").text == "Zoë Ångström"
        assert cells[:4] == ["12", "graded An older notes.txt was not opened.", "67", "10"]
        assert cells[-1] == "The server stopped after its first client"
        assert line.attributes["data-causes"] == "one-client-only nothing-sent"

    def test_lists_strays_unreadable_files_and_notes(self) -> None:
        said = about(strays=("a\x07.txt", "b.txt"), unreadable=("c.zip",), notes=("Not on the roster: Eve.",))
        text = index([], said).text
        assert r"Files that belong to no student (2) a\x07.txt b.txt" in text
        assert "Files that could not be read (1) c.zip" in text
        assert "Notes (1) Not on the roster: Eve." in text

    def test_holds_any_number_of_rows(self) -> None:
        rows = (row(place, check("passed")) for place in range(3000))
        assert len(index(rows).named("table").the("tbody").all("tr")) == 3000


class TestTheLead:
    def test_names_the_idea_that_most_have_missed(self) -> None:
        rows = [
            row(place, check("failed", "one-client-only" if place % 2 else "stuck-on-first-client"))
            for place in range(8)
        ]
        said = lead([*rows, row(9, check("passed")), row(10, check("failed", "missing-encode"))])
        assert said.startswith("Not understood yet by 8 of 10 students: serving for ever.")
        assert "Most often: the server stopped after its first client (4)." in said
        assert "notebooks/04_udp.ipynb, step 6" in said
        assert "Besides" not in said

    def test_tells_apart_what_is_no_idea(self) -> None:
        rows = [row(place, check("failed", "missing-file")) for place in range(5)]
        said = lead([*rows, *[row(place, check("failed", "missing-encode")) for place in range(5, 8)]])
        assert said.startswith("Not understood yet by 3 of 8 students: text and bytes.")
        assert said.endswith("5 of 8 students have a program that is missing, cannot start, breaks off or hangs.")

    @pytest.mark.parametrize(
        "verdicts, said",
        [
            ([], "No submission has been graded."),
            (["failed"], "With one submission graded, nothing can be said of a class"),
            (["failed"] * 4, "With 4 submissions graded, nothing can be said of a class"),
            (["passed"] * 5, "Everybody whose work was graded has full marks: no idea is missing."),
            (["passed"] * 5 + ["error"], "No check failed for a cause that is known."),
            (
                ["failed"] + ["passed"] * 9,
                "No idea is missing in many places. Most frequent: text was handed to a socket, which carries bytes (1",
            ),
        ],
    )
    def test_is_honest_where_there_is_nothing_to_say(self, verdicts: list[str], said: str) -> None:
        causes = {"failed": "missing-encode"}
        assert lead([row(n, check(verdict, causes.get(verdict))) for n, verdict in enumerate(verdicts)]).startswith(
            said
        )

    @pytest.mark.parametrize(
        "title, inside",
        [
            ("A TODO is still in place", "a TODO is still in place"),
            ("Python cannot read the program", "Python cannot read the program"),
            ("TODO", "TODO"),
            ("`close` is missing", "`close` is missing"),
            ("", ""),
        ],
    )
    def test_writes_titles_inside_a_sentence(self, title: str, inside: str) -> None:
        assert lowered(title) == inside


@pytest.fixture(scope="module")
def pages(course: list[Results], tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Write all pages of the class; the first is the index."""
    folder = tmp_path_factory.mktemp("pages")
    write_index(folder / "index.html", rows_of(course), about(strays=(OWNED,), notes=(OWNED,)))
    for results in course:
        write_student(folder / f"{results['extra_data']['student']['file']}.html", results)
    paths = [folder / "index.html", *sorted(folder.glob("s*.html"))]
    return [path.read_text(encoding="utf-8") for path in paths]


FETCHING = {"img", "link", "iframe", "object", "embed", "base", "form", "use", "image", "video", "audio"}


def digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


class TestEveryPage:
    def test_allows_its_own_style_and_script_and_no_other(self, pages: list[str]) -> None:
        for page in map(read, pages):
            (policy,) = [each for each in page.all("meta") if "http-equiv" in each.attributes]
            assert policy.attributes["content"] == (
                f"default-src 'none'; script-src 'sha256-{digest(page.the('script').raw)}'; "
                f"style-src 'sha256-{digest(page.the('style').raw)}'; base-uri 'none'; form-action 'none'"
            )
            names = {name for each in page for name in each.attributes}
            assert [name for name in names if name == "style" or name.startswith("on")] == []

    def test_needs_nothing_but_itself(self, pages: list[str]) -> None:
        for page in map(read, pages):
            assert {each.tag for each in page} & {
                "img",
                "link",
                "iframe",
                "object",
                "embed",
                "base",
                "form",
                "use",
            } == set()
            assert [each for each in page if "src" in each.attributes] == []
            assert not re.search(r"url\(|@import|https?:", page.the("style").raw + page.the("script").raw)
            links = [each.attributes["href"] for each in page.all("a")]
            assert [link for link in links if not re.fullmatch(r"#[\w-]+|students/s\d+\.html", link)] == []

    def test_leads_to_what_is_there(self, pages: list[str]) -> None:
        for page in map(read, pages):
            ids = Counter(each.attributes["id"] for each in page if "id" in each.attributes)
            assert [name for name, times in ids.items() if times > 1] == []
            wanted = {each.attributes["href"][1:] for each in page.all("a") if each.attributes["href"][0] == "#"}
            wanted |= {
                each.attributes[name] for each in page for name in ("aria-labelledby", "for") if name in each.attributes
            }
            assert wanted - set(ids) == set()

    def test_can_be_read_out(self, pages: list[str]) -> None:
        for page in map(read, pages):
            assert page.the("html").attributes["lang"] == "en"
            assert page.the("head").the("title").raw
            assert page.the("main").attributes["id"] == "main"
            assert page.the("a", "skip") is page.all("a")[0]
            levels = [int(each.tag[1]) for each in page if re.fullmatch("h[1-6]", each.tag)]
            assert levels.count(1) == 1
            assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []
            assert [table for table in page.all("table") if not table.the("caption").text] == []
            assert {head.attributes["scope"] for head in page.all("th")} <= {"row", "col"}
            for svg in page.all("svg"):
                assert svg.attributes.get("role") == "img" or svg.attributes.get("aria-hidden") == "true"
            for each in page.all("div", "scroll"):
                assert each.attributes["tabindex"] == "0"
                assert {"aria-label", "aria-labelledby"} & set(each.attributes)

    def test_has_no_control_character(self, pages: list[str]) -> None:
        for page in pages:
            assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)

    def test_shows_markup_as_text(self, pages: list[str]) -> None:
        for page in map(read, pages):
            assert len(page.all("script")) == 1
            assert page.the("script").around("main") == []
        assert visible(OWNED) in read(pages[0]).text
        assert sum("document.title='owned'" in read(page).the("main").text for page in pages) == 2

    def test_shows_names_of_any_script(self, pages: list[str]) -> None:
        text = read(pages[0]).text
        for name in ("Zoë Ångström", "李小龍", PERSIAN, r"Di\n\x1b[31m", '"><b>Ed'):
            assert name in text

    def test_is_the_same_each_time(self, course: list[Results], tmp_path: Path) -> None:
        told = []
        for name in ("a", "b"):
            write_index(tmp_path / f"{name}.html", rows_of(course if name == "a" else course[::-1]), about())
            write_student(tmp_path / f"{name}-1.html", course[0])
            told.append([(tmp_path / f"{name}{part}.html").read_bytes() for part in ("", "-1")])
        assert told[0] == told[1]

    def test_is_the_same_in_another_process(self, pages: list[str], course: list[Results], tmp_path: Path) -> None:
        code = "import json, sys; from pathlib import Path; from grading.reports.pages import *; "
        code += "from tests.synthetic_class import about, rows_of; from tests.synthetic_class import OWNED; "
        code += "write_index(Path(sys.argv[1]), rows_of(json.load(sys.stdin)), about(strays=(OWNED,), notes=(OWNED,)))"
        command = [sys.executable, "-c", code, str(tmp_path / "index.html")]
        subprocess.run(command, input=json.dumps(course), text=True, check=True, cwd=Path(__file__).parents[1])
        assert (tmp_path / "index.html").read_text(encoding="utf-8") == pages[0]


def shape(page: Element) -> list[tuple[str, list[str]]]:
    return [(each.tag, sorted(each.attributes)) for each in page]


MARKUP = ("</style><b>", "</script>", '" onclick="x', "'><i>", "{{ 7*7 }}", "{% raw %}", "&lt;", "<!--", "`a`", "]]>")
HARMFUL = st.one_of(
    st.text(min_size=1, max_size=30),
    st.sampled_from(
        ["</style><b>", "</script>", '" onclick="x', "'><i>", "{{ 7*7 }}", "{% raw %}", "&lt;", "<!--", "`a`", "]]>"]
    ),
)


DRAWN = ("svg", "text", "rect", "line", "circle", "polygon")
"""How many of these there are goes with the length of what they show."""


def filled(results: Results, name: str, text: str, title: str) -> Results:
    """Put a text wherever results have one that a student had a hand in."""
    line = re.sub("[`\r\n]", " ", text)
    other = changed(results, name, f"{name}.", notes=[text, text])
    other["extra_data"]["sources"] = {"udp_server": {"file": f"{line}.py", "text": f"a{line}b"}}
    for test in other["tests"]:
        data = test["extra_data"]
        test["output"] = visible(line) if test["output"] else ""
        test["name"] = f"{data['program']}: {visible(title)}"
        data["findings"] = []
        data["cause"] = data["cause"] and visible(line)
        for step in ((data.get("runs") or {}).get("own") or {}).get("steps", []):
            step["error"] = line if step["lane"] else ""
    return other


class TestWhateverIsHandedIn:
    def test_a_students_page_keeps_its_shape(self, failed: Results) -> None:
        def shape_with(name: str, text: str, title: str) -> list[tuple[str, list[str]]]:
            page = student(filled(failed, name, text, title))
            assert " ".join(rendering.named(f"{name}.").split()) in page.the("h1").text
            return [each for each in shape(page) if each[0] not in DRAWN]

        plain = shape_with("a", "b", "c")

        @given(name=HARMFUL, text=HARMFUL, title=HARMFUL)
        @settings(QUICK, max_examples=30)
        def keeps(name: str, text: str, title: str) -> None:
            assert shape_with(name, text, title) == plain

        keeps()

    @given(text=HARMFUL)
    @settings(QUICK, max_examples=15)
    def test_the_index_keeps_its_shape(self, text: str) -> None:
        def of(text: str) -> Element:
            said = ClassAbout(
                text, text, {"c": text}, {("c", "p"): text}, {"c": Idea(text, text)}, (text,), (text,), (text,)
            )
            checks = (CheckRow(text, text, "p", "1.1", "failed", "c", 1, 0.0, 1.0),)
            rows = [Row(f"{text}{n}", text, text, "graded", text, 0.0, 1.0, checks, (text,)) for n in range(6)]
            return index(rows, said)

        plain, harmed = ([each for each in shape(of(given)) if each[0] != "code"] for given in ("b", text))
        assert harmed == plain


LATE = {
    "grading.conftest": ("jinja2", "matplotlib"),
    "grading.reports.rows": ("jinja2", "matplotlib"),
    "grading.reports.pages.student": ("matplotlib",),
}


@pytest.mark.parametrize("module", LATE)
def test_imports_are_made_where_they_are_used(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {LATE[module]!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
