"""Canvas's gradebook and Moodle's worksheet, filled: in their own form, in the right rows, nothing else changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.reports.canvas import fill_canvas
from grading.reports.moodle import comment, fill_moodle
from grading.reports.pairing import same_name
from grading.reports.rows import CheckRow, Row, Status
from grading.reports.worksheet import WorksheetProblem, number, read_worksheet

CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab 1 (501),"Essay, ""Ports"" (502)",Labs Current Score,Current Score,Final Score
,,,,,,Manual Posting,,,,
    Points Possible,,,,,,100.00,20.00,(read only),(read only),(read only)
"Lovelace, Ada",1001,s900,ada@example.org,CS-1 and CS-2,likes engines,,18.00,90.0,90.0,90.0
"山田　太郎",1002,s901,yamada,CS-1,,12.50,,,,
"=""=cmd()""",1003,s902,mallory,CS-2,"two
lines",,7.00,35.0,35.0,35.0
"Hopper, Grace",1004,s903,hopper,CS-2,,EX,,,,
"Liskov, Barbara",1005,s904,liskov,CS-2,,N/A,,,,
"Dijkstra, Edsger",1006,s905,dijkstra,CS-2,,55.00,,,,
"Student, Test",1999,,0f3c9a,CS-1,,,,0.0,0.0,0.0
'''  # noqa: E501  as Canvas writes it

MOODLE = """\
Identifier,"Full name","ID number","Email address",Status,Grade,"Maximum grade","Grade can be changed","Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 71","Ada Lovelace",s900,ada@example.org,"Submitted for grading - ",,100.00,Yes,"Monday, 3 March 2025, 10:00 AM",-,
"Participant 72","山田 太郎",s901,yamada@example.org,"Submitted for grading - ",12.50,100.00,Yes,"Monday, 3 March 2025, 10:05 AM","Tuesday, 4 March 2025, 9:00 AM","<p>See me, please</p>"
"Participant 73","Grace Hopper",s902,grace@example.org,"No submission - ",,100.00,No,-,-,
"Participant 74","Barbara Liskov",s903,liskov@example.org,"No submission - ",,100.00,Yes,-,-,"12 of 100 points."
"""  # noqa: E501  as Moodle writes it

TEILNEHMER = """\
ID,"Vollständiger Name",E-Mail-Adresse,Status,Bewertung,Bestwertung,"Bewertung kann geändert werden","Zuletzt geändert (Bewertung)","Feedback als Kommentar"
Teilnehmer/in71,"Ada Lovelace",ada@example.org,"Zur Bewertung abgegeben",,"20,00",Ja,-,
Teilnehmer/in73,"Grace Hopper",grace@example.org,"Keine Abgabe",,"20,00",Nein,-,
"""  # noqa: E501  as Moodle writes it


def row(student: str, score: float = 0.0, status: Status = "graded", name: str = "", **fields: object) -> Row:
    known: dict[str, object] = {"file": student, "isolation": "bwrap", "max_score": 100.0, "score": score}
    return Row(id=student, name=name or student, status=status, **{**known, **fields})  # type: ignore[arg-type]  # any field


def cells(path: Path, delimiter: str = ",") -> list[list[str]]:
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))


def changes(before: Path, after: Path, delimiter: str = ",") -> dict[tuple[str, str], str]:
    """Give the cells that differ, by the first cell of their line and the head of their column."""
    old, new = cells(before, delimiter), cells(after, delimiter)
    assert [len(line) for line in old] == [len(line) for line in new]
    return {
        (old[line][0], old[0][place]): cell
        for line, there in enumerate(new)
        for place, cell in enumerate(there)
        if cell != old[line][place]
    }


class Files:
    """A worksheet, and where it is filled into."""

    def __init__(self, folder: Path) -> None:
        self.template, self.into = folder / "export.csv", folder / "filled.csv"

    def canvas(self, text: str, rows: list[Row], assignment: str | None = "Lab 1") -> list[str]:
        self.template.write_bytes(text.encode())
        return fill_canvas(self.template, self.into, rows, assignment)

    def moodle(self, text: str, rows: list[Row]) -> list[str]:
        self.template.write_bytes(text.encode())
        return fill_moodle(self.template, self.into, rows)

    def changes(self, delimiter: str = ",") -> dict[tuple[str, str], str]:
        return changes(self.template, self.into, delimiter)


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


class TestCanvas:
    def test_only_the_scores_of_the_class_change(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row("1001", 87.5), row("1002", 100), row("1003", status="missing")])
        assert files.changes() == {
            ("Lovelace, Ada", "Lab 1 (501)"): "87.50",
            ("山田　太郎", "Lab 1 (501)"): "100.00",
            ('="=cmd()"', "Lab 1 (501)"): "0.00",
        }
        assert notes == [
            "Other scores stood there, and are replaced: 1002 (1002).",
            "Left as they were, for they are not in this class: Hopper, Grace; Liskov, Barbara; Dijkstra, Edsger.",
        ]

    def test_cells_that_are_not_filled_are_written_as_they_were(self, files: Files) -> None:
        files.canvas(CANVAS, [row("1001", 87.5)])
        before, after = CANVAS.encode(), files.into.read_bytes()
        assert after == before.replace(b"likes engines,,18", b"likes engines,87.50,18").replace(
            '"山田　太郎"'.encode(), "山田　太郎".encode()
        )

    @pytest.mark.parametrize("ids", [["1001", "1002"], ["ada@example.org", "Yamada"], ["s900", "S901"]])
    def test_students_are_known_by_id_login_and_sis_id(self, files: Files, ids: list[str]) -> None:
        files.canvas(CANVAS, [row(ids[0], 1), row(ids[1], 2)])
        assert list(files.changes().values()) == ["1.00", "2.00"]

    def test_a_class_may_mix_its_ids(self, files: Files) -> None:
        assert "Not in" not in " ".join(files.canvas(CANVAS, [row("1001", 1), row("yamada", 2), row("s902", 3)]))
        assert list(files.changes().values()) == ["1.00", "2.00", "3.00"]

    def test_a_number_that_is_somebody_elses_id_is_not_taken(self, files: Files) -> None:
        """Students known by their university's numbers; one of them, not in the course, has Grace's Canvas ID."""
        text = CANVAS.replace("s900", "700").replace("s901", "701")
        notes = files.canvas(text, [row("700", 1), row("701", 2), row("1006", 99, name="Somebody Else")])
        assert list(files.changes().values()) == ["1.00", "2.00"]
        assert "Not in export.csv: Somebody Else (1006)." in notes

    def test_who_is_not_in_the_course_is_noted(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row("1001", 1), row("4711", 2, name="New\nStudent")])
        assert r"Not in export.csv: New\nStudent (4711)." in notes

    def test_results_that_are_not_final_stay_out(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row("1001", 5), row("1006", 10, "incomplete", "Edsger")])
        assert list(files.changes()) == [("Lovelace, Ada", "Lab 1 (501)")]
        assert "Left as they were, for their results are not final: Edsger (1006)." in notes

    def test_who_is_excused_or_not_assigned_stays_so(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row("1004", 5), row("1005", 5)])
        assert files.changes() == {}
        assert "Left as they were, for they are excused: 1004 (1004)." in notes
        assert "Left as they were, for the assignment is not assigned to them: 1005 (1005)." in notes

    def test_scores_are_scaled_to_the_points_possible(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row("1001", 87.5), row("1002", 33.333)], "502")
        assert list(files.changes().values()) == ["17.50", "6.67"]
        assert 'Scores out of 100 were scaled to the 20 points of “Essay, "Ports" (502)”.' in notes

    def test_without_points_possible_scores_stay(self, files: Files) -> None:
        notes = files.canvas(CANVAS.replace("100.00,20.00", ",20.00"), [row("1001", 87.5)])
        assert list(files.changes().values()) == ["87.50"]
        assert "“Lab 1 (501)” does not say how many points are possible: scores are out of 100." in notes

    @pytest.mark.parametrize("named", ["Lab 1", "lab 1 (501)", " 501 "])
    def test_the_assignment_is_known_by_its_names(self, files: Files, named: str) -> None:
        files.canvas(CANVAS, [row("1001", 1)], named)
        assert list(files.changes()) == [("Lovelace, Ada", "Lab 1 (501)")]

    def test_the_only_assignment_needs_no_name(self, files: Files) -> None:
        files.canvas(CANVAS.replace("20.00,", "(read only),"), [row("1001", 1)], None)
        assert list(files.changes()) == [("Lovelace, Ada", "Lab 1 (501)")]

    def test_of_several_one_must_be_named(self, files: Files) -> None:
        said = 'export.csv has several assignments, name one: “Lab 1 (501)”, “Essay, "Ports" (502)”.'
        assert problem(lambda: files.canvas(CANVAS, [row("1001")], None)) == said

    @pytest.mark.parametrize("named", ["Lab 2", "Notes", "Current Score", "Student", ""])
    def test_a_column_that_is_no_assignment_is_refused(self, files: Files, named: str) -> None:
        said = f'export.csv has no assignment “{named}”; there are “Lab 1 (501)”, “Essay, "Ports" (502)”.'
        assert problem(lambda: files.canvas(CANVAS, [row("1001")], named)) == said
        assert not files.into.exists()

    def test_a_title_that_two_have_is_refused_and_its_id_is_not(self, files: Files) -> None:
        text = CANVAS.replace('"Essay, ""Ports"" (502)"', "Lab 1 (502)")
        assert problem(lambda: files.canvas(text, [row("1001")])).startswith("export.csv has several assignments")
        files.canvas(text, [row("1001", 100)], "502")
        assert list(files.changes()) == [("Lovelace, Ada", "Lab 1 (502)")]

    def test_first_and_last_names_may_be_apart(self, files: Files) -> None:
        text = "LastName,FirstName,ID,SIS Login ID,Section,Lab 1 (501)\n    Points Possible,,,,,100\n"
        notes = files.canvas(f"{text}Lovelace,Ada,1001,ada,CS,\nHopper,Grace,1002,grace,CS,\n", [row("ada", 5)])
        assert files.changes() == {("Lovelace", "Lab 1 (501)"): "5.00"}
        assert "Left as they were, for they are not in this class: Hopper Grace." in notes

    @pytest.mark.parametrize("hidden", ["Muted", "Manual Posting (scores hidden from instructors)"])
    def test_a_row_of_hidden_assignments_is_no_student(self, files: Files, hidden: str) -> None:
        text = CANVAS.replace("Manual Posting", hidden)
        said = "Left as they were, for they are not in this class: Hopper, Grace; "
        assert files.canvas(text, [row("1001", 5), row("yamada", 5), row("1003", 5)])[-1].startswith(said)

    def test_totals_of_a_grading_period_are_no_assignments(self, files: Files) -> None:
        text = "Student,ID,Section,Lab 1 (501),Override Score (2025)\n    Points Possible,,,100,\nAda,1001,CS,,\n"
        files.canvas(text, [row("1001", 5)], None)
        assert files.changes() == {("Ada", "Lab 1 (501)"): "5.00"}

    def test_a_whole_heading_goes_before_a_title(self, files: Files) -> None:
        text = CANVAS.replace('"Essay, ""Ports"" (502)"', "Lab 1 (501) (502)").replace("Lab 1 (501),", "Lab 2 (500),")
        text = text.replace("Lab 2 (500),Lab 1 (501) (502)", "Lab 1 (501) (502),Lab 1 (501)")
        files.canvas(text, [row("1001", 20)], "Lab 1 (501)")
        assert list(files.changes()) == [("Lovelace, Ada", "Lab 1 (501)")]

    def test_a_line_that_ends_early_is_filled_up(self, files: Files) -> None:
        files.canvas("Student,ID,Section,Notes,Lab 1 (501)\nAda,1001,CS\nGrace,1002\n", [row("1001", 5)])
        assert cells(files.into)[1:] == [["Ada", "1001", "CS", "", "5.00"], ["Grace", "1002"]]

    def test_who_was_graded_by_no_check_has_no_score(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row("1001", max_score=0.0)])
        assert files.changes() == {}
        assert "Left as they were, for no check of theirs has points: 1001 (1001)." in notes

    def test_a_german_export_keeps_its_form(self, files: Files) -> None:
        text = "\ufeff" + CANVAS.replace(", ", "\0").replace(",", ";").replace("\0", ", ")
        text = text.replace("100.00", "100,00").replace("12.50", "12,50").replace("\n", "\r\n")
        files.canvas(text, [row("1001", 87.5)])
        assert files.changes(";") == {("Lovelace, Ada", "Lab 1 (501)"): "87,50"}
        content = files.into.read_bytes()
        assert content.startswith(b"\xef\xbb\xbfStudent;ID;")
        assert content.count(b"\r\n") == text.count("\r\n")

    @pytest.mark.parametrize("text", ["", "a\n", "Student\n", "name,points\nAda,5\n", MOODLE])
    def test_what_is_no_gradebook_is_refused_in_a_sentence(self, files: Files, text: str) -> None:
        said = problem(lambda: files.canvas(text, [row("1001")]))
        assert said.startswith("export.csv is not ")
        assert not files.into.exists()

    def test_a_gradebook_without_assignments_is_refused(self, files: Files) -> None:
        said = problem(lambda: files.canvas("Student,ID,SIS Login ID,Section\n", []))
        assert said == "export.csv has no assignment that can be graded."

    def test_two_rows_of_one_student_are_refused(self, files: Files) -> None:
        said = problem(lambda: files.canvas(CANVAS.replace("1006", "1001"), [row("1001")]))
        assert said == "export.csv has 1001 twice, on lines 4 and 10."

    def test_two_students_of_ours_for_one_row_are_refused(self, files: Files) -> None:
        said = problem(lambda: files.canvas(CANVAS, [row("yamada", 1), row("Yamada", 2)]))
        assert said == "Line 5 of export.csv fits two students: yamada (yamada); Yamada (Yamada)."

    def test_it_may_be_filled_in_place(self, files: Files) -> None:
        files.into = files.template
        files.canvas(CANVAS, [row("1001", 5)])
        assert cells(files.template)[3][6] == "5.00"

    def test_a_class_of_strangers_changes_nothing(self, files: Files) -> None:
        notes = files.canvas(CANVAS, [row(f"x{number}") for number in range(25)])
        assert files.changes() == {}
        assert notes[0].endswith("x19 (x19); and 5 more.")


class TestMoodle:
    def test_only_grades_and_comments_of_the_class_change(self, files: Files) -> None:
        wrong = CheckRow("n", "Answers <everyone>", "udp_server", "1.2", "failed", "no-reply", 9, 0, 10)
        ours = [row("71", 87.5, name="Ada Lovelace", checks=(wrong,)), row("74", status="missing", name="B. Liskov")]
        notes = files.moodle(MOODLE, ours)
        assert files.changes() == {
            ("Participant 71", "Grade"): "87.50",
            ("Participant 71", "Feedback comments"): (
                "87.5 of 100 points. To mend first, in udp_server: Answers &lt;everyone&gt; (no-reply)."
            ),
            ("Participant 74", "Grade"): "0.00",
            ("Participant 74", "Feedback comments"): "0 of 100 points. Nothing was handed in.",
        }
        assert notes == ["Left as they were, for they are not in this class: 山田 太郎; Grace Hopper."]

    def test_a_comment_that_somebody_wrote_stays(self, files: Files) -> None:
        notes = files.moodle(MOODLE, [row("72", 50, name="山田\u3000太郎")])
        assert files.changes() == {("Participant 72", "Grade"): "50.00"}
        assert "Comments that somebody wrote were left as they were: 山田\u3000太郎 (72)." in notes

    def test_a_grade_that_cannot_be_changed_stays(self, files: Files) -> None:
        notes = files.moodle(MOODLE, [row("73", 50)])
        assert files.changes() == {}
        assert "Left as they were, for their grades cannot be changed in Moodle: 73 (73)." in notes

    def test_results_that_are_not_final_stay_out(self, files: Files) -> None:
        notes = files.moodle(MOODLE, [row("71", 50, "incomplete")])
        assert files.changes() == {}
        assert "Left as they were, for their results are not final: 71 (71)." in notes

    @pytest.mark.parametrize(
        "ours",
        [row("71"), row("s900"), row("ADA@example.org"), row("x", name="ada  lovelace"), row("9", name="Ada Lovelace")],
        ids=["participant", "ID number", "email", "name", "name of a number"],
    )
    def test_students_are_known_by_what_the_worksheet_says(self, files: Files, ours: Row) -> None:
        files.moodle(MOODLE, [ours])
        assert ("Participant 71", "Grade") in files.changes()

    def test_a_worksheet_of_another_assignment_has_other_numbers(self, files: Files) -> None:
        """Moodle numbers the participants of each assignment anew: the name says whose the number is."""
        ours = [row("72", 5, name="Ada Lovelace"), row("71", 6, name="Barbara Liskov"), row("74", 7, name="A. Turing")]
        notes = files.moodle(MOODLE, ours)
        assert {key: text for key, text in files.changes().items() if key[1] == "Grade"} == {
            ("Participant 71", "Grade"): "5.00",
            ("Participant 74", "Grade"): "6.00",
        }
        assert "Not in export.csv: A. Turing (74)." in notes

    def test_a_name_that_two_have_tells_nobody(self, files: Files) -> None:
        text = MOODLE.replace("Barbara Liskov", "Ada Lovelace")
        notes = files.moodle(text, [row("git-ada", 5, name="Ada Lovelace"), row("s901", 6)])
        assert list(files.changes()) == [("Participant 72", "Grade")]
        said = "Not filled in, for a name alone does not tell who it is in export.csv: Ada Lovelace (git-ada)."
        assert said in notes

    def test_a_row_that_is_taken_is_not_given_to_a_namesake(self, files: Files) -> None:
        notes = files.moodle(MOODLE, [row("71", 5, name="Ada Lovelace"), row("git-ada", 6, name="Ada Lovelace")])
        assert files.changes()["Participant 71", "Grade"] == "5.00"
        assert "Not in export.csv: Ada Lovelace (git-ada)." in notes

    def test_nobody_is_known_by_having_no_name(self, files: Files) -> None:
        files.moodle(MOODLE.replace("Ada Lovelace", ""), [row("git-ada", 6, name=" ")])
        assert files.changes() == {}

    def test_two_of_ours_with_one_name_are_told_apart_by_nothing(self, files: Files) -> None:
        notes = files.moodle(MOODLE, [row("a", 5, name="Ada Lovelace"), row("b", 6, name="Ada Lovelace")])
        assert files.changes() == {}
        assert any("Ada Lovelace (a); Ada Lovelace (b)" in note for note in notes)

    def test_a_german_worksheet(self, files: Files) -> None:
        notes = files.moodle(TEILNEHMER, [row("71", 87.5), row("73", 5)])
        assert files.changes() == {
            ("Teilnehmer/in71", "Bewertung"): "17,50",
            ("Teilnehmer/in71", "Feedback als Kommentar"): "87.5 of 100 points.",
        }
        assert "Scores out of 100 were scaled to the 20 points of “Bewertung”." in notes

    def test_blind_marking_shows_no_names(self, files: Files) -> None:
        text = 'Identifier,Status,Grade,"Maximum grade","Last modified (grade)"\n"Participant 71",,,100.00,-\n'
        notes = files.moodle(text, [row("71", 5, name="Ada Lovelace")])
        assert files.changes() == {("Participant 71", "Grade"): "5.00"}
        assert notes == ["export.csv has no column Feedback comments: no comments were written."]

    def test_a_text_handed_in_online_may_be_long(self, files: Files) -> None:
        text = MOODLE.replace('"Submitted for grading - "', f'"{"x" * 200_000}"')
        limit = csv.field_size_limit(1000)
        try:
            files.moodle(text, [row("71", 5)])
            assert csv.field_size_limit(10**6) == 1000
            assert ("Participant 71", "Grade") in files.changes()
        finally:
            csv.field_size_limit(limit)

    def test_semicolons_are_kept_and_said(self, files: Files) -> None:
        text = MOODLE.replace(", ", "\0").replace(",", ";").replace("\0", ", ")
        notes = files.moodle(text, [row("71", 5)])
        assert ("Participant 71", "Grade") in files.changes(";")
        assert notes[-1] == "Moodle reads commas only: export.csv was saved with another separator by a spreadsheet."

    @pytest.mark.parametrize("text", ["", "a,b\n1,2\n", CANVAS, 'Identifier,Grade\n"Participant",\n'])
    def test_what_is_no_worksheet_is_refused_in_a_sentence(self, files: Files, text: str) -> None:
        assert problem(lambda: files.moodle(text, [row("71")])).startswith("export.csv is not ")
        assert not files.into.exists()

    def test_a_scale_is_refused(self, files: Files) -> None:
        said = problem(lambda: files.moodle(MOODLE.replace("Maximum grade", "Scale"), [row("71")]))
        assert said == "export.csv is of an assignment that is graded on a scale, not in points."

    def test_a_participant_that_stands_there_twice_is_refused(self, files: Files) -> None:
        said = problem(lambda: files.moodle(MOODLE.replace("Participant 74", "Participant 71"), [row("71")]))
        assert said == "export.csv has 71 twice, on lines 2 and 5."

    @pytest.mark.parametrize(
        "of, said",
        [
            (row("1", 100), "100 of 100 points."),
            (row("1", status="unreadable", notes=("No\nzip & <b>'s.",)),
             r"0 of 100 points. What was handed in could not be graded. No\nzip &amp; &lt;b&gt;'s."),
        ],
    )  # fmt: skip
    def test_comments_are_a_line_of_html(self, of: Row, said: str) -> None:
        assert comment(of) == said


class TestWorksheet:
    def test_no_such_file(self, tmp_path: Path) -> None:
        missing = tmp_path / "no.csv"
        said = problem(lambda: fill_canvas(missing, tmp_path / "into.csv", []))
        assert said == f"{missing} cannot be read: No such file or directory."

    @pytest.mark.parametrize(
        "content, said",
        [
            (b"PK\x03\x04rest", "is a spreadsheet's own file, not CSV: export it again, or save it as CSV."),
            ("Zoë,ID\n".encode("latin-1"), "is not UTF-8: export it again, or save it as “CSV UTF-8”."),
            (b'a,b\n"x,y\n', "is not CSV: unexpected end of data."),
            (b'a,b\n"x"y,z\n', "is not CSV: ',' expected after '\"'."),
            (b"\n\n", "is not CSV with a header of several columns."),
        ],
    )
    def test_what_is_no_csv_is_refused_in_a_sentence(self, tmp_path: Path, content: bytes, said: str) -> None:
        (tmp_path / "export.csv").write_bytes(content)
        assert problem(lambda: read_worksheet(tmp_path / "export.csv")) == f"export.csv {said}"

    @pytest.mark.parametrize(
        "content",
        [
            b"a,b\n1,2\n", b"a,b\r\n1,2\r\n", b"a;b\r\n1;2", b"\xef\xbb\xbfa,b\n", b'"a","b"\n"1",""\n',
            b"a\tb\n1\t2\n", b"a,b\n\n,\n1\n1,2,3\n\n", b'a,b\r\n"x\ny",2\r\n', b'"a\r\nb",c\n1,2\n', b"a,b\r1,2\r",
        ],
    )  # fmt: skip
    def test_it_is_written_as_it_was_read(self, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "export.csv").write_bytes(content)
        assert read_worksheet(tmp_path / "export.csv").content() == content

    @given(
        st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")), min_size=2)),
        st.sampled_from(",;\t"), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans(),
    )  # fmt: skip
    def test_any_cells_survive(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        records: list[list[str]],
        delimiter: str,
        end: str,
        bom: bool,  # noqa: FBT001  hypothesis gives it by place
        quoted: bool,  # noqa: FBT001  as bom
    ) -> None:
        path = tmp_path_factory.mktemp("sheet") / "export.csv"
        lines = [["Student", "ID", "Grade"], *records]
        content = "".join(f"{line(cells, delimiter, quoted=quoted)}{end}" for cells in lines)
        path.write_bytes(content.encode("utf-8-sig" if bom else "utf-8"))
        for _ in range(2):  # as it comes, and as it is written here
            sheet = read_worksheet(path)
            assert [sheet.header, *sheet.records] == lines
            assert (sheet.delimiter, sheet.end, sheet.bom) == (delimiter, end, bom)
            if quoted:
                assert sheet.content() == path.read_bytes()
            sheet.write(path)

    @pytest.mark.parametrize("cell, value", [("20", 20), (" 2.50 ", 2.5), ("2,5", 2.5), ("", None), ("1,000.5", None)])
    def test_numbers(self, cell: str, value: float | None) -> None:
        assert number(cell) == value

    @pytest.mark.parametrize(
        "theirs, ours, same",
        [
            ("Lovelace, Ada", "lovelaceada", True),
            ("Ada Lovelace", "LOVELACE Ada", True),
            ("山田 太郎", "山田\u3000太郎", True),
            ("李 明", "李明", True),
            ("Ada Lovelace", "Grace Hopper", False),
            ("J. Smith", "J. Doe", False),
            ("", "Ada", None),
            ("Ada", "7", None),
        ],
    )
    def test_names_that_may_be_the_same(self, theirs: str, ours: str, *, same: bool | None) -> None:
        assert same_name(theirs, row("7", name=ours)) is same


def line(cells: list[str], delimiter: str, *, quoted: bool) -> str:
    """Write a line of CSV as RFC 4180 says."""
    special = f'{delimiter}"\r\n'
    return delimiter.join(
        '"{}"'.format(cell.replace('"', '""')) if quoted or any(char in cell for char in special) else cell
        for cell in cells
    )


def problem(fill: Callable[[], object]) -> str:
    with pytest.raises(WorksheetProblem) as caught:
        fill()
    return str(caught.value)
