"""Where programs run: as they would by themselves, apart from everything else, and gone afterwards."""

from __future__ import annotations

import errno
import os
import re
import select
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from grading.arena import Arena, GraderError, Isolation, PortTaken, Program, SandboxUnavailable, Script, Stalled, shared
from grading.arena import bubblewrap as bubblewrap_module
from grading.arena import isolation as isolation_module
from grading.arena import private as private_module
from grading.arena import sandbox as sandbox_module
from grading.arena.arena import describe
from grading.arena.program import SCREEN_LIMIT
from grading.arena.sandbox import Sandbox
from grading.arena.sockets import Kind
from grading.arena.users import is_root

PROJECT = Path(__file__).parent.parent
SHORT = 0.3
"""Seconds of deadline where the deadline is the claim."""
LONG = 30.0
"""Seconds of deadline where it must not be what ends the wait."""

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows what a thread waits for")
posix = pytest.mark.skipif(os.name != "posix", reason="needs fork and signals")


def script(source: str, beside: Mapping[str, str] | None = None, *, trusted: bool = False) -> Script:
    texts = {"program": textwrap.dedent(source), **(beside or {})}
    return Script("program", {f"{name}.py": text.encode() for name, text in texts.items()}, trusted)


def started(arena: Arena, source: str, beside: Mapping[str, str] | None = None) -> Program:
    return arena.start(script(source, beside))


def until_ended(arena: Arena, program: Program) -> int | None:
    arena.wait(lambda: program.ended or None, program)
    return program.status


def screen_of(arena: Arena, source: str, beside: Mapping[str, str] | None = None) -> str:
    program = started(arena, source, beside)
    until_ended(arena, program)
    return program.screen


def until_shown(arena: Arena, program: Program, text: str) -> None:
    arena.wait(lambda: text in program.screen or None, program)


def stalled(arena: Arena, program: Program) -> Stalled:
    """Wait for what never comes."""
    with pytest.raises(Stalled) as caught:
        arena.wait(lambda: None, program)
    return caught.value


class TestRunsAsPythonWould:
    def test_as_main_from_its_own_folder(self, arena: Arena) -> None:
        screen = screen_of(
            arena,
            """
            import os, sys
            folder, name = os.path.split(__file__)
            print(__name__, sys.modules["__main__"].__dict__ is globals(), sys.argv == [__file__], name)
            print(os.path.samefile(folder, os.getcwd()), sys.path[0] == folder)
            """,
        )
        assert screen.split() == ["__main__", "True", "True", "program.py", "True", "True"]

    def test_with_the_files_beside_it_importable(self, arena: Arena) -> None:
        assert screen_of(arena, "import recorder; print(recorder.WORD)", {"recorder": "WORD = 'mine'\n"}) == "mine\n"

    def test_with_a_keyboard(self, arena: Arena) -> None:
        program = started(arena, "import sys; print(input('Line: ').upper()); print(repr(sys.stdin.read()))")
        program.type("première")
        program.close_keyboard()
        assert until_ended(arena, program) == 0
        assert program.screen == "Line: PREMIÈRE\n''\n"

    def test_with_a_screen_of_stdout_and_stderr(self, arena: Arena) -> None:
        screen = screen_of(arena, "import sys; print('for stdout'); print('for stderr', file=sys.stderr)")
        assert "for stdout" in screen
        assert "for stderr" in screen

    def test_and_shows_at_once_what_it_prints(self, arena: Arena) -> None:
        program = started(arena, "print('no newline', end='')\nwhile True: pass")
        until_shown(arena, program, "no newline")
        assert not program.ended

    @pytest.mark.parametrize(
        "source, status, shown",
        [
            ("", 0, ""),
            ("import sys; sys.exit(3)", 3, ""),
            ("raise SystemExit", 0, ""),
            ("import sys; sys.exit('no server there')", 1, "no server there\n"),
            ("import os; os._exit(7)", 7, ""),
            ("exit(4)", 4, ""),
        ],
    )
    def test_to_its_own_exit_status(self, arena: Arena, source: str, status: int, shown: str) -> None:
        program = started(arena, source)
        assert (until_ended(arena, program), program.screen) == (status, shown)

    @posix
    @pytest.mark.parametrize("name", ["SIGKILL", "SIGTERM"])
    def test_to_the_signal_that_ended_it(self, arena: Arena, name: str) -> None:
        program = started(arena, f"import os, signal; os.kill(os.getpid(), signal.{name}); input()")
        assert until_ended(arena, program) == -getattr(signal, name)

    def test_to_the_exception_that_ended_it(self, arena: Arena) -> None:
        program = started(arena, "def send(text):\n    return text + b''\n\nsend('x')\n")
        assert until_ended(arena, program) == 1
        end = program.recorded().end
        assert (end["type"], end["line"], end["lines"]) == ("TypeError", 2, [4, 2])
        assert program.screen.startswith("Traceback (most recent call last):\n")
        assert re.findall(r'File ".*?(\w+\.py)", line (\d+)', program.screen) == [
            ("program.py", "4"),
            ("program.py", "2"),
        ]

    def test_to_the_line_that_does_not_compile(self, arena: Arena) -> None:
        program = started(arena, "import socket\nwhile True print('x')\n")
        assert until_ended(arena, program) == 1
        assert (program.recorded().end["type"], program.recorded().end["line"]) == ("SyntaxError", 2)

    def test_and_its_exit_handlers_run_after_its_threads(self, arena: Arena) -> None:
        screen = screen_of(
            arena,
            """
            import atexit, threading
            go = threading.Event()
            def work():
                go.wait()
                print("thread")
            atexit.register(print, "handler")
            threading.Thread(target=work).start()
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            print("main")
            go.set()
            """,
        )
        assert screen.split() == ["main", "thread", "handler"]


