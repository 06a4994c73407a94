"""The grader tells every reference solution with one mistake in it from the reference solution itself."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

import pytest

from grading.arena import Isolation
from tests.gallery.entries import ROOT
from tests.gallery.equal_mutants import EQUAL
from tests.gallery.mutants import PROGRAMS, Graded, grade_mutants, mutants, mutants_of, score

MADE = {program: mutants(program) for program in PROGRAMS}

RECEIVE = "message, client_address = server_socket.recvfrom(2048)"
ACCEPT = "connection_socket, client_address = server_socket.accept()"
SENDTO = "client_socket.sendto(message.encode(), (SERVER_NAME, SERVER_PORT))"
ADDRESS = "(SERVER_NAME, SERVER_PORT)"

CHANGED = [
    ("tcp_server", "deletion", f"the name of {ACCEPT}", ACCEPT, "server_socket.accept()"),
    ("udp_client", "constant", "SERVER_PORT = '12000'", "12000", "'12000'"),
    ("udp_server", "constant", RECEIVE.replace("2048", "0"), "2048", "0"),
    ("udp_server", "constant", "while False:", "while True", "while False"),
    ("udp_server", "constant", "server_socket.bind(('localhost', SERVER_PORT))", '("", ', "('localhost', "),
    ("udp_server", "name", RECEIVE.replace("recvfrom", "recv"), "recvfrom", "recv"),
    ("udp_server", "name", "modified_message = message.decode().title()", ".upper()", ".title()"),
    ("udp_server", "name", "SOCK_STREAM for SOCK_DGRAM", "SOCK_DGRAM", "SOCK_STREAM"),
    ("udp_server", "name", "import socket", "from socket import AF_INET, SOCK_DGRAM, socket", "import socket"),
    ("tcp_server", "name", "server_socket.close()", "connection_socket.close", "server_socket.close"),
    ("tcp_client", "call", "client_socket.close", "client_socket.close()", "client_socket.close"),
    ("tcp_client", "call", "client_socket.send(sentence)", "sentence.encode()", "sentence"),
    ("udp_client", "argument", "client_socket.sendto(message.encode())", f", {ADDRESS}", ""),
    ("udp_client", "argument", SENDTO.replace(ADDRESS, "SERVER_NAME, SERVER_PORT"), ADDRESS, ADDRESS[1:-1]),
    ("udp_client", "argument", SENDTO.replace(ADDRESS, "(SERVER_NAME,)"), ADDRESS, "(SERVER_NAME,)"),
    ("tcp_server", "argument", "connection_socket = server_socket.accept()", ", client_address", ""),
    (
        "tcp_client",
        "argument",
        "client_socket.connect((SERVER_PORT, SERVER_NAME))",
        ADDRESS,
        "(SERVER_PORT, SERVER_NAME)",
    ),
]
"""Some mutants, with the text of the solution that is replaced, and what stands there then."""

LOOP = "one()\nwhile True:\n    two()\n    three()\n"
MOVED = [
    ("deletion", "one()", "while True:\n    two()\n    three()\n"),
    ("deletion", "two()", "one()\nwhile True:\n    three()\n"),
    ("deletion", "while True:", "one()\n"),
    ("swap", "while True: / one()", "while True:\n    two()\n    three()\none()\n"),
    ("swap", "three() / two()", "one()\nwhile True:\n    three()\n    two()\n"),
    ("loop", "removed", "one()\ntwo()\nthree()\n"),
    ("loop", "after two()", "one()\ntwo()\nwhile True:\n    three()\n"),
    ("loop", "before three()", "one()\nwhile True:\n    two()\nthree()\n"),
    ("loop", "around one()", "while True:\n    one()\n    two()\n    three()\n"),
]


@pytest.fixture(scope="module")
def graded(isolation: Isolation) -> list[Graded]:
    """Grade all mutants, once."""
    if isolation.level != "bwrap":
        pytest.skip(f"no private networks here: {isolation.why_not}")
    return list(grade_mutants([mutant for made in MADE.values() for mutant in made]))


class TestMaking:
    @pytest.mark.parametrize("program, kind, change, was, now", CHANGED)
    def test_changes_one_thing(self, program: str, kind: str, change: str, was: str, now: str) -> None:
        (path,) = (ROOT / "solutions").glob(f"*/{program}.py")
        wanted = ast.parse(path.read_text(encoding="utf-8").replace(was, now))
        del wanted.body[0]
        (source,) = [mutant.source for mutant in MADE[program] if (mutant.kind, mutant.change) == (kind, change)]
        assert ast.dump(ast.parse(source)) == ast.dump(wanted)

    def test_moves_statements(self) -> None:
        made = {(mutant.kind, mutant.change): mutant.source for mutant in mutants_of(ast.parse(LOOP), "program")}
        assert {(kind, change): made.get((kind, change)) for kind, change, _ in MOVED} == {
            (kind, change): source for kind, change, source in MOVED
        }

    def test_leaves_a_pass_in_an_empty_loop(self) -> None:
        made = [mutant.source for mutant in mutants_of(ast.parse("while True:\n    step()\n"), "program")]
        assert "while True:\n    pass\n" in made

    def test_leaves_out_what_does_not_compile(self) -> None:
        """A `break` without its loop."""
        kinds = [mutant.kind for mutant in mutants_of(ast.parse("while True:\n    break\n"), "program")]
        assert kinds == ["deletion", "deletion", "constant"]

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_makes_each_once_and_never_the_solution_itself(self, program: str) -> None:
        (path,) = (ROOT / "solutions").glob(f"*/{program}.py")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        del tree.body[0]
        dumps = [ast.dump(tree), *(ast.dump(ast.parse(mutant.source)) for mutant in MADE[program])]
        assert len(set(dumps)) == len(dumps)
        assert [key for key, count in Counter(mutant.key for mutant in MADE[program]).items() if count > 1] == []

    def test_makes_many(self) -> None:
        assert all(len(made) >= 120 for made in MADE.values())
        kinds = {"deletion", "swap", "constant", "name", "call", "argument"}
        assert all({mutant.kind for mutant in made} >= kinds for made in MADE.values())


class TestGrading:
    @pytest.mark.parametrize("program", PROGRAMS)
    def test_catches_every_mistake(self, graded: Sequence[Graded], program: str) -> None:
        found = score(one for one in graded if one.mutant.program == program)
        shown = [f"{' '.join(one.mutant.key)}\n{one.mutant.source}" for one in found.survived]
        assert not shown, f"{found}\n" + "\n".join(shown)

    def test_takes_no_points_for_what_is_no_mistake(self, graded: Sequence[Graded]) -> None:
        blamed = [f"{' '.join(one.mutant.key)}\n{one.failed()[0]['output']}" for one in score(graded).blamed]
        assert not blamed, "\n".join(blamed)

    def test_names_a_cause_for_each(self, graded: Sequence[Graded]) -> None:
        assert [one.mutant.key for one in graded for test in one.failed() if not test["extra_data"]["cause"]] == []

    def test_the_table_of_equal_ones_has_no_row_too_many(self) -> None:
        assert EQUAL.keys() - {mutant.key for made in MADE.values() for mutant in made} == set()


class TestScore:
    """What it says can be otherwise: with fewer checks there are survivors."""

    def test_falls_by_what_one_check_alone_sees(self, graded: Sequence[Graded]) -> None:
        servers = [one for one in graded if one.mutant.program == "tcp_server"]
        checks = {test["extra_data"]["check"] for test in servers[0].results["tests"]}
        found = score(servers, checks - {"tcp_server_closes_the_connection"})
        assert {one.mutant.change for one in found.survived} - {
            one.mutant.change for one in score(servers).survived
        } == {
            "connection_socket.close()",
            "connection_socket.close",
            "connection_socket.detach()",
            "before connection_socket.close()",
        }

    @pytest.mark.parametrize("program", PROGRAMS)
    def test_falls_where_only_the_start_is_graded(self, graded: Sequence[Graded], program: str) -> None:
        those = [one for one in graded if one.mutant.program == program]
        first = those[0].results["tests"][0]["extra_data"]["check"]
        assert len(score(those, [first]).survived) >= 10

    @pytest.mark.usefixtures("isolation")
    def test_falls_with_a_rubric_of_one_check(self) -> None:
        those = [mutant for mutant in MADE["udp_server"] if mutant.change.endswith(".lower()")]
        graded = list(grade_mutants(those))
        assert [len(score(graded).caught), len(those)] == [1, 1]
        assert len(score(graded, ["udp_server_starts"]).survived) == 1
