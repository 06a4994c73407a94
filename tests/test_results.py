"""``results.json``: what Gradescope documents, what DESIGN adds, and how it is written."""

from __future__ import annotations

import json
import math
import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.reports import points, root_of, visible
from grading.reports.gradescope import to_json, write_results
from grading.results import CheckResult, Feedback, Finding, SubmissionResult, Verdict

VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
DOCUMENTED = {
    "score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
    "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
DOCUMENTED_OF_A_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format", "tags",
    "visibility", "extra_data",
}  # fmt: skip


def validate(results: Any) -> None:
    """Hold an object against https://gradescope-autograders.readthedocs.io/en/latest/specs/ and DESIGN."""
    assert set(results) <= DOCUMENTED | {"max_score"}  # the one field that is ours: the whole of the points
    assert is_number(results["score"])
    assert is_number(results["max_score"])
    assert is_number(results["execution_time"])
    assert isinstance(results["output"], str)
    assert results["output_format"] in FORMATS
    assert results["visibility"] in VISIBILITIES
    assert set(results["extra_data"]) == {"format", "isolation", "complete", "seed"}
    assert results["extra_data"]["format"] == 1
    assert results["extra_data"]["isolation"] in {"bwrap", "none"}
    for test in results["tests"]:
        validate_test(test)
    tests = results["tests"]
    assert math.isclose(sum(test["score"] for test in tests), results["score"], abs_tol=1e-4)
    assert math.isclose(sum(test["max_score"] for test in tests), results["max_score"], abs_tol=1e-4)
    broke = any(test["extra_data"]["verdict"] == "error" for test in tests)
    assert results["extra_data"]["complete"] is not broke


def validate_test(test: Any) -> None:
    assert set(test) <= DOCUMENTED_OF_A_TEST
    assert is_number(test["score"])
    assert is_number(test["max_score"])
    assert 0 <= test["score"] <= test["max_score"]
    assert test["status"] in {"passed", "failed"}
    assert test["output_format"] in FORMATS
    assert test["visibility"] in VISIBILITIES
    for name in ("name", "number", "output"):
        assert isinstance(test[name], str)
    assert all(isinstance(tag, str) for tag in test["tags"])
    extra = test["extra_data"]
    assert set(extra) - {"runs"} == {"program", "check", "verdict", "cause", "line", "findings", "seconds"}
    assert "runs" not in extra or set(extra["runs"]) == {"own", "reference", "parting"}
    assert "runs" not in extra or extra["verdict"] == "failed"
    assert extra["verdict"] in {"passed", "failed", "error", "skipped"}
    assert (test["status"] == "passed") is (extra["verdict"] == "passed")
    assert (extra["cause"] is not None) is (extra["verdict"] == "failed")
    assert extra["line"] is None or extra["verdict"] == "failed"
    assert test["tags"] == [extra["program"]] + ([extra["cause"]] if extra["cause"] else [])
    assert all(set(finding) == {"cause", "line", "text"} for finding in extra["findings"])
    assert is_number(extra["seconds"])
    text = test["name"] + test["output"].replace("\n", "") + "".join(f["text"] for f in extra["findings"])
    assert not [char for char in text if not char.isprintable()]


def is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


FEEDBACK = Feedback(
    cause="missing-encode",
    happened="Your client stopped with TypeError: a bytes-like object is required, not 'str'.",
    advice="Call .encode() on the text.",
    read="notebooks/04_udp.ipynb, step 3",
    file="udp_client.py",
    line=9,
    source="clientSocket.sendto(message, (serverName, serverPort))",
)


def check(name: str, verdict: Verdict, **more: Any) -> CheckResult:
    plain: dict[str, Any] = {
        "title": name.capitalize(),
        "program": "udp_client",
        "number": "2.1",
        "max_points": 2.0,
    }
    return CheckResult(check=name, verdict=verdict, **(plain | more))


RESULT = SubmissionResult(
    checks=(
        check("starts", Verdict.PASSED, findings=(Finding("close-not-called", 12, "No ()."),), seconds=0.25),
        check("sends", Verdict.FAILED, feedback=FEEDBACK, max_points=0.1, seconds=0.5),
        check("answers", Verdict.SKIPPED, reason="sends", max_points=0.2),
        check("ends", Verdict.ERROR, reason="OSError: [Errno 24] Too many open files"),
    ),
    isolation="bwrap",
    seed=7,
    notes=("b/udp_client.py is a copy of a/udp_client.py.",),
)