class TestItsScreenIsCapped:
    def test_and_it_runs_to_its_end_all_the_same(self, arena: Arena) -> None:
        program = started(arena, f"import sys; sys.stdout.write('x' * {4 * SCREEN_LIMIT}); sys.exit(5)")
        assert until_ended(arena, program) == 5
        assert program.screen == "x" * SCREEN_LIMIT
        assert program.printed_bytes > SCREEN_LIMIT

    def test_and_what_fits_is_whole(self, arena: Arena) -> None:
        program = started(arena, f"import sys; sys.stdout.write('x' * {SCREEN_LIMIT})")
        until_ended(arena, program)
        assert program.screen == "x" * SCREEN_LIMIT
        assert program.printed_bytes == SCREEN_LIMIT


BUSY = {
    "computes": "while True: pass",
    "sleeps": "import time\nwhile True: time.sleep(1000)",
    "waits with a limit": """
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        s.settimeout(0.01)
        while True:
            try:
                s.recvfrom(2048)
            except timeout:
                pass
        """,
    "polls": """
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        s.setblocking(False)
        while True:
            try:
                s.recvfrom(2048)
            except BlockingIOError:
                pass
        """,
    "serves with socketserver": """
        import socketserver
        class Upper(socketserver.BaseRequestHandler):
            def handle(self):
                self.request[1].sendto(self.request[0].upper(), self.client_address)
        socketserver.UDPServer(("127.0.0.1", 0), Upper).serve_forever()
        """,
    "has a timer in asyncio": """
        import asyncio
        async def main():
            while True:
                await asyncio.sleep(1000)
        asyncio.run(main())
        """,
    "has one thread that computes": """
        import threading
        def work():
            while True: pass
        threading.Thread(target=work, daemon=True).start()
        input()
        """,
}


@pytest.mark.parametrize("source", BUSY.values(), ids=BUSY)
def test_a_program_that_can_go_on_by_itself_gets_the_whole_deadline(arena: Arena, source: str) -> None:
    program = started(arena, source)
    arena.deadline = SHORT
    begin = time.perf_counter()
    assert stalled(arena, program).how == "deadline"
    assert time.perf_counter() - begin >= SHORT


