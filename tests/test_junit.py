"""``junit.xml`` of a class: what it says, that it is XML whatever was handed in, and that it streams."""

from __future__ import annotations

import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.reports.gradescope import to_json
from grading.reports.junit import write_junit
from grading.reports.names import legible
from grading.results import CheckResult, Feedback, Finding, SubmissionResult, Verdict

REQUIRED = {
    "testsuites": set[str](),
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "properties": set[str](),
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type"},
    "error": {"type"},
    "skipped": set[str](),
    "system-out": set[str](),
}
OPTIONAL = {"testsuites": {"name"}, "failure": {"message"}, "error": {"message"}, "skipped": {"message"}}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"properties", "testcase"},
    "properties": {"property"},
    "testcase": {"failure", "error", "skipped", "system-out"},
}
"""What we use of Jenkins's junit-10.xsd: no more than this, and all that it requires."""


def check(verdict: Verdict, number: int = 1, happened: str = "It sent b'x'.", **fields: Any) -> CheckResult:
    feedback = Feedback("wrong-reply", happened, "Look at it.", "notebooks/04_udp.ipynb", "udp_server.py", 9, "x = 1")
    return CheckResult(
        f"udp_server_{number}", f"Answers {number}", "udp_server", f"1.{number}", 5, verdict,
        feedback=feedback if verdict is Verdict.FAILED else None, seconds=0.25, **fields,
    )  # fmt: skip


def results(*checks: CheckResult, name: str = "Ada", status: str = "graded", **extra: Any) -> dict[str, Any]:
    of = to_json(SubmissionResult(checks, "bwrap", 1))
    student = {"id": "1001", "name": name, "file": "ada.l"}
    of["extra_data"] = {**of["extra_data"], "student": student, "status": status, "notes": [], **extra}  # type: ignore[dict-item]  # an object
    return of


def written(path: Path, *of: dict[str, Any]) -> ET.Element:
    write_junit(path, iter(of))
    root = ET.parse(path).getroot()  # noqa: S314  written by us
    assert root.tag == "testsuites"
    validate(root)
    return root


def validate(element: ET.Element) -> None:
    required = REQUIRED[element.tag]
    assert required <= set(element.attrib) <= required | OPTIONAL.get(element.tag, set())
    assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())
    if element.tag == "testsuite":
        cases = element.findall("testcase")
        assert [child.tag for child in element] == ["properties", *["testcase"] * len(cases)]
        assert int(element.attrib["tests"]) == len(cases) > 0
        for counter, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(element.attrib[counter]) == len(element.findall(f"testcase/{tag}"))
    for child in element:
        validate(child)