class TestFormat:
    def test_every_verdict_is_what_gradescope_documents(self) -> None:
        validate(to_json(RESULT))
        validate(json.loads(json.dumps(to_json(RESULT))))

    def test_nothing_graded_is_valid_too(self) -> None:
        validate(to_json(SubmissionResult((), "none", 0)))

    def test_the_whole_object(self) -> None:
        results: Any = to_json(RESULT)
        assert {name: results[name] for name in results if name != "tests"} == {
            "score": 2,
            "max_score": 4.3,
            "execution_time": 0.75,
            "output": (
                "2 of 4.3 points. "
                "Not final: the grader itself broke in 1 check; no points are lost by that.\n"
                "b/udp_client.py is a copy of a/udp_client.py."
            ),
            "output_format": "text",
            "visibility": "visible",
            "extra_data": {"format": 1, "isolation": "bwrap", "complete": False, "seed": 7},
        }
        assert results["tests"][1] == {
            "name": "udp_client: Sends",
            "number": "2.1",
            "score": 0,
            "max_score": 0.1,
            "status": "failed",
            "output": (
                "Your client stopped with TypeError: a bytes-like object is required, not 'str'.\n"
                "udp_client.py, line 9:  clientSocket.sendto(message, (serverName, serverPort))\n"
                "Call .encode() on the text.\n"
                "Read: notebooks/04_udp.ipynb, step 3\n"
                "More: pytest grading --explain missing-encode"
            ),
            "output_format": "text",
            "tags": ["udp_client", "missing-encode"],
            "visibility": "visible",
            "extra_data": {
                "program": "udp_client",
                "check": "sends",
                "verdict": "failed",
                "cause": "missing-encode",
                "line": 9,
                "findings": [],
                "seconds": 0.5,
            },
        }

    def test_the_order_is_the_rubrics(self) -> None:
        results: Any = to_json(RESULT)
        assert [test["extra_data"]["check"] for test in results["tests"]] == [
            "starts", "sends", "answers", "ends",
        ]  # fmt: skip

    def test_a_finding_stands_on_a_passed_test(self) -> None:
        results: Any = to_json(RESULT)
        test = results["tests"][0]
        assert test["output"] == "Worth knowing (no points lost), line 12: No ()."
        assert test["extra_data"]["findings"] == [{"cause": "close-not-called", "line": 12, "text": "No ()."}]
        assert test["tags"] == ["udp_client"]

    def test_skipped_and_error_say_why(self) -> None:
        results: Any = to_json(RESULT)
        assert results["tests"][2]["output"] == 'Not run: it builds on "Sends".'
        assert "The grader itself broke here" in results["tests"][3]["output"]
        assert "Too many open files" in results["tests"][3]["output"]

    def test_feedback_on_a_check_that_did_not_fail_gives_no_cause(self) -> None:
        odd = SubmissionResult((check("ends", Verdict.ERROR, feedback=FEEDBACK),), "none", 1)
        validate(to_json(odd))

    @given(st.text(), st.text(), st.sampled_from(Verdict))
    def test_no_text_of_a_submission_breaks_it(self, text: str, name: str, verdict: Verdict) -> None:
        feedback = Feedback("crash", text, text, text, file=name, line=1, source=text)
        findings = (Finding("crash", None, text),)
        one = check("x", verdict, feedback=feedback, findings=findings, reason=text, title=name)
        results = to_json(SubmissionResult((one,), "none", 1, notes=(text,)))
        validate(results)
        assert str(results["output"]).split("\n")[1:] == [visible(text)]


class TestRoot:
    def test_a_chain_of_skipped_checks_leads_to_what_failed(self) -> None:
        last = check("ends", Verdict.SKIPPED, reason="answers")
        result = SubmissionResult((*RESULT.checks[:3], last), "none", 1)
        assert root_of(last, result) == '"Sends"'

    def test_a_check_of_another_program_is_named_with_it(self) -> None:
        pair = check("pair", Verdict.SKIPPED, reason="sends", program="udp_pair")
        assert root_of(pair, SubmissionResult((*RESULT.checks, pair), "none", 1)) == '"Sends" of udp_client'

    @pytest.mark.parametrize("reason", ["stopped after the first failure", "", "loop"])
    def test_any_other_reason_has_none(self, reason: str) -> None:
        loop = check("loop", Verdict.SKIPPED, reason=reason)
        assert root_of(loop, SubmissionResult((loop,), "none", 1)) in {"", '"Loop"'}

    def test_any_other_reason_stands_as_it_is(self) -> None:
        only = check("ends", Verdict.SKIPPED, reason="Stopped after the first failure.")
        results: Any = to_json(SubmissionResult((only,), "none", 1))
        assert results["tests"][0]["output"] == "Stopped after the first failure."