BOUND = """
from socket import *
s = socket(AF_INET, SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
"""
LISTENING = """
from socket import *
s = socket(AF_INET, SOCK_STREAM)
s.bind(("127.0.0.1", 0))
s.listen()
"""
HANGS: dict[str, tuple[str, str, str]] = {
    "recvfrom": (BOUND + "s.recvfrom(2048)", "recv", "UDP port PORT"),
    "accept": (LISTENING + "s.accept()", "accept", "listening TCP port PORT"),
    "recv on a connection": (
        LISTENING + "c = create_connection(s.getsockname())\nd, _ = s.accept()\nd.recv(1024)",
        "recv",
        "TCP connection with PEER",
    ),
    "recvfrom without a bind": (
        "from socket import *\nsocket(AF_INET, SOCK_DGRAM).recvfrom(2048)",
        "recv",
        "a socket that is bound to no port",
    ),
    "input": ("input()", "read", "keyboard"),
    "a thread joined that waits": (
        BOUND + "import threading\nt = threading.Thread(target=s.recvfrom, args=(9,))\nt.start()\nt.join()",
        "recv",
        "UDP port PORT",
    ),
    "a lock taken twice": (
        "import threading\nlock = threading.Lock()\nlock.acquire()\nlock.acquire()",
        "lock",
        "another thread",
    ),
    "select": (BOUND + "import select\nselect.select([s], [], [])", "select", "its sockets"),
    "a selector": (
        BOUND + "import selectors\nwith selectors.DefaultSelector() as x: x.register(s, 1), x.select()",
        "epoll_wait",
        "its sockets",
    ),
    "asyncio with nothing due": ("import asyncio\nasyncio.run(asyncio.Event().wait())", "epoll_wait", "its sockets"),
    "a child that waits": (
        "import os\nif os.fork(): os.wait()\nelse: input()",
        "wait",
        "a child process",
    ),
}


@linux
@pytest.mark.parametrize("source, call, on", HANGS.values(), ids=HANGS)
def test_a_program_that_can_never_go_on_is_seen_at_once(arena: Arena, source: str, call: str, on: str) -> None:
    program = started(arena, source)
    arena.deadline = LONG
    seen = stalled(arena, program)
    bound = [*arena.sockets("udp"), *arena.sockets("tcp")]
    ports = {str(entry.local[1]) for entry in bound}
    peers = {f"{entry.peer[0]}:{entry.peer[1]}" for entry in bound if entry.peer[1]}
    expected = {on.replace("PORT", port).replace("PEER", peer) for port in ports or {""} for peer in peers or {""}}
    assert (seen.how, seen.waits_in) == ("waits", call)
    assert seen.waits_on in expected


ANSWERS = {
    "asyncio": """
        import asyncio
        class Upper(asyncio.DatagramProtocol):
            def connection_made(self, transport):
                self.transport = transport
            def datagram_received(self, data, address):
                self.transport.sendto(data.upper(), address)
        async def main():
            await asyncio.get_running_loop().create_datagram_endpoint(Upper, ("127.0.0.1", 0))
            await asyncio.Event().wait()
        asyncio.run(main())
        """,
    "socketserver": BUSY["serves with socketserver"],
    "threads": """
        import threading
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        def serve():
            while True:
                data, address = s.recvfrom(2048)
                s.sendto(data.upper(), address)
        threads = [threading.Thread(target=serve) for _ in range(3)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        """,
    "a select loop": BOUND
    + """
import select
while True:
    select.select([s], [], [])
    data, address = s.recvfrom(2048)
    s.sendto(data.upper(), address)
""",
}


@pytest.mark.parametrize("source", ANSWERS.values(), ids=ANSWERS)
def test_a_server_that_answers_is_never_called_a_hang(arena: Arena, source: str) -> None:
    program = started(arena, source)
    arena.deadline = LONG
    bound = arena.wait(lambda: arena.bound("udp", program), program)
    client = arena.lend("udp")
    client.connect(bound.local)
    for _ in range(20):
        client.send(b"hello")
        arena.wait(lambda: readable(client) or None, program, [client])
        assert client.recv(2048) == b"HELLO"


def readable(*sockets: socket.socket) -> bool:
    return bool(select.select(sockets, [], [], 0)[0])


def test_a_program_that_ended_is_not_waited_for(arena: Arena) -> None:
    arena.deadline = LONG
    assert stalled(arena, started(arena, "")).how == "ended"


@linux
def test_a_program_at_its_keyboard_may_still_be_typed_at(arena: Arena) -> None:
    program = started(arena, "for number in range(100): input(f'Line {number}: ')")
    arena.deadline = LONG
    for number in range(100):
        arena.wait(lambda: arena.at_keyboard(program) or None, program, typing=True)
        assert program.screen.endswith(f"Line {number}: ")  # never taken to ask again before it has read
        program.type("hello")
    assert until_ended(arena, program) == 0


