"""The record of a program's socket calls: faithful where the program is honest, harmless where it is not."""

from __future__ import annotations

import json
import mmap
import os
import signal
import sys
import textwrap
from collections.abc import Callable
from functools import partial
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.arena import Arena, Program, Script
from grading.arena.program import RECORD_SIZE
from grading.transcript import Call, Record, read_record
from grading.transcript.recorder import HEADER, SHOWN, Recorder

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


def all_there(program: Program, sent: list[str]) -> bool:
    """Whether the record has just these messages, in any order, each call with its return, and no garbled line."""
    used = int.from_bytes(program.record[:HEADER], "little")
    for line in program.record[HEADER : HEADER + used].splitlines():
        json.loads(line)
    calls = program.recorded().calls
    assert all(call.returned for call in calls)
    return sorted(call.args[0] for call in calls if call.name == "sendto") == sorted(sent)


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


def answer_to(program: Program, number: int) -> Record | None:
    """Give the record once it has the answer to as many questions for the line."""
    record = program.recorded()
    return record if record.asked == number else None


WAYS = {
    "makefile": """
        with connection.makefile("rw") as stream:
            stream.write(stream.readline().upper())
        """,
    "dup": """
        twin = connection.dup()
        connection.close()
        twin.send(twin.recv(10).upper())
        """,
    "fromfd": """
        other = fromfd(connection.fileno(), AF_INET, SOCK_STREAM)
        other.send(other.recv(10).upper())
        """,
    "a subclass": """
        class Mine(socket): pass
        mine = Mine(fileno=connection.detach())
        mine.send(mine.recv(10).upper())
        """,
    "asyncio": """
        import asyncio
        async def serve():
            reader, writer = await asyncio.open_connection(sock=connection)
            writer.write((await reader.readline()).upper())
            await writer.drain()
        asyncio.run(serve())
        """,
    "socketserver": """
        import socketserver
        class Handler(socketserver.StreamRequestHandler):
            def handle(self): self.wfile.write(self.rfile.readline().upper())
        Handler(connection, None, None)
        """,
}


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
        assert calls["accept"].result.startswith(f"(<socket fd={calls['recv'].fd}>, ('127.0.0.1', ")
        assert calls["accept"].made == calls["recv"].fd

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

    def test_through_kept_methods_are_there_too(self, run: Run) -> None:
        program = run(
            """\
            import functools, threading
            from socket import *
            s = socket(AF_INET, SOCK_DGRAM)
            bind = s.bind
            bind(("127.0.0.1", 0))
            socket.connect(s, s.getsockname())
            list(map(s.send, [b"one", b"two"]))
            functools.partial(s.recv, 10)()
            t = threading.Thread(target=lambda: s.recv(10))
            t.start(); t.join()
            """
        )
        assert lines_of(program) == [
            *(("socket", 3), ("bind", 5), ("connect", 6)),
            *(("send", 7), ("send", 7), ("recv", 8), ("recv", 9)),
        ]

    @pytest.mark.parametrize("way", WAYS)
    def test_on_a_connection_are_there_however_it_is_used(self, run: Run, way: str) -> None:
        program = run(
            "from socket import *\n"
            "server = create_server(('127.0.0.1', 0)); client = create_connection(server.getsockname())\n"
            "client.send(b'hello\\n')\n"
            "connection, _ = server.accept()\n" + textwrap.dedent(WAYS[way]) + "print(client.recv(10))\n"
        )
        assert program.screen == "b'HELLO\\n'\n"
        (made,) = (call.made for call in program.recorded().calls if call.name == "accept")
        own = [call for call in program.recorded().calls if call.line and call.line > 4 and call.name != "socket"]
        received, answered = (next(call for call in own if call.name.startswith(name)) for name in ("recv", "send"))
        assert made is not None
        assert received.fd == answered.fd >= made
        assert answered.args[0] == "b'HELLO\\n'"

    def test_of_threads_at_once_are_all_there(self, run: Run) -> None:
        program = run(
            """\
            import threading
            from socket import *
            def work(number):
                s = socket(AF_INET, SOCK_DGRAM)
                s.bind(("127.0.0.1", 0))
                for each in range(200):
                    s.sendto(b"%d %d" % (number, each), s.getsockname())
            threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
            for t in threads: t.start()
            for t in threads: t.join()
            """
        )
        assert all_there(program, [f"b'{number} {each}'" for number in range(8) for each in range(200)])

    @pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
    def test_of_processes_at_once_are_all_there(self, run: Run) -> None:
        program = run(
            """\
            import os
            from socket import *
            s = socket(AF_INET, SOCK_DGRAM)
            s.bind(("127.0.0.1", 0))
            children = []
            for number in range(1, 4):
                children.append(os.fork())
                if children[-1] == 0: break
            else:
                number = 0
            for each in range(200):
                s.sendto(b"%d %d" % (number, each), s.getsockname())
            if number: os._exit(0)
            for child in children: os.waitpid(child, 0)
            """
        )
        assert all_there(program, [f"b'{number} {each}'" for number in range(4) for each in range(200)])
        assert len({call.process for call in program.recorded().calls}) == 4

    @pytest.mark.skipif(sys.platform == "win32", reason="needs SIGUSR2")
    def test_go_on_while_the_program_is_asked_for_its_line(self, any_arena: Arena) -> None:
        source = (
            b"from socket import *\ns = socket(AF_INET, SOCK_DGRAM)\ns.bind(('127.0.0.1', 0))\n"
            b"for each in range(1000): s.sendto(b'%d' % each, s.getsockname())\ninput()\n"
        )
        program = any_arena.start(Script("program", {"program.py": source}))
        any_arena.wait(lambda: program.recorded().calls or None, program)
        for asked in range(1, 21):
            os.kill(program.pid, signal.SIGUSR2)
            record = any_arena.wait(partial(answer_to, program, asked), program, typing=True)
            assert record.line in (2, 3, 4, 5)
        program.type("")
        any_arena.wait(lambda: program.ended or None, program)
        assert program.recorded().asked == 20
        assert all_there(program, [f"b'{each}'" for each in range(1000)])

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
        assert program.recorded().calls[1].args == ("<Odd>",)
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