class TestWords:
    @pytest.mark.parametrize(
        "number, text",
        [(2.0, "2"), (2.5, "2.5"), (0.1 + 0.2, "0.3"), (0.0, "0"), (100 / 3, "33.33"), (100.0, "100")],
    )
    def test_points(self, number: float, text: str) -> None:
        assert points(number) == text

    @pytest.mark.parametrize(
        "text, shown",
        [
            ("plain text, even déjà vu ✓", "plain text, even déjà vu ✓"),
            ("\x1b[2J", "\\x1b[2J"),
            ("a\nb\r\tc\0", "a\\nb\\r\\tc\\x00"),
            ("\x7f\x9b", "\\x7f\\x9b"),
            ("\u202etxt.exe", "\\u202etxt.exe"),
            ("\udce9", "\\udce9"),
            ("\N{NO-BREAK SPACE}", "\\xa0"),
        ],
    )
    def test_what_does_not_print_is_escaped(self, text: str, shown: str) -> None:
        assert visible(text) == shown

    @given(st.text())
    def test_all_text_prints_and_stays_as_it_is_the_second_time(self, text: str) -> None:
        assert visible(text).isprintable()
        assert visible(visible(text)) == visible(text)
        assert visible(text, ascii_only=True).isascii()


class TestWriting:
    def test_it_is_written_and_nothing_else(self, tmp_path: Path) -> None:
        write_results(RESULT, tmp_path / "results.json")
        assert json.loads((tmp_path / "results.json").read_text()) == to_json(RESULT)
        assert [path.name for path in tmp_path.iterdir()] == ["results.json"]

    def test_an_older_one_is_replaced(self, tmp_path: Path) -> None:
        (tmp_path / "results.json").write_text("x" * 100_000)
        write_results(RESULT, tmp_path / "results.json")
        assert json.loads((tmp_path / "results.json").read_text()) == to_json(RESULT)

    def test_a_missing_folder_is_the_callers_to_tell(self, tmp_path: Path) -> None:
        with pytest.raises(OSError, match="No such file"):
            write_results(RESULT, tmp_path / "nowhere" / "results.json")

    def test_a_folder_of_that_name_is_the_callers_to_tell(self, tmp_path: Path) -> None:
        with pytest.raises(OSError):  # noqa: PT011  its words differ between systems
            write_results(RESULT, tmp_path)

    def test_a_failed_write_leaves_the_older_one_and_no_crumbs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        (tmp_path / "results.json").write_text("older")
        monkeypatch.setattr("grading.reports.files.os.fsync", full)
        with pytest.raises(OSError, match="No space left"):
            write_results(RESULT, tmp_path / "results.json")
        assert (tmp_path / "results.json").read_text() == "older"
        assert [path.name for path in tmp_path.iterdir()] == ["results.json"]

    @pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
    def test_a_link_stays_a_link(self, tmp_path: Path) -> None:
        (tmp_path / "link.json").symlink_to("results.json")
        (tmp_path / "results.json").write_text("older")
        write_results(RESULT, tmp_path / "link.json")
        assert (tmp_path / "link.json").is_symlink()
        assert json.loads((tmp_path / "results.json").read_text()) == to_json(RESULT)

    @pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of POSIX")
    def test_a_pipe_is_written_to_and_stays(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
        try:
            write_results(RESULT, tmp_path / "pipe")
            assert json.loads(os.read(reader, 1_000_000)) == to_json(RESULT)
        finally:
            os.close(reader)
        assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)

    @pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
    def test_others_may_read_it_as_any_file(self, tmp_path: Path) -> None:
        (tmp_path / "any").write_text("")
        write_results(RESULT, tmp_path / "results.json")
        assert (tmp_path / "results.json").stat().st_mode == (tmp_path / "any").stat().st_mode