@linux
def test_a_program_does_not_ask_again_before_it_has_read(arena: Arena) -> None:
    """Stopped, it cannot read; and it looks as it did while it waited."""
    program = started(arena, "print(input('Line: '))")
    arena.wait(lambda: arena.at_keyboard(program) or None, program, typing=True)
    os.kill(program.pid, signal.SIGSTOP)
    arena.wait(lambda: psutil.Process(program.pid).status() == psutil.STATUS_STOPPED or None, program, typing=True)
    program.type("hello")
    assert not arena.at_keyboard(program)
    os.kill(program.pid, signal.SIGCONT)
    assert until_ended(arena, program) == 0


@posix
def test_a_program_that_goes_nowhere_tells_its_line(arena: Arena) -> None:
    program = started(arena, "x = 1\nwhile x:\n    x += 1\n    if x == 9: print('on its way')\n")
    until_shown(arena, program, "on its way")
    assert arena.ask_for_line(program) in (2, 3, 4)


def lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class TestNothingIsLeft:
    @pytest.fixture(params=["bwrap", "loopback"])
    def isolated(self, request: pytest.FixtureRequest) -> Isolation:
        opener: Isolation = request.getfixturevalue(request.param)
        return opener

    LEAVES: dict[str, tuple[str, int]] = {  # noqa: RUF012  nobody changes it
        "the program itself": ("print('ready')\nwhile True: pass", 1),
        "one that ignores SIGTERM": (
            """
            import signal
            for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
                signal.signal(number, signal.SIG_IGN)
            print("ready")
            while True: signal.pause()
            """,
            1,
        ),
        "its children": ("import os\nif os.fork() == 0: print('ready')\nwhile True: input()", 2),
        "a command it started": (
            "import subprocess\nwith subprocess.Popen(['sleep', '1000']):\n    print('ready')",
            2,
        ),
        "a daemon forked twice": (
            """
            import os, signal
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    print("ready")
                    while True: signal.pause()
                os._exit(0)
            os.wait()
            """,
            1,
        ),
    }

    @posix
    @pytest.mark.parametrize("source, number", LEAVES.values(), ids=LEAVES)
    def test_after_the_arena_is_closed(
        self, isolated: Isolation, request: pytest.FixtureRequest, source: str, number: int
    ) -> None:
        with isolated.open() as arena:
            program = started(arena, source)
            until_shown(arena, program, "ready")
            arena.wait(lambda: len(self.alive(arena, program)) == number or None, program)
            alive = self.alive(arena, program)
        if isolated.level == "bwrap":
            request.getfixturevalue("sandbox").settle()
        assert [process for process in alive if lives(process)] == []

    @staticmethod
    def alive(arena: Arena, program: Program) -> list[psutil.Process]:
        arena.pump()
        found: set[psutil.Process] = set()
        with suppress(psutil.NoSuchProcess):  # it has just ended
            family = psutil.Process(program.pid)
            found |= {family, *family.children(recursive=True)}
        for pid in arena.daemons():
            with suppress(psutil.NoSuchProcess):
                found.add(psutil.Process(pid))
        return [process for process in found if lives(process)]

    def test_and_what_it_printed_is_still_there(self, isolated: Isolation) -> None:
        with isolated.open() as arena:
            program = started(arena, "print('last words')\nwhile True: pass")
            until_shown(arena, program, "last words")
        assert program.screen.rstrip() == "last words"

    def test_of_a_private_arena_in_the_sandbox_either(self, bwrap: Isolation, sandbox: Sandbox) -> None:
        with bwrap.open() as arena:
            until_ended(arena, started(arena, "import os; os.makedirs('/tmp/a/b'); os.symlink('/', '/tmp/a/root')"))
        sandbox.settle()
        with bwrap.open() as arena:
            assert screen_of(arena, "import os; print(os.listdir('/tmp'))") == "['1']\n"

    @posix
    def test_of_a_private_arena_in_one_that_its_host_makes_later(self, bwrap: Isolation) -> None:
        leaves = """
            import os, signal, socket
            for number in range(20):
                if os.fork() == 0:
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    while True: signal.pause()
            for place in "/tmp", "/dev/shm":
                open(f"{place}/left", "w").write("left")
            os.makedirs("/tmp/" + "deep/" * 200)
            os.chmod("/tmp/deep", 0)
            kept = [socket.create_server(("", 12000)), socket.socket(socket.AF_UNIX)]
            kept[1].bind("\\0left")
            asking = socket.create_connection(("127.0.0.1", 12000))
            kept += [asking, kept[0].accept()[0]]
            kept[3].close()  # it closes first: an address in TIME_WAIT
            print("ready")
            signal.pause()
            """
        looks = """
            import os, socket
            def exists(pid):
                try: os.kill(pid, 0)
                except ProcessLookupError: return False
                except PermissionError: pass
                return True
            print(os.listdir("/tmp"), os.listdir("/dev/shm"))
            socket.socket().bind(("", 12000))
            unix = socket.socket(socket.AF_UNIX)
            unix.bind("\\0left")
            print(len([pid for pid in range(2, 2000) if exists(pid)]))
            """
        hosts = set()
        for _ in range(4):
            with bwrap.open() as arena:
                assert isinstance(arena, private_module.PrivateArena)
                assert arena._host is not None
                hosts.add(arena._host.pid)
                assert screen_of(arena, looks) == "['1'] []\n1\n"
                program = started(arena, leaves)
                until_shown(arena, program, "ready")
                assert len(arena.own_processes()) == 21
        assert len(hosts) == 2

    @posix
    def test_of_one_that_was_stopped_either_and_the_next_are_made_ahead_again(
        self, bwrap: Isolation, sandbox: Sandbox
    ) -> None:
        fills = """
            with open("/tmp/full", "wb") as file:
                for _ in range(3): file.write(bytes(5_000_000))
            print("ready")
            input()
            """
        with bwrap.open() as arena:
            until_shown(arena, started(arena, fills), "ready")
            arena.stop_all()
        room = "import os; left = os.statvfs('/tmp'); print(left.f_blocks - left.f_bfree < 1000)"
        seen = []
        for _ in range(4):
            with bwrap.open() as arena:
                seen.append(screen_of(arena, room))
                assert len(sandbox._hosts) >= 1
        assert seen[-1] == "True\n"

    def test_and_where_that_cannot_be_done_there_is_another_host(self, bwrap: Isolation) -> None:
        with bwrap.open() as arena:
            assert isinstance(arena, private_module.PrivateArena)
            assert arena._host is not None
            os.kill(arena._host.pid, signal.SIGSTOP)
            stopped = psutil.Process(arena._host.pid)
        for _ in range(3):
            with bwrap.open() as arena:
                assert screen_of(arena, "print('runs')") == "runs\n"
        with suppress(psutil.NoSuchProcess):
            stopped.wait(LONG)
        assert not lives(stopped)