class Interrupted:
    """A record during whose first reading a signal's handler is run."""

    def __init__(self, handler: Callable[[], object]) -> None:
        self.content = bytearray(1 << 12)
        self.handler: Callable[[], object] | None = handler

    def __len__(self) -> int:
        return len(self.content)

    def __getitem__(self, part: slice) -> bytes:
        data = bytes(self.content[part])
        handler, self.handler = self.handler, None
        if handler:
            handler()
        return data

    def __setitem__(self, part: slice, data: bytes) -> None:
        self.content[part] = data


class TestAHandlerThatRunsWhileALineIsWritten:
    def test_may_write_another(self) -> None:
        recorder = Recorder()
        record = Interrupted(lambda: recorder.write(event="line", line=7))
        recorder.record = cast("mmap.mmap", record)
        recorder.write(event="start", at=0.5)
        recorder.write(event="ended", at=1.0)
        assert record.content[HEADER:].strip(b"\0").splitlines() == [
            *(b'{"event": "start", "at": 0.5}', b'{"event": "line", "line": 7}', b'{"event": "ended", "at": 1.0}')
        ]

    def test_may_raise(self) -> None:
        recorder = Recorder()
        record = Interrupted(lambda: int("the program's own ValueError"))
        recorder.record = cast("mmap.mmap", record)
        with pytest.raises(ValueError, match="own ValueError"):
            recorder.write(event="start", at=0.5)
        recorder.write(event="ended", at=1.0)
        assert record.content[HEADER:].strip(b"\0") == b'{"event": "ended", "at": 1.0}\n'


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
            ] + [getattr(c.cell_contents, "record", None) for c in socket.socket.accept.__closure__]
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
