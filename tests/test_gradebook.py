"""``gradebook.csv``: a row a student, in any script, and nothing that a spreadsheet runs."""
# ruff: noqa: RUF001  letters and signs that look like others are what is tested

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.reports.gradebook import harmless, write_gradebook
from grading.reports.names import legible
from grading.reports.rows import CheckRow, Row, Status

PROGRAMS = [("udp_server", 30.0), ("udp_client", 20.0)]
HEADER = [
    "id", "name", "status", "isolation", "udp_server (of 30)", "udp_client (of 20)", "score", "max_score",
    "first_cause",
]  # fmt: skip


def check(program: str, verdict: str, score: float, cause: str | None = None) -> CheckRow:
    return CheckRow("name", "Title", program, "1.1", verdict, cause, None, score, 30)


def row(student: str = "1", name: str = "Ada", status: Status = "graded", **fields: object) -> Row:
    known: dict[str, object] = {"file": f"file-{student}", "isolation": "bwrap", "score": 0.0, "max_score": 50.0}
    return Row(id=student, name=name, status=status, **{**known, **fields})  # type: ignore[arg-type]  # any field


def written(path: Path, rows: list[Row]) -> list[list[str]]:
    write_gradebook(path, rows, PROGRAMS)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, strict=True))


class TestGradebook:
    def test_a_student_is_a_row(self, tmp_path: Path) -> None:
        checks = (
            check("udp_client", "passed", 12.5),
            check("udp_server", "failed", 0, "no-reply"),
            check("udp_server", "passed", 10),
            check("udp_server", "failed", 0, "hang"),
        )
        rows = [row("s1", "Ada Lovelace", checks=checks, score=22.5)]
        assert written(tmp_path / "gradebook.csv", rows) == [
            HEADER,
            ["s1", "Ada Lovelace", "graded", "bwrap", "10", "12.5", "22.5", "50", "no-reply"],
        ]

    @pytest.mark.parametrize("status", ["missing", "unreadable"])
    def test_who_handed_in_nothing_to_grade_has_zeros(self, tmp_path: Path, status: Status) -> None:
        _, cells = written(tmp_path / "gradebook.csv", [row(status=status, isolation="")])
        assert cells == ["1", "Ada", status, "", "0", "0", "0", "50", ""]

    @pytest.mark.parametrize("status", ["graded", "incomplete"])
    def test_a_program_that_was_not_graded_is_blank(self, tmp_path: Path, status: Status) -> None:
        _, cells = written(tmp_path / "gradebook.csv", [row(status=status, checks=(check("udp_server", "error", 0),))])
        assert cells[2:6] == [status, "bwrap", "0", ""]

    def test_rows_are_sorted_by_id_and_the_same_rows_give_the_same_bytes(self, tmp_path: Path) -> None:
        statuses: tuple[Status, ...] = get_args(Status)
        rows = [row(str(number), status=statuses[number % len(statuses)]) for number in range(50)]
        first = written(tmp_path / "gradebook.csv", rows)
        content = (tmp_path / "gradebook.csv").read_bytes()
        random.Random(1).shuffle(rows)
        write_gradebook(tmp_path / "gradebook.csv", rows, PROGRAMS)
        assert (tmp_path / "gradebook.csv").read_bytes() == content
        assert [cells[0] for cells in first[1:]] == sorted(str(number) for number in range(50))

    def test_it_is_what_excel_takes_for_unicode(self, tmp_path: Path) -> None:
        written(tmp_path / "gradebook.csv", [row(name="Zoë")])
        content = (tmp_path / "gradebook.csv").read_bytes()
        assert content.startswith(b"\xef\xbb\xbfid,name,")
        assert content.count(b"\r\n") == content.count(b"\n") == 2

    def test_a_class_of_nobody_is_a_header(self, tmp_path: Path) -> None:
        assert written(tmp_path / "gradebook.csv", []) == [HEADER]

    def test_where_it_cannot_be_written_an_older_one_stays(self, tmp_path: Path) -> None:
        (tmp_path / "gradebook.csv").write_text("older")
        with pytest.raises(AttributeError):
            write_gradebook(tmp_path / "gradebook.csv", [row(), None], PROGRAMS)  # type: ignore[list-item]  # it breaks
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("gradebook.csv", "older")]

    @pytest.mark.parametrize(
        "name",
        [
            "Zoë O’Brien-Müller", 'Dwayne "The Rock", Jr.', "山田\u3000太郎", "Николай", "محمد علی\u200cزاده", "שרה",
            "क्\u200dष", "Nguyễn Thị", "🎓\u200d🚀 𝒜", "a\\nb", "O'Neil; Ann",
        ],
    )  # fmt: skip
    def test_names_in_any_script_survive(self, tmp_path: Path, name: str) -> None:
        assert written(tmp_path / "gradebook.csv", [row(name=name)])[1][1] == name

    @pytest.mark.parametrize(
        "name, shown",
        [
            ("Ada\nLovelace", r"Ada\nLovelace"),
            ("a\r\nb\tc", r"a\r\nb\tc"),
            ("\x1b[31m\x00", r"\x1b[31m\x00"),
            ("\u2028\x85", r"\u2028\x85"),
            ("\ud800", r"\ud800"),
            ("gpj.\u202eexe", r"gpj.\u202eexe"),
        ],
    )
    def test_what_would_break_a_line_is_made_visible(self, tmp_path: Path, name: str, shown: str) -> None:
        assert written(tmp_path / "gradebook.csv", [row(name=name)])[1][1] == shown

    @given(st.lists(st.tuples(st.text(), st.text()), max_size=5, unique_by=lambda pair: pair[0]))
    def test_whatever_the_names_are_there_are_as_many_rows_and_cells(
        self, tmp_path_factory: pytest.TempPathFactory, students: list[tuple[str, str]]
    ) -> None:
        rows = [row(student, name) for student, name in students]
        table = written(tmp_path_factory.mktemp("grades") / "gradebook.csv", rows)
        assert [len(cells) for cells in table] == [len(HEADER)] * (len(students) + 1)
        assert [cells[:2] for cells in table[1:]] == [
            [harmless(student), harmless(name)] for student, name in sorted(students)
        ]