def test_two_private_arenas_both_have_port_12000(bwrap: Isolation) -> None:
    server = """
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        s.bind(("", 12000))
        while True:
            data, address = s.recvfrom(2048)
            s.sendto(b"%s", address)
        """
    with bwrap.open() as one, bwrap.open() as other:
        for arena, name in ((one, b"one"), (other, b"other")):
            program = started(arena, server % name.decode())
            bound = arena.wait(lambda arena=arena, program=program: arena.bound("udp", program), program)  # type: ignore[misc]  # defaults bind the loop's values
            assert bound.local == ("0.0.0.0", 12000)
        for arena, name in ((one, b"one"), (other, b"other")):
            client = arena.lend("udp")
            client.sendto(b"?", ("127.0.0.1", 12000))
            client.settimeout(LONG)
            assert client.recv(2048) == name


@contextmanager
def listening_on_the_host() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


class TestAPrivateNetwork:
    def test_cannot_reach_the_hosts_loopback(self, private: Arena) -> None:
        with listening_on_the_host() as listener:
            port = listener.getsockname()[1]
            with socket.create_connection(("127.0.0.1", port), timeout=LONG):
                listener.accept()[0].close()  # the host itself can
            screen = screen_of(private, f"import socket; print(socket.socket().connect_ex(('127.0.0.1', {port})))")
            assert screen == f"{errno.ECONNREFUSED}\n"
            assert not readable(listener)

    def test_cannot_be_reached_from_the_host(self, private: Arena) -> None:
        with socket.socket() as keeps_the_port, socket.socket() as client:
            keeps_the_port.bind(("127.0.0.1", 0))
            address = keeps_the_port.getsockname()
            program = started(private, f"import socket; s = socket.create_server({address}); s.accept()")
            private.wait(lambda: private.bound("tcp", program), program)
            assert private.lend("tcp").connect_ex(address) == 0
            assert client.connect_ex(address) == errno.ECONNREFUSED

    def test_leads_every_name_to_the_arena_and_notes_it(self, private: Arena) -> None:
        program = started(
            private, "import socket\nfor name in 'hostname', 'www.example.edu': print(socket.gethostbyname(name))"
        )
        until_ended(private, program)
        assert program.screen == "127.0.0.1\n127.0.0.1\n"
        assert private.names_asked == ["hostname", "www.example.edu"]

    def test_knows_localhost_without_asking(self, private: Arena) -> None:
        assert screen_of(private, "import socket; print(socket.gethostbyname('localhost'))") == "127.0.0.1\n"
        assert private.names_asked == []

    @pytest.mark.parametrize("address", ["127.0.0.1", "127.1.2.3", "10.0.0.7", "192.168.1.20", "8.8.8.8"])
    def test_routes_every_address_to_the_arena(self, private: Arena, address: str) -> None:
        server = private.lend("udp")
        server.bind((private.everywhere, 12000))
        program = started(
            private,
            f"from socket import *\ns = socket(AF_INET, SOCK_DGRAM)\ns.sendto(b'hello', ('{address}', 12000))\n",
        )
        private.wait(lambda: readable(server) or None, program, [server])
        assert server.recv(2048) == b"hello"
        sent = [packet for packet in private.packets() if packet.payload == b"hello"]
        assert [packet.destination for packet in sent] == [(address, 12000)]


