"""Rosters: read from whatever a system exports, and matched with those who handed in something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from grading.classroom.roster import Match, NotARoster, Roster, match, read_roster
from grading.classroom.students import FoundClass, Student, file_of, with_files

CANVAS = (
    "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Lab 1 (90),Final Score\r\n"
    "    Points Possible,,,,,100,(read only)\r\n"
    '"Doe, Jane",4711,u100,jdoe,"CS 1, morning; CS 1, lab",,\r\n'
    '"O\'Neill ""Bob"", Róbert",4712,u101,roneill,CS 1,,\r\n'
    '"Student, Test",9999,,abcdef,CS 1,,\r\n'
)
MOODLE = (
    "Identifier,Full name,Email address,Status,Grade\n"
    "Participant 657737,Jane van der Doe,jane@uni.example,Submitted,\n"
    "Participant 657738,王小明,xm@uni.example,No submission,\n"
)


def read(tmp_path: Path, text: str | bytes) -> Roster:
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_roster(path)


def refusal(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(NotARoster) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(str(tmp_path / "roster.csv"))


def members(roster: Roster) -> list[tuple[str, str]]:
    return [(member.id, member.name) for member in roster.members]


def class_of(students: Sequence[str | tuple[str, str]]) -> FoundClass:
    pairs = [(each, each) if isinstance(each, str) else each for each in students]
    return FoundClass("a folder of folders", with_files(Student(i, name, file_of(i)) for i, name in pairs))


def matched(tmp_path: Path, students: Sequence[str | tuple[str, str]], text: str) -> Match:
    return match(class_of(students), read(tmp_path, text))


def missing(result: Match) -> list[str]:
    return [student.id for student in result.missing]


class TestReading:
    def test_canvas(self, tmp_path: Path) -> None:
        roster = read(tmp_path, CANVAS)
        assert roster.columns == ("ID", "SIS Login ID", "SIS User ID")
        assert members(roster) == [("4711", "Doe, Jane"), ("4712", 'O\'Neill "Bob", Róbert')]
        assert roster.members[0].ids == ("4711", "jdoe", "u100")

    def test_moodle(self, tmp_path: Path) -> None:
        roster = read(tmp_path, MOODLE)
        assert roster.columns == ("Identifier", "Email address")
        assert members(roster) == [("Participant 657737", "Jane van der Doe"), ("Participant 657738", "王小明")]

    def test_github_classroom(self, tmp_path: Path) -> None:
        roster = read(tmp_path, '"identifier","github_username","github_id","name"\n"doe","jane-d","12","Jane"\n')
        assert roster.columns == ("identifier", "github_username", "github_id")
        assert members(roster) == [("doe", "Jane")]

    @pytest.mark.parametrize(
        "header",
        ["id,name", "ID;Name", "student_id\tFull Name", "Student ID|Student", "SIS Login ID,Name", "Username;Name",
         "E-Mail,Name", "user id,Display Name", "Matrikelnummer;name", "NetID,Student Name", "OrgDefinedId,name"],
    )  # fmt: skip
    def test_columns_by_any_name(self, header: str, tmp_path: Path) -> None:
        delimiter = next(each for each in ",;\t|" if each in header)
        assert members(read(tmp_path, f"{header}\r\n s1 {delimiter}Jane Doe\r\n\r\n")) == [("s1", "Jane Doe")]

    @pytest.mark.parametrize(
        "header", ["First name,Surname,Email address", "Vorname,Nachname,Email", "Prénom,Nom,id", "First,Last,id"]
    )
    def test_names_in_two_columns(self, header: str, tmp_path: Path) -> None:
        assert members(read(tmp_path, f"{header}\nJane,Doe,s1\n,Roe,s2\n")) == [("s1", "Jane Doe"), ("s2", "Roe")]

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
    def test_in_any_encoding(self, encoding: str, tmp_path: Path) -> None:
        assert members(read(tmp_path, "id;name\ns1;Zoë Müller\n".encode(encoding))) == [("s1", "Zoë Müller")]

    def test_excels_own_first_line(self, tmp_path: Path) -> None:
        assert members(read(tmp_path, "sep=;\r\nid;name\r\ns1;a,b\r\n")) == [("s1", "a,b")]

    def test_a_name_may_have_two_lines(self, tmp_path: Path) -> None:
        assert members(read(tmp_path, 'id,name\ns1,"Jane\nDoe"\n')) == [("s1", "Jane\nDoe")]

    def test_short_lines_and_ids_only(self, tmp_path: Path) -> None:
        assert members(read(tmp_path, "name,id,section\nJane,s1\nBob\n")) == [("s1", "Jane")]
        assert members(read(tmp_path, "username\njane\nbob\n")) == [("jane", ""), ("bob", "")]

    def test_lines_that_are_passed_over_are_counted(self, tmp_path: Path) -> None:
        roster = read(tmp_path, "id,name\ns1,Jane\n,Bob\ns1,Jane\n")
        assert roster.notes == (
            "1 of the roster's lines have no id and were passed over.",
            "1 of the roster's lines say the same student again.",
        )


class TestNoRoster:
    def test_no_column_of_ids(self, tmp_path: Path) -> None:
        assert refusal(tmp_path, "Student,Section\nJane,1\n") == (
            " has no column of ids in its first line (Student, Section): name one of them id, username or email."
        )
        assert "first line (nothing)" in refusal(tmp_path, "")

    def test_nobody_on_it(self, tmp_path: Path) -> None:
        assert "has no student below its first line" in refusal(tmp_path, "id,name\n")

    @pytest.mark.parametrize("data", [b"PK\3\4rest of a workbook", b"\xd0\xcf\x11\xe0"])
    def test_a_workbook(self, data: bytes, tmp_path: Path) -> None:
        assert "is no CSV: export the roster as CSV, not as a workbook" in refusal(tmp_path, data)

    def test_a_cell_without_end(self, tmp_path: Path) -> None:
        assert "is no CSV (field larger" in refusal(tmp_path, 'id,name\ns1,"' + "x" * 200_000)

    def test_no_such_file(self, tmp_path: Path) -> None:
        for path in (tmp_path / "gone.csv", tmp_path, Path("a\0b")):
            with pytest.raises(NotARoster, match="cannot be read"):
                read_roster(path)


class TestMatching:
    def test_by_id(self, tmp_path: Path) -> None:
        result = matched(tmp_path, [("4711", "doejane"), ("5000", "stranger")], CANVAS)
        assert missing(result) == ["4712"]
        assert result.missing[0].name == 'O\'Neill "Bob", Róbert'
        assert result.missing[0].parts == ()
        assert result.strangers == ("5000",)
        assert result.notes == ("1 of 2 students were found on the roster: 1 by ID.",)

    def test_by_whichever_column_most_are_found_in(self, tmp_path: Path) -> None:
        """The missing have ids of the same system as the others."""
        result = matched(tmp_path, ["jdoe"], CANVAS)
        assert missing(result) == ["roneill"]
        assert result.notes == ("1 of 1 students were found on the roster: 1 by SIS Login ID.",)

    @pytest.mark.parametrize("found", ["JANE", " jane ", "Jane"])
    def test_by_an_id_in_another_case(self, found: str, tmp_path: Path) -> None:
        result = matched(tmp_path, [found], "id\njane\nbob\n")
        assert (missing(result), result.strangers) == (["bob"], ())

    def test_by_a_number_that_a_spreadsheet_cut(self, tmp_path: Path) -> None:
        result = matched(tmp_path, ["00042"], "id\n42\n43\n")
        assert (missing(result), result.strangers) == (["43"], ())

    @pytest.mark.parametrize("found, listed", [("jane", "Jane@uni.example"), ("jane@uni.example", "jane")])
    def test_by_what_stands_before_the_at(self, found: str, listed: str, tmp_path: Path) -> None:
        result = matched(tmp_path, [found], f"email\n{listed}\nbob@uni.example\n")
        assert (missing(result), result.strangers) == (["bob@uni.example"], ())
        assert result.notes[0].endswith("1 by the part of an address before its @.")

    def test_by_moodles_participant(self, tmp_path: Path) -> None:
        result = matched(tmp_path, [("657737", "someone")], MOODLE)
        assert (missing(result), result.strangers) == (["Participant 657738"], ())

    @pytest.mark.parametrize("found", ["Jane van der Doe", "van der Doe, Jane", "jane VAN DER doe", "vanderdoejane"])
    def test_by_name(self, found: str, tmp_path: Path) -> None:
        result = matched(
            tmp_path, [("1", found)], "name,email\nJane van der Doe,x@uni.example\nBob Roe,bob@uni.example\n"
        )
        assert (missing(result), result.strangers) == (["bob@uni.example"], ())
        assert result.notes == ("1 of 1 students were found on the roster: 1 by name.",)

    def test_by_a_name_with_or_without_accents_in_any_script(self, tmp_path: Path) -> None:
        text = "name,id\nRóbert O'Neill,a\n王小明,b\nЮлия Жижин,c\n"
        result = matched(tmp_path, [("1", "Robert O'Neill"), ("2", "王小明"), ("3", "Жижин, Юлия")], text)
        assert (missing(result), result.strangers) == ([], ())

    def test_never_by_a_guess(self, tmp_path: Path) -> None:
        """Two of one name, and an address that two share, are matched with neither."""
        text = "id,name\na1,Jane Doe\na2,Jane Doe\njo@a.example,Jo\njo@b.example,Joe\n"
        result = matched(tmp_path, [("1", "Jane Doe"), ("jo", "x")], text)
        assert len(missing(result)) == 4
        assert result.strangers == ("1", "jo")

    def test_the_exact_id_goes_before_a_likeness(self, tmp_path: Path) -> None:
        result = matched(tmp_path, ["jane", "JANE"], "id\njane\nbob\n")
        assert (missing(result), result.strangers) == (["bob"], ("JANE",))

    def test_each_member_is_matched_once(self, tmp_path: Path) -> None:
        result = matched(tmp_path, [("4711", "x"), ("jdoe", "y")], CANVAS)
        assert len(result.strangers) == 1
        assert missing(result) == ["4712"]

    def test_nobody(self, tmp_path: Path) -> None:
        result = matched(tmp_path, ["a", "b"], "id\nc\n")
        assert result.notes[0] == "Nobody who handed in something is on the roster: is it another class's?"

    def test_the_files_of_the_missing_are_unique_in_the_class(self, tmp_path: Path) -> None:
        result = matched(tmp_path, ["x"], "id,email\nx,jane@uni.example\nx,bob@uni.example\n")
        assert missing(result) == ["x", "x"]
        files = ["x", *(student.file for student in result.missing)]
        assert len({file.lower() for file in files}) == len(files)

    def test_what_was_passed_over_is_said(self, tmp_path: Path) -> None:
        assert "no id and were passed over" in matched(tmp_path, ["a"], "id,name\na,A\n,B\n").notes[1]

    def test_a_class_of_ten_thousand(self, tmp_path: Path) -> None:
        text = "name,id,email\n" + "".join(f"N{n} M{n},s{n},s{n}@uni.example\n" for n in range(10_000))
        result = matched(tmp_path, [f"S{n}" for n in range(0, 10_000, 2)], text)
        assert (len(result.missing), result.strangers) == (5_000, ())