class TestJunit:
    def test_a_student_is_a_suite_and_a_check_is_a_case(self, tmp_path: Path) -> None:
        suite = written(
            tmp_path / "junit.xml",
            results(
                check(Verdict.PASSED),
                check(Verdict.FAILED, 2),
                check(Verdict.SKIPPED, 3, reason="udp_server_2"),
                check(Verdict.ERROR, 4, reason="OSError: 24\nno more files"),
                status="incomplete",
            ),
        )[0]
        assert suite.attrib == {
            "name": "Ada (1001)", "tests": "4", "failures": "1", "errors": "1", "skipped": "1", "time": "1.000",
        }  # fmt: skip
        passed, failed, skipped, error = suite.findall("testcase")
        assert passed.attrib == {"classname": "ada.l.udp_server", "name": "Answers 1", "time": "0.250"}
        assert len(passed) == 0
        assert failed[0].attrib == {"type": "wrong-reply", "message": "It sent b'x'."}
        assert failed[0].text is not None
        assert failed[0].text.split("\n")[1] == "udp_server.py, line 9:  x = 1"
        assert (skipped[0].tag, skipped[0].text) == ("skipped", 'Not run: it builds on "Answers 2".')
        assert (error[0].tag, error[0].attrib["type"]) == ("error", "error")
        assert "no more files" in (error[0].text or "")

    def test_what_is_known_of_a_student_is_in_the_properties(self, tmp_path: Path) -> None:
        suite = written(tmp_path / "junit.xml", results(check(Verdict.PASSED), check(Verdict.FAILED, 2)))[0]
        assert {each.attrib["name"]: each.attrib["value"] for each in suite.iter("property")} == {
            "id": "1001", "name": "Ada", "status": "graded", "isolation": "bwrap", "score": "5", "max_score": "10",
        }  # fmt: skip

    def test_a_finding_of_a_passed_check_is_said(self, tmp_path: Path) -> None:
        passed = check(Verdict.PASSED, findings=(Finding("close-not-called", 3, "It is not closed."),))
        (case,) = written(tmp_path / "junit.xml", results(passed))[0].findall("testcase")
        assert "It is not closed." in (case.findtext("system-out") or "")

    @pytest.mark.parametrize(
        "status, tag, text",
        [
            ("missing", "skipped", "Nothing was handed in."),
            ("unreadable", "failure", "Could not be read."),
            ("incomplete", "error", "Not graded to the end."),
        ],
    )
    def test_a_student_without_checks_is_there(self, tmp_path: Path, status: str, tag: str, text: str) -> None:
        suite = written(tmp_path / "junit.xml", results(status=status, notes=["Bad zip."]))[0]
        (case,) = suite.findall("testcase")
        assert case.attrib["classname"] == "ada.l.submission"
        assert (case[0].tag, case[0].text) == (tag, f"{text}\nBad zip.")

    def test_a_run_that_was_stopped_is_an_error_beside_its_checks(self, tmp_path: Path) -> None:
        suite = written(tmp_path / "junit.xml", results(check(Verdict.PASSED), status="incomplete"))[0]
        assert (suite.attrib["tests"], suite.attrib["errors"]) == ("2", "1")

    def test_the_same_results_give_the_same_bytes(self, tmp_path: Path) -> None:
        for name in ("one.xml", "two.xml"):
            written(tmp_path / name, results(check(Verdict.FAILED)), results(check(Verdict.PASSED)))
        assert (tmp_path / "one.xml").read_bytes() == (tmp_path / "two.xml").read_bytes()

    def test_a_class_of_nobody_is_an_empty_document(self, tmp_path: Path) -> None:
        assert len(written(tmp_path / "junit.xml")) == 0

    def test_what_are_no_results_leave_the_older_file(self, tmp_path: Path) -> None:
        (tmp_path / "junit.xml").write_text("older")
        with pytest.raises(KeyError):
            write_junit(tmp_path / "junit.xml", [results(check(Verdict.PASSED)), {}])
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("junit.xml", "older")]


class TestHostileText:
    @given(st.text(), st.text(), st.text())
    def test_it_parses_and_says_the_same(
        self, tmp_path_factory: pytest.TempPathFactory, name: str, output: str, note: str
    ) -> None:
        of = results(check(Verdict.FAILED), name=name, status="incomplete", notes=[note])
        of["tests"][0]["output"] = output
        suite = written(tmp_path_factory.mktemp("class") / "junit.xml", of)[0]
        assert suite.attrib["name"] == f"{legible(name)} (1001)"
        failure, error = suite.findall("testcase/failure") + suite.findall("testcase/error")
        assert (failure.text or "") == "\n".join(legible(line) for line in output.split("\n"))
        assert failure.attrib["message"] == legible(output.split("\n", maxsplit=1)[0])
        assert (error.text or "").endswith("\n".join(legible(line) for line in note.split("\n")))

    @pytest.mark.parametrize(
        "text, shown",
        [
            ("\x00\x08\x1b\x7f", r"\x00\x08\x1b\x7f"),
            ("\ud800", r"\ud800"),
            ("\ufffe\uffff", r"\ufffe\uffff"),
            ("a\rb\tc", r"a\rb\tc"),
            ("<b>&amp;\"'", "<b>&amp;\"'"),
            ("]]>", "]]>"),
            ("Zoë 山田\u3000太郎 🎓", "Zoë 山田\u3000太郎 🎓"),
        ],
    )
    def test_what_xml_forbids_is_shown_escaped(self, tmp_path: Path, text: str, shown: str) -> None:
        suite = written(tmp_path / "junit.xml", results(status="unreadable", name=text, notes=[text]))[0]
        assert suite.attrib["name"] == f"{shown} (1001)"
        assert suite.findtext("testcase/failure") == f"Could not be read.\n{shown}"


class TestMemory:
    def test_it_does_not_grow_with_the_class(self, tmp_path: Path) -> None:
        peak(tmp_path, 1)  # what is made once
        assert peak(tmp_path, 200) < 1.2 * peak(tmp_path, 20)


def peak(folder: Path, students: int) -> int:
    """Give the bytes held at most while so many results are written."""
    of = results(*(check(Verdict.FAILED, number) for number in range(20)))

    def each() -> Iterator[dict[str, Any]]:
        yield from (of for _ in range(students))

    tracemalloc.start()
    try:
        write_junit(folder / "junit.xml", each())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