class TestTheSandbox:
    def test_shows_nothing_of_the_machine(self, private: Arena, tmp_path: Path) -> None:
        screen = screen_of(
            private,
            f"""
            import os
            for path in ({str(PROJECT)!r}, {str(tmp_path)!r}, "/proc/1", "/etc/passwd", "/var", "/run"):
                print(os.path.exists(path))
            for home in "/home", "/root":
                print(os.path.exists(home))
            """,
        )
        *exist, home, root = (line == "True" for line in screen.splitlines())
        assert exist == [False] * 6
        assert home == sys.base_prefix.startswith("/home/")
        assert root == sys.base_prefix.startswith("/root/")

    @pytest.mark.usefixtures("bwrap")
    def test_shows_nothing_of_the_graders_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SOCKET_LABS_SECRET", "secret")
        with own_isolation("bwrap") as isolation, isolation.open() as arena:
            names = screen_of(arena, "import os; print(*sorted(os.environ))").split()
        assert set(names) <= {"HOME", "LANG", "LC_CTYPE", "PATH", "PWD"}

    def test_gives_no_capabilities_to_programs(self, private: Arena) -> None:
        screen = screen_of(
            private,
            """
            import ctypes, os, socket
            print(ctypes.CDLL(None, use_errno=True).mount(None, b"/", None, 0x44000, None), ctypes.get_errno() * 0)
            try:
                socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
            except PermissionError:
                print("refused")
            """,
        )
        assert screen.split() == ["-1", "0", "refused"]

    def test_cannot_be_written_to_but_in_tmp(self, private: Arena) -> None:
        screen = screen_of(
            private,
            """
            for path in "/usr/x", "/etc/hosts", "/socketlabs/launcher.py", "/tmp/x":
                try:
                    open(path, "a").close()
                    print(path)
                except OSError:
                    pass
            """,
        )
        assert screen == "/tmp/x\n"  # noqa: S108  the arena's own

    def test_keeps_a_reference_out_of_reach(self, private: Arena) -> None:
        reference = private.start(script("print('ready'); input()  # the right answer", trusted=True))
        until_shown(private, reference, "ready")
        screen = screen_of(
            private,
            """
            import os
            for folder, _, files in os.walk("/tmp"):
                print(*(open(f"{folder}/{file}").read() for file in files))
            """,
        )
        assert "os.walk" in screen  # its own text is there
        assert "the right answer" not in screen

    @pytest.mark.usefixtures("bwrap")
    def test_a_program_is_compiled_once_and_a_reference_in_no_memory_of_others(self, bwrap: Isolation) -> None:
        looks = """
            import sys
            frame = sys._getframe()
            while "_CODE" not in frame.f_globals: frame = frame.f_back
            print(*(b"the right" b" answer" in text for _, text in frame.f_globals["_CODE"]), sep="")
            print(1 is 1)
            """
        screens = []
        for _ in range(4):
            with bwrap.open() as arena:
                trusted = arena.start(Script("trusted", {"trusted.py": b"print('the right answer')"}, trusted=True))
                arena.wait(lambda trusted=trusted: trusted.ended or None, trusted)  # type: ignore[misc]  # as above
                screens.append(screen_of(arena, textwrap.dedent(looks).replace("print(1 is 1)", "print(2)")))
                warned = screen_of(arena, "print(1 is 1)")
                assert "SyntaxWarning" in warned
        assert not any("True" in screen for screen in screens)
        assert all("False" in screen for screen in screens[2:])  # the two hosts have compiled what is the student's

    @pytest.mark.parametrize("whom", ["fork server", "host"])
    @pytest.mark.usefixtures("bwrap")
    def test_that_is_killed_in_the_middle_is_the_graders_error(self, whom: str) -> None:
        with own_isolation("bwrap") as isolation, isolation.open() as arena:
            sandbox = isolation._sandbox
            assert sandbox is not None
            assert isinstance(arena, private_module.PrivateArena)
            assert arena._host is not None
            program = started(arena, "print('ready'); input()")
            until_shown(arena, program, "ready")
            outside = psutil.Process(sandbox._process.pid)
            victim = {"fork server": outside.children()[0], "host": psutil.Process(arena._host.pid)}
            victim[whom].kill()
            arena.deadline = LONG
            with pytest.raises(GraderError, match=r"^the sandbox (is gone|has ended)"):
                arena.wait(lambda: None, program, typing=True)
            with isolation.open() as another:
                assert screen_of(another, "print('runs')") == "runs\n"
                assert (isolation._sandbox is sandbox) == (whom == "host")