FORMULA = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "-", "=c|' /C calc'!A0", "  =1", "\u00a0=1", "\u3000=1", "\u200b=1", "\ufeff=1",
    '"=1', "＝1+1", "＋1", "－1+1", "＠x", "﹢1", "-5,-5", "=\n1",
]  # fmt: skip


class TestHarmless:
    @pytest.mark.parametrize("cell", FORMULA)
    def test_what_begins_like_a_formula_gets_an_apostrophe(self, cell: str) -> None:
        assert runs(cell)
        assert not runs(harmless(cell))
        assert harmless(cell).replace("'", "") == legible(cell).replace("'", "")

    @pytest.mark.parametrize("cell", ["\t=1", "\r=1", "\n=1", "\x00=1"])
    def test_what_a_spreadsheet_skips_is_made_visible(self, cell: str) -> None:
        assert harmless(cell).startswith("\\")

    @pytest.mark.parametrize("cell", ["Ada;=1+1", "Ada, @SUM(1)", 'Ada",=1'])
    def test_a_spreadsheet_that_splits_elsewhere_finds_none(self, cell: str) -> None:
        for delimiter in ",;":
            assert not any(runs(part) for part in harmless(cell).split(delimiter))

    @pytest.mark.parametrize("cell", ["-5", "-0.25", "+3", "007", "-1,5", "12345", "", "a-b", "ada@example.org"])
    def test_numbers_and_plain_words_stay(self, cell: str) -> None:
        assert harmless(cell) == cell

    @given(st.text(st.sampled_from("=+-@＝－ \t\r\u3000\u200b\"';,a1") | st.characters()))
    def test_no_cell_of_any_text_starts_a_formula(self, cell: str) -> None:
        shown = harmless(cell)
        number = re.fullmatch(r"[+-]?\d+([.,]\d+)?", shown, re.ASCII)
        assert number or not any(runs(part) for part in re.split("[,;]", shown))

    @given(st.lists(st.text()))
    def test_a_line_of_csv_gives_back_its_cells(self, cells: list[str]) -> None:
        line = io.StringIO()
        csv.writer(line).writerow(["id", *map(harmless, cells)])
        assert list(csv.reader([line.getvalue()], strict=True)) == [["id", *map(harmless, cells)]]


def runs(cell: str) -> bool:
    """Tell whether a spreadsheet might take a cell for a formula: generously."""
    wide = unicodedata.normalize("NFKC", cell)
    bare = "".join(char for char in wide if unicodedata.category(char) not in ("Cf", "Cc"))
    return bare.lstrip().lstrip('"').lstrip().startswith(("=", "+", "-", "@"))
