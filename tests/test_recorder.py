"""The record of a program's socket calls: faithful where the program is honest, harmless where it is not."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.arena import Arena, Program, Script
from grading.arena.program import RECORD_SIZE
from grading.transcript.recorder import HEADER, SHOWN
from grading.transcript import Call, Record, read_record

Run = Callable[[str], Program]


@pytest.fixture
def run(any_arena: Arena) -> Run:
    """Run a program to its end."""

    def of(source: str) -> Program:
        program = any_arena.start(Script("program", {"program.py": textwrap.dedent(source).encode()}))
        any_arena.wait(lambda: program.ended or None, program)
        return program

    return of


def lines_of(program: Program) -> list[tuple[str, int | None]]:
    return [(call.name, call.line) for call in program.recorded().calls]


UDP_ECHO = """\
from socket import *
server = socket(AF_INET, SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
client = socket(AF_INET, SOCK_DGRAM)
client.sendto(b"hello", server.getsockname())
data, address = server.recvfrom(
    2048)
server.sendto(data.upper(), address)
print(client.recv(2048))
client.close()
"""


class TestCalls:
    def test_come_in_order_with_their_lines(self, run: Run) -> None:
        assert lines_of(run(UDP_ECHO)) == [
            ("socket", 2),
            ("bind", 3),
            ("socket", 4),
            ("sendto", 5),
            ("recvfrom", 6),
            ("sendto", 8),
            ("recv", 9),
            ("close", 10),
        ]

    def test_have_their_arguments_and_results(self, run: Run) -> None:
        made, bound, _, sent, received, answered, *_ = run(UDP_ECHO).recorded().calls
        assert made.args == ("'AF_INET'", "'SOCK_DGRAM'")
        assert made.result == str(made.fd)
        assert (bound.args, bound.result, bound.fd) == (("('127.0.0.1', 0)",), "None", made.fd)
        assert (sent.args[0], sent.result) == ("b'hello'", "5")
        assert received.result is not None
        assert received.result.startswith("(b'hello', ('127.0.0.1', ")
        assert answered.args[0] == "b'HELLO'"

    def test_have_times_that_never_go_back(self, run: Run) -> None:
        times = [call.seconds for call in run(UDP_ECHO).recorded().calls]
        assert times == sorted(times)
        assert times[0] >= 0

    def test_have_the_exception_that_they_raised(self, run: Run) -> None:
        program = run("from socket import *\ns = socket()\ns.send('text')\n")
        (_, sent) = program.recorded().calls
        assert sent.error == "TypeError: a bytes-like object is required, not 'str'"
        assert sent.result is None
        assert sent.returned
        assert program.recorded().end["line"] == 3

    def test_that_have_not_come_back_say_so(self, any_arena: Arena) -> None:
        source = b"from socket import *\ns = socket(AF_INET, SOCK_DGRAM)\ns.bind(('127.0.0.1', 0))\ns.recvfrom(2048)\n"
        program = any_arena.start(Script("program", {"program.py": source}))

        def last() -> Call | None:
            calls = program.recorded().calls
            return calls[-1] if len(calls) == 3 else None

        received = any_arena.wait(last, program)
        assert (received.name, received.line, received.returned) == ("recvfrom", 4, False)

    def test_of_a_connection_socket_are_there_too(self, run: Run) -> None:
        program = run(
            """\
            from socket import *
            welcoming = socket(AF_INET, SOCK_STREAM)
            welcoming.bind(("127.0.0.1", 0))
            welcoming.listen(1)
            client = socket(AF_INET, SOCK_STREAM)
            client.connect(welcoming.getsockname())
            connection, address = welcoming.accept()
            client.sendall(b"hello")
            connection.recv(1024)
            connection.close()
            """
        )
        assert [line for _, line in lines_of(program)] == [2, 3, 4, 5, 6, 7, 8, 9, 10]
        calls = {call.name: call for call in program.recorded().calls}
        assert calls["recv"].fd == calls["close"].fd
        assert calls["recv"].fd not in (calls["listen"].fd, calls["connect"].fd)
        assert calls["accept"].result is not None
        assert f"fd={calls['recv'].fd}," in calls["accept"].result

    def test_of_a_subclass_are_there_too(self, run: Run) -> None:
        program = run(
            """\
            import socket
            class Mine(socket.socket):
                def send_text(self, text):
                    return self.sendto(text.encode(), self.getsockname())
            with Mine(socket.AF_INET, socket.SOCK_DGRAM) as mine:
                mine.bind(("127.0.0.1", 0))
                mine.send_text("hello")
            """
        )
        assert [call for call in lines_of(program) if call[0] != "close"] == [("socket", 5), ("bind", 6), ("sendto", 4)]

    def test_of_the_library_have_the_line_that_led_there(self, run: Run) -> None:
        program = run(
            """\
            import socket
            server = socket.create_server(("127.0.0.1", 0))

            client = socket.create_connection(server.getsockname())
            """
        )
        found = lines_of(program)
        assert {("bind", 2), ("listen", 2), ("connect", 4)} <= set(found)
        assert {line for _, line in found} == {2, 4}

    def test_of_other_families_are_not_kept(self, run: Run) -> None:
        source = "import asyncio\nasync def main(): await asyncio.sleep(0)\nasyncio.run(main())\n"
        assert run(source).recorded().calls == ()

    def test_show_long_arguments_by_their_ends(self, run: Run) -> None:
        program = run(
            "from socket import *\ns = socket(AF_INET, SOCK_DGRAM)\ns.bind(('127.0.0.1', 0))\n"
            "s.sendto(b'a' * 30000 + b'z' * 30000, s.getsockname())\n"
        )
        sent = program.recorded().calls[-1].args[0]
        assert sent.startswith("b'aaa")
        assert sent.endswith("zzz' (60000 in all)")
        assert len(sent) < 2 * SHOWN

    def test_survive_arguments_that_cannot_be_shown(self, run: Run) -> None:
        program = run(
            """\
            from socket import *
            class Odd:
                def __repr__(self): raise ValueError("never")
            class Error(Exception):
                def __str__(self): raise ValueError("never")
            try:
                socket().send(Odd())
            except TypeError as error:
                print(error)
            raise Error
            """
        )
        assert program.screen.startswith("a bytes-like object is required, not 'Odd'\n")
        assert program.recorded().calls[1].args == ("<Odd: repr raised ValueError>",)
        assert program.recorded().end["type"] == "Error"

    def test_of_children_do_not_mix_with_those_of_the_parent(self, run: Run) -> None:
        if sys.platform == "win32":
            pytest.skip("needs fork")
        program = run(
            """\
            import os
            from socket import *
            s = socket(AF_INET, SOCK_DGRAM)
            child = os.fork()
            if child == 0:
                s.bind(("127.0.0.1", 0))
                os._exit(0)
            os.waitpid(child, 0)
            s.close()
            """
        )
        assert lines_of(program) == [("socket", 3), ("bind", 6), ("close", 9)]
        assert all(call.returned for call in program.recorded().calls)


class TestAFullRecord:
    def test_keeps_what_it_has_and_the_program_goes_on(self, run: Run) -> None:
        program = run(
            """\
            from socket import *
            s = socket(AF_INET, SOCK_DGRAM)
            s.bind(("127.0.0.1", 0))
            for number in range(6000):
                s.sendto(b"%d" % number, s.getsockname())
                s.recv(100)
            print("done")
            """
        )
        assert (program.status, program.screen) == (0, "done\n")
        calls = program.recorded().calls
        assert int.from_bytes(program.record[:HEADER], "little") <= RECORD_SIZE - HEADER
        assert 1000 < len(calls) < 12000
        assert [call.args[0] for call in calls if call.name == "sendto"][:3] == ["b'0'", "b'1'", "b'2'"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "event": st.sampled_from(["call", "return", "end", "line"]) | JSON,
        "id": st.integers(0, 3) | JSON,
        **dict.fromkeys(("name", "fd", "args", "line", "at", "result", "error", "type", "message"), JSON),
    },
)


class TestAForgedRecord:
    @pytest.mark.parametrize(
        "forgery",
        [
            "m[:8] = (1 << 63).to_bytes(8, 'little')",
            "m[:8] = bytes([255]) * 8",
            "m[:] = bytes([255]) * len(m)",
            "m[:8] = (1 << 20).to_bytes(8, 'little'); m[8:] = (b'[' * (1 << 20))[8:]",
            "m.close()",
        ],
    )
    def test_by_the_program_does_not_raise(self, run: Run, forgery: str) -> None:
        program = run(
            f"""\
            import gc, mmap, socket
            m = max((one for one in gc.get_objects() + [
                value for thing in gc.get_objects() if type(thing) is dict for value in thing.values()
            ] + [getattr(c.cell_contents, "record", None) for c in socket.socket.bind.__closure__]
                if type(one) is mmap.mmap), key=len)
            {forgery}
            socket.socket().close()
            print("done")
            """
        )
        assert (program.status, program.screen) == (0, "done\n")
        assert isinstance(program.recorded(), Record)

    def test_explains_what_it_says_and_no_more(self) -> None:
        said = b'{"event": "call", "id": 1, "name": "bind", "fd": 3, "args": ["x"], "line": 4, "at": 0.5}\n'
        assert read_record(b"nonsense\n" + said + b"{}\n[]\n" + said[:30]).calls == (
            Call("bind", 3, ("x",), 4, seconds=0.5),
        )

    def test_of_a_call_without_a_name_and_its_return_is_passed_over(self) -> None:
        assert read_record(b'{"event": "call", "id": 0}\n{"event": "return", "id": 0}\n') == Record()

    @given(st.binary())
    def test_of_any_bytes_is_read(self, record: bytes) -> None:
        assert isinstance(read_record(record), Record)

    @given(st.lists(EVENTS | JSON))
    def test_of_any_events_is_read_as_what_it_should_be(self, events: list[object]) -> None:
        record = read_record(b"\n".join(json.dumps(event).encode() for event in events))
        for call in record.calls:
            assert isinstance(call.name, str)
            assert isinstance(call.fd, int)
            assert isinstance(call.seconds, float)
            assert all(isinstance(arg, str) for arg in call.args)
            assert call.line is None or call.line > 0
            assert call.result is None or isinstance(call.result, str)
            assert call.error is None or isinstance(call.error, str)
        assert isinstance(record.end, dict)
        assert record.line is None or record.line > 0


SAME = {
    "types": """
        import socket
        s = socket.socket()
        print(type(s) is socket.socket, isinstance(s, socket.socket), socket.SocketType, socket.socket.__mro__)
        print(socket.socket.bind.__name__, s.bind.__doc__ == socket.SocketType.bind.__doc__)
        """,
    "with": """
        import socket
        with socket.socket() as s:
            print(s.fileno() >= 0, s.family, s.type, s.proto, s.gettimeout())
        print(s.fileno(), s)
        s.close()
        """,
    "makefile": """
        import socket
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        connection, _ = server.accept()
        with connection, connection.makefile("rw") as stream:
            client.sendall(b"one\\ntwo\\n")
            stream.write(stream.readline().upper() + stream.readline())
        print(client.makefile().read())
        """,
    "dup and detach": """
        import socket
        a, b = socket.socketpair()
        c = a.dup()
        a.close()
        c.send(b"hello")
        print(b.recv(5), a.fileno(), type(c), c.detach() > 0, c.fileno())
        """,
    "errors": """
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        for call in (
            lambda: s.bind("127.0.0.1", 0), lambda: s.bind(("127.0.0.1", "12000")), lambda: s.send("text"),
            lambda: s.recv(-1), lambda: s.connect(1), lambda: s.sendto(b"x"), lambda: s.nothing(), lambda: s.recv(),
            lambda: s.close(1), lambda: socket(AF_INET, SOCK_DGRAM, bad=1), lambda: s.listen(),
        ):
            try:
                print(call())
            except Exception as error:
                print(type(error).__name__, error)
        """,
    "buffers": """
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        room = bytearray(8)
        s.sendto(memoryview(b"hello"), s.getsockname())
        print(s.recv_into(room, 3), room)
        s.sendto(b"again", 0, s.getsockname())
        print(s.recvfrom_into(room, nbytes=4)[0], room)
        s.sendmsg([b"a", b"b"], [], 0, s.getsockname())
        print(s.recvmsg(10)[0])
        """,
    "threads and asyncio": """
        import asyncio
        async def main():
            async def upper(reader, writer):
                writer.write((await reader.readline()).upper())
                writer.close()
            server = await asyncio.start_server(upper, "127.0.0.1", 0)
            async with server:
                reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
                writer.write(b"hello\\n")
                print(await reader.read())
                writer.close()
        asyncio.run(main())
        """,
    "pickles and copies refused": """
        import copy, socket
        try:
            copy.copy(socket.socket())
        except TypeError as error:
            print(error)
        """,
}


@pytest.mark.parametrize("source", SAME.values(), ids=SAME)
def test_a_recorded_program_does_what_it_does_unrecorded(run: Run, source: str) -> None:
    text = textwrap.dedent(source)
    alone = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", text], capture_output=True, text=True, check=True, timeout=60
    )
    assert alone.stdout
    recorded = run(source)
    assert (recorded.status, recorded.screen) == (0, alone.stdout)