@contextmanager
def own_isolation(level: str) -> Iterator[Isolation]:
    """Give an isolation that a test may break."""
    isolation = Isolation(level)  # type: ignore[arg-type]  # a test names its level
    try:
        isolation.until_ready()
        yield isolation
    finally:
        isolation.close()


def pretend_bwrap(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> None:
    command = folder / "bwrap"
    command.write_text(f"#!{sys.executable}\nimport os, sys\n{source}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


FAILS: dict[str, tuple[str, str]] = {
    "complains": (
        "print('bwrap: a warning', file=sys.stderr)\nsys.exit('bwrap: setting up uid map: Permission denied')",
        "bubblewrap does not work here (bwrap: setting up uid map: Permission denied)",
    ),
    "says nothing": ("sys.exit(1)", "bubblewrap does not work here (it ended at once)"),
    "ends later": (
        'import marshal; os.write(marshal.loads(bytes.fromhex(sys.argv[-1]))["control"], b\'{"op": "ready"}\')',
        "bubblewrap does not work here (the sandbox ",
    ),
    "never answers": (
        "import signal; signal.pause()",
        "bubblewrap does not work here (it did not answer in time)",
    ),
}


@linux
class TestASandboxThatCannotBe:
    @pytest.fixture(params=["absent", *FAILS])
    def why(self, request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
        within = LONG
        if request.param == "never answers":
            within = 2.0
            monkeypatch.setattr(bubblewrap_module.Bubblewrap, "ready_within", SHORT)
            monkeypatch.setattr(bubblewrap_module, "_ENDS_WITHIN", SHORT)
        for module in (private_module, sandbox_module):
            monkeypatch.setattr(module, "ANSWER_WITHIN", within)
        if request.param == "absent":
            monkeypatch.setenv("PATH", str(tmp_path))
            return "bubblewrap (the command bwrap) is not installed"
        source, why = FAILS[request.param]
        pretend_bwrap(tmp_path, monkeypatch, source)
        return why

    @pytest.mark.usefixtures("loopback")
    def test_leaves_the_real_loopback_and_says_why(self, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(isolation_module, "is_root", lambda: False)
        with own_isolation("auto") as isolation, isolation.open() as arena:
            assert (isolation.level, arena.shared) == ("none", True)
            assert isolation.why_not.startswith(why)
            assert screen_of(arena, "print('runs')") == "runs\n"

    @pytest.mark.usefixtures("why")
    def test_leaves_another_user_to_root(self) -> None:
        if not is_root():
            pytest.skip("only root can run programs as another user")
        with own_isolation("auto") as isolation, isolation.open() as arena:
            assert (isolation.level, isolation.why_not) == ("user", "")
            assert screen_of(arena, "import os; print(os.getuid() > 60_000)") == "True\n"

    def test_is_no_place_for_the_programs_of_others(self, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(isolation_module, "is_root", lambda: False)
        isolation = Isolation("auto", strangers=True)
        with pytest.raises(SandboxUnavailable, match=re.escape(why)) as caught:
            isolation.until_ready()
        assert "sudo apt install bubblewrap" in str(caught.value)
        assert "--isolation none" in str(caught.value)

    def test_is_an_error_where_it_was_asked_for(self, why: str) -> None:
        with (
            pytest.raises(SandboxUnavailable, match=re.escape(f"--isolation bwrap: {why}")) as caught,
            own_isolation("bwrap"),
        ):
            pytest.fail("it was opened")
        assert "install" in str(caught.value)


HOLDS_A_PORT = """
import socket, sys
s = socket.socket(socket.AF_INET, getattr(socket, sys.argv[1]))
s.bind(("127.0.0.1", 0))
if s.type == socket.SOCK_STREAM: s.listen()
print(s.getsockname()[1], flush=True)
sys.stdin.read()
"""


class TestAPortThatIsTaken:
    @pytest.fixture(params=["udp", "tcp"])
    def kind(self, request: pytest.FixtureRequest) -> Kind:
        kind: Kind = request.param
        return kind

    @pytest.fixture
    def holder(self, kind: Kind) -> Iterator[tuple[subprocess.Popen[str], int]]:
        """Have another process hold a port; give it, and the port."""
        command = [sys.executable, "-c", HOLDS_A_PORT, "SOCK_DGRAM" if kind == "udp" else "SOCK_STREAM"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
            process.kill()

    def test_names_the_program_that_has_it(
        self, kind: Kind, holder: tuple[subprocess.Popen[str], int], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        process, port = holder
        monkeypatch.setattr(shared, "check_port_is_free", partial(shared.check_port_is_free, port=port))
        with pytest.raises(PortTaken) as caught:
            Isolation("none").open()
        assert str(caught.value).startswith(f"{kind.upper()} port {port} is in use by ")
        if sys.platform == "linux":
            assert f"(process {process.pid}): stop that program" in str(caught.value)

    def test_is_free_again_when_that_has_ended(self, kind: Kind, holder: tuple[subprocess.Popen[str], int]) -> None:
        process, port = holder
        process.kill()
        process.wait()
        shared.check_port_is_free(kind, port)

    def test_is_free_although_a_past_connection_lingers(self) -> None:
        with listening_on_the_host() as listener, socket.create_connection(listener.getsockname()) as client:
            port = listener.getsockname()[1]
            listener.accept()[0].close()  # the side that closes first keeps TIME_WAIT
            assert client.recv(1) == b""
        shared.check_port_is_free("tcp", port)


def test_a_counterpart_is_not_among_the_programs_sockets(arena: Arena) -> None:
    lent = arena.lend("tcp")
    lent.bind((arena.everywhere, 0))
    lent.listen()
    program = started(arena, LISTENING + "s.accept()")
    bound = arena.wait(lambda: arena.bound("tcp", program), program)
    assert [entry.local for entry in arena.sockets("tcp")] == [bound.local]
    assert describe(bound) == f"listening TCP port {bound.local[1]}"
    assert bound.local[1] != lent.getsockname()[1]


def test_programs_of_one_arena_meet(arena: Arena) -> None:
    server = started(arena, LISTENING + "c, _ = s.accept()\nc.send(c.recv(1024).upper())\nc.close()")
    bound = arena.wait(lambda: arena.bound("tcp", server), server)
    source = f"import socket\nc = socket.create_connection({bound.local})\nc.send(b'hello')\nprint(c.recv(1024))"
    assert screen_of(arena, source) == "b'HELLO'\n"
