"""``junit.xml`` of a class, for what shows test results: Jenkins, GitLab, GitHub's actions.

One test suite a student, one test case a check, in the form of junit-10.xsd of Jenkins's xunit plugin
(https://github.com/jenkinsci/xunit-plugin). Written with the standard library as the results come, one student
at a time: the libraries for it hold the whole document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from grading.reports import points
from grading.reports.files import whole
from grading.reports.names import legible

_ELEMENTS = {"failed": "failure", "skipped": "skipped", "error": "error"}
_COUNTED = {"failures": "failed", "errors": "error", "skipped": "skipped"}


def write_junit(path: Path, results: Iterable[Mapping[str, Any]]) -> None:
    """Write the results of a class, each the object of a ``results.json`` with its student.

    A student without checks, or whose grading broke outside of them, has a test case ``submission`` that says so:
    skipped where nothing was handed in, a failure where it could not be read. Raises ``OSError`` where it
    cannot be written, ``KeyError`` for what are no results; an older file is then still there, untouched.
    """
    with whole(path) as file:
        xml = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)
        xml.startDocument()
        xml.startElement("testsuites", _shown({"name": "Socket Labs"}))
        for each in results:
            _suite(xml, each)
        xml.characters("\n")
        xml.endElement("testsuites")
        xml.characters("\n")


def _suite(xml: XMLGenerator, results: Mapping[str, Any]) -> None:
    extra, student = results["extra_data"], results["extra_data"]["student"]
    cases = [_case(test, student["file"]) for test in results["tests"]]
    cases += _submission(extra, cases, student["file"])
    counts = Counter(case["verdict"] for case in cases)
    attributes = {
        "name": f"{student['name']} ({student['id']})",
        "tests": str(len(cases)),
        **{name: str(counts[verdict]) for name, verdict in _COUNTED.items()},
        "time": f"{sum(case['seconds'] for case in cases):.3f}",
    }
    properties = {
        "id": student["id"],
        "name": student["name"],
        "status": extra["status"],
        "isolation": extra["isolation"],
        "score": points(results["score"]),
        "max_score": points(results["max_score"]),
    }
    xml.characters("\n")
    xml.startElement("testsuite", _shown(attributes))
    xml.startElement("properties", _shown({}))
    for name, value in properties.items():
        _element(xml, "property", {"name": name, "value": str(value)})
    xml.endElement("properties")
    for case in cases:
        _testcase(xml, case)
    xml.endElement("testsuite")


def _testcase(xml: XMLGenerator, case: Mapping[str, Any]) -> None:
    xml.characters("\n")
    attributes = {"classname": case["class"], "name": case["name"], "time": f"{case['seconds']:.3f}"}
    xml.startElement("testcase", _shown(attributes))
    if case["verdict"] in _ELEMENTS:
        said = {"message": case["text"].partition("\n")[0]}
        if case["verdict"] != "skipped":  # where Maven's Surefire allows no type
            said["type"] = case["type"]
        _element(xml, _ELEMENTS[case["verdict"]], said, case["text"])
    elif case["text"]:
        _element(xml, "system-out", {}, case["text"])
    xml.endElement("testcase")


def _case(test: Mapping[str, Any], file: str) -> dict[str, Any]:
    data = test["extra_data"]
    return {
        "class": f"{file}.{data['program']}",  # Jenkins tells students apart by it
        "name": test["name"].removeprefix(f"{data['program']}: "),
        "verdict": data["verdict"],
        "type": data["cause"] or data["verdict"],
        "text": test["output"],
        "seconds": data["seconds"],
    }


def _submission(extra: Mapping[str, Any], cases: list[dict[str, Any]], file: str) -> list[dict[str, Any]]:
    """Say what no check says."""
    broken = any(case["verdict"] == "error" for case in cases)
    verdict = {"missing": "skipped", "unreadable": "failed", "incomplete": "error"}.get(extra["status"])
    if verdict is None or (broken and verdict == "error"):
        return []
    words = {"skipped": "Nothing was handed in.", "failed": "Could not be read.", "error": "Not graded to the end."}
    return [
        {
            "class": f"{file}.submission",
            "name": "submission",
            "verdict": verdict,
            "type": extra["status"],
            "text": "\n".join([words[verdict], *extra["notes"]]),
            "seconds": 0.0,
        }
    ]


def _element(xml: XMLGenerator, name: str, attributes: Mapping[str, str], text: str = "") -> None:
    xml.startElement(name, _shown(attributes))
    xml.characters("\n".join(legible(line) for line in text.split("\n")))
    xml.endElement(name)


def _shown(attributes: Mapping[str, str]) -> AttributesImpl[str]:
    return AttributesImpl({name: legible(value) for name, value in attributes.items()})
