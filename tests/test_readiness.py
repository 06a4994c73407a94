"""What the kernel tells: where programs can be met, what lies ready for them, what they wait for."""

from __future__ import annotations

import os
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from grading.arena import Arena, Script, waiting
from grading.arena.arena import describe, reachable
from grading.arena.sockets import Kind, SocketEntry, dump, dump_of_processes
from grading.arena.waiting import Waiting, processes_of_namespace, processor_seconds, sleeps, waits_of

T = TypeVar("T")
NETLINK_SOCK_DIAG = 4

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these tables")


@pytest.fixture(params=["kernel", "psutil"])
def table(request: pytest.FixtureRequest) -> Iterator[Callable[[Kind], list[SocketEntry]]]:
    """Give each of the two ways to list sockets."""
    if request.param == "psutil":
        yield lambda kind: dump_of_processes([os.getpid()], kind)
        return
    if sys.platform != "linux":
        pytest.skip("only Linux has sock_diag")
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as netlink:
        yield lambda kind: dump(netlink, kind)


@pytest.fixture
def kernel() -> Iterator[Callable[[Kind, socket.socket], SocketEntry]]:
    """Look a socket up in the kernel's table."""
    if sys.platform != "linux":
        pytest.skip("only Linux has sock_diag")
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as netlink:
        yield lambda kind, sock: entry_of(dump(netlink, kind), sock)


def entry_of(entries: list[SocketEntry], sock: socket.socket) -> SocketEntry:
    """Find a socket of this process by its own port, and its peer's."""
    peer = sock.getpeername()[1] if is_connected(sock) else 0
    (found,) = (entry for entry in entries if entry.local[1] == sock.getsockname()[1] and entry.peer[1] == peer)
    return found


def is_connected(sock: socket.socket) -> bool:
    try:
        sock.getpeername()
    except OSError:
        return False
    return True


Table = Callable[[Kind], list[SocketEntry]]
Look = Callable[[Kind, socket.socket], SocketEntry]


class TestTheTable:
    @pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
    def test_has_a_bound_datagram_socket(self, table: Table, host: str) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
            bound.bind((host, 0))
            entry = entry_of(table("udp"), bound)
            assert (entry.kind, entry.local, entry.peer[1], entry.listening) == ("udp", bound.getsockname(), 0, False)

    def test_has_a_listening_socket(self, table: Table) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            entry = entry_of(table("tcp"), listening)
            assert (entry.local, entry.state, entry.listening) == (listening.getsockname(), "LISTEN", True)

    def test_has_both_ends_of_a_connection(self, table: Table) -> None:
        with (
            socket.create_server(("127.0.0.1", 0)) as listening,
            socket.create_connection(listening.getsockname()) as client,
            listening.accept()[0] as connection,
        ):
            entries = table("tcp")
            for end in client, connection:
                entry = entry_of(entries, end)
                assert (entry.local, entry.peer) == (end.getsockname(), end.getpeername())
                assert (entry.state, entry.listening) == ("ESTABLISHED", False)

    def test_has_no_socket_that_was_closed(self, table: Table) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
            bound.bind(("127.0.0.1", 0))
            port = bound.getsockname()[1]
            assert [entry for entry in table("udp") if entry.local[1] == port]
        assert not [entry for entry in table("udp") if entry.local[1] == port]

    @linux
    def test_has_inodes_as_the_descriptors_do(self, table: Table) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            assert entry_of(table("tcp"), listening).inode == os.fstat(listening.fileno()).st_ino

    def test_holds_more_than_one_message(self, table: Table) -> None:
        """Tables longer than a netlink datagram come in pieces."""
        bound = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(300)]
        try:
            for sock in bound:
                sock.bind(("127.0.0.1", 0))
            ports = {sock.getsockname()[1] for sock in bound}
            assert ports <= {entry.local[1] for entry in table("udp")}
        finally:
            for sock in bound:
                sock.close()


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
class TestIpv6:
    @pytest.fixture
    def six(self) -> Iterator[socket.socket]:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as six:
            yield six

    @pytest.mark.parametrize("only", [0, 1])
    def test_every_address_stays_two_colons(self, table: Table, six: socket.socket, only: int) -> None:
        six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, only)
        six.bind(("::", 0))
        assert entry_of(table("udp"), six).local[0] == "::"

    def test_a_mapped_address_is_an_ipv4_one(self, kernel: Look, six: socket.socket) -> None:
        six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        six.bind(("::ffff:127.0.0.1", 0))
        assert kernel("udp", six).local[0] == "127.0.0.1"


class TestWhatIsQueued:
    def test_is_counted_in_connections_for_a_listening_socket(self, kernel: Look) -> None:
        with socket.create_server(("127.0.0.1", 0)) as listening:
            assert kernel("tcp", listening).queued == 0
            with socket.create_connection(listening.getsockname()), socket.create_connection(listening.getsockname()):
                assert kernel("tcp", listening).queued == 2
                listening.accept()[0].close()
                assert kernel("tcp", listening).queued == 1

    def test_is_counted_in_bytes_for_a_connection(self, kernel: Look) -> None:
        with (
            socket.create_server(("127.0.0.1", 0)) as listening,
            socket.create_connection(listening.getsockname()) as client,
            listening.accept()[0] as connection,
        ):
            client.send(b"hello")
            assert kernel("tcp", connection).queued == 5
            connection.recv(2)
            assert kernel("tcp", connection).queued == 3

    def test_is_more_than_nothing_for_a_datagram(self, kernel: Look) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound:
            bound.bind(("127.0.0.1", 0))
            assert kernel("udp", bound).queued == 0
            bound.sendto(b"", bound.getsockname())
            assert kernel("udp", bound).queued > 0

    def test_a_connected_datagram_socket_has_its_peer(self, kernel: Look) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connected:
            connected.connect(("127.0.0.1", 9))
            entry = kernel("udp", connected)
            assert (entry.peer, entry.state) == (("127.0.0.1", 9), "ESTABLISHED")


@pytest.mark.parametrize(
    "bound, to",
    [("0.0.0.0", "127.0.0.1"), ("::", "127.0.0.1"), ("", "127.0.0.1"), ("127.0.0.1", "127.0.0.1"), ("::1", "::1")],
)
def test_a_server_is_reached_where_it_is_bound(bound: str, to: str) -> None:
    assert reachable((bound, 12000)) == (to, 12000)


def entry(kind: Kind, state: str, port: int, peer: int = 0) -> SocketEntry:
    return SocketEntry(kind, state, ("127.0.0.1", port), ("127.0.0.1" if peer else "0.0.0.0", peer), 0, 1)


@pytest.mark.parametrize(
    "found, words, to_its_writer",
    [
        (entry("udp", "CLOSE", 12000), "UDP 127.0.0.1:12000", "UDP port 12000"),
        (entry("tcp", "LISTEN", 12000), "TCP 127.0.0.1:12000, listening", "listening TCP port 12000"),
        (
            entry("tcp", "ESTABLISHED", 12000, 40000),
            "TCP 127.0.0.1:12000, connected to 127.0.0.1:40000",
            "TCP connection with 127.0.0.1:40000",
        ),
    ],
)
def test_a_socket_is_told_in_words(found: SocketEntry, words: str, to_its_writer: str) -> None:
    assert (found.described, describe(found)) == (words, to_its_writer)


class TestWhereAServerIsMet:
    @staticmethod
    def met(arena: Arena, source: str, kind: Kind) -> tuple[str, int] | None:
        """Run the program until it waits at its keyboard, and look."""
        text = f"from socket import *\n{source}\ninput('ready')\n"
        program = arena.start(Script("program", {"program.py": text.encode()}))
        arena.wait(lambda: "ready" in program.screen or None, program)
        bound = arena.bound(kind, program)
        return bound.local if bound else None

    @pytest.mark.parametrize("kind, made", [("udp", "SOCK_DGRAM"), ("tcp", "SOCK_STREAM")])
    @pytest.mark.parametrize("ports", [(12000, 13000), (13000, 12000), (11000, 12000), (12000, 11000)])
    def test_port_12000_is_preferred(self, private: Arena, kind: Kind, made: str, ports: tuple[int, int]) -> None:
        source = "".join(
            f"s{port} = socket(AF_INET, {made})\ns{port}.bind(('', {port}))\n"
            + (f"s{port}.listen()\n" if kind == "tcp" else "")
            for port in ports
        )
        assert self.met(private, source, kind) == ("0.0.0.0", 12000)

    @pytest.mark.parametrize("host", ["", "127.0.0.1", "127.9.9.9"])
    def test_its_true_address_is_told(self, private: Arena, host: str) -> None:
        source = f"s = socket(AF_INET, SOCK_DGRAM)\ns.bind(({host!r}, 13001))"
        assert self.met(private, source, "udp") == (host or "0.0.0.0", 13001)

    @pytest.mark.parametrize(
        "source, kind",
        [
            ("s = socket(AF_INET, SOCK_DGRAM)", "udp"),
            ("s = socket(AF_INET, SOCK_DGRAM)\ns.connect(('127.0.0.1', 9))", "udp"),
            ("s = socket(AF_INET, SOCK_STREAM)\ns.bind(('', 12000))", "tcp"),
            ("s = socket(AF_INET, SOCK_STREAM)\ns.bind(('', 12000))\ns.listen()", "udp"),
            ("s = socket(AF_INET, SOCK_DGRAM)\ns.bind(('', 12000))\ns.close()", "udp"),
        ],
        ids=["unbound", "a client", "not listening", "the other kind", "closed"],
    )
    def test_what_nobody_can_meet_is_no_server(self, private: Arena, source: str, kind: Kind) -> None:
        assert self.met(private, source, kind) is None


class Child:
    """An interpreter of its own, that has said that it is ready."""

    def __init__(self, source: str) -> None:
        command = [sys.executable, "-c", f"print('ready', flush=True)\n{source}"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"ready\n"
        self.pid = self.process.pid

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def child() -> Iterator[Callable[[str], Child]]:
    """Start interpreters, ended with the test."""
    children: list[Child] = []

    def start(source: str) -> Child:
        children.append(Child(source))
        return children[-1]

    yield start
    for one in children:
        one.end()


def eventually(seen: Callable[[], T | None]) -> T:
    """Look until it is there; a minute is for ever."""
    begin = time.perf_counter()
    while time.perf_counter() - begin < 60:
        if (found := seen()) is not None:
            return found
        select.select([], [], [], 0.001)  # not a wait for anything: the others run meanwhile
    raise AssertionError("it never came")


@linux
class TestWhatAProcessWaitsFor:
    def test_is_its_call_and_descriptor(self, child: Callable[[str], Child]) -> None:
        one = child("input()")
        (waiting,) = eventually(lambda: waits_of([one.pid]))
        assert one.process.stdin is not None
        pipe = f"pipe:[{os.fstat(one.process.stdin.fileno()).st_ino}]"
        assert (waiting.pid, waiting.thread, waiting.call, waiting.target) == (one.pid, one.pid, "read", pipe)

    def test_is_told_of_every_thread(self, child: Callable[[str], Child]) -> None:
        one = child(
            "import threading, socket\ns = socket.create_server(('127.0.0.1', 0))\n"
            "threading.Thread(target=s.accept).start()\nthreading.Event().wait()"
        )

        def both() -> tuple[Waiting, ...] | None:
            waits = waits_of([one.pid])
            return waits if waits and len(waits) == 2 else None

        assert sorted(waiting.call for waiting in eventually(both)) == ["accept", "lock"]

    def test_is_told_of_all_processes(self, child: Callable[[str], Child]) -> None:
        pids = [child("input()").pid, child("input()").pid]
        waits = eventually(lambda: waits_of(pids))
        assert [waiting.pid for waiting in waits] == pids

    @pytest.mark.parametrize(
        "source",
        [
            "while True: pass",
            "import time\ntime.sleep(1000)",
            "import select\nselect.select([], [], [], 1000)",
            "import select\nselect.poll().poll(1000000)",
            "import select\nselect.epoll().poll(1000)",
            "import threading\nthreading.Event().wait(1000)",
            "import signal\nsignal.sigtimedwait([signal.SIGUSR1], 1000)",
            "import threading\nthreading.Thread(target=input).start()\nwhile True: pass",
        ],
    )
    def test_is_nothing_while_it_can_go_on_by_itself(self, child: Callable[[str], Child], source: str) -> None:
        """Looked at until it has come to rest, or has computed for a while."""
        one = child(source)
        eventually(lambda: (sleeps(one.pid) or processor_seconds(one.pid) > 0.2) or None)
        assert waits_of([one.pid]) is None

    def test_is_nothing_if_only_one_of_two_waits(self, child: Callable[[str], Child]) -> None:
        waiting, busy = child("input()"), child("while True: pass")
        eventually(lambda: waits_of([waiting.pid]))
        assert waits_of([waiting.pid, busy.pid]) is None
        assert waits_of([busy.pid, waiting.pid]) is None

    def test_is_empty_when_it_has_ended(self, child: Callable[[str], Child]) -> None:
        one = child("")
        eventually(lambda: True if waits_of([one.pid]) == () else None)  # a zombie, until it is asked for
        one.end()
        assert waits_of([one.pid]) == ()

    def test_changes_when_it_has_run_in_between(self, child: Callable[[str], Child]) -> None:
        one = child("while True: input()")
        before = eventually(lambda: waits_of([one.pid]))
        assert waits_of([one.pid]) == before
        assert one.process.stdin is not None
        one.process.stdin.write(b"\n")
        one.process.stdin.flush()
        after = eventually(lambda: ((waits := waits_of([one.pid])) != before and waits) or None)
        assert [waiting.target for waiting in after] == [waiting.target for waiting in before]

    def test_is_seen_of_everybody_in_a_namespace(self, child: Callable[[str], Child]) -> None:
        one = child("input()")
        namespace = os.stat(f"/proc/{one.pid}/ns/pid").st_ino  # noqa: PTH116  as the code under test does
        others: set[int] = set()
        assert one.pid in processes_of_namespace(namespace, 1, one.pid - 1, others)  # numbers after that
        assert one.pid not in processes_of_namespace(namespace, one.pid, one.pid - 1, others)
        assert one.pid not in processes_of_namespace(namespace + 1, 1, one.pid - 1, others)
        assert others == set()

    def test_is_seen_of_everybody_where_numbers_begin_anew(
        self, child: Callable[[str], Child], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one = child("input()")
        namespace = os.stat(f"/proc/{one.pid}/ns/pid").st_ino  # noqa: PTH116  as the code under test does
        monkeypatch.setattr(waiting, "last_number", lambda: 1)
        others: set[int] = set()
        assert {one.pid, os.getpid()} <= set(processes_of_namespace(namespace, 1, 2, others))
        assert one.pid not in processes_of_namespace(namespace + 1, 1, 2, others)
        assert one.pid in others

    def test_is_seen_of_processes_and_not_of_their_threads(self, child: Callable[[str], Child]) -> None:
        one = child("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start(); input()")
        namespace = os.stat(f"/proc/{one.pid}/ns/pid").st_ino  # noqa: PTH116  as the code under test does
        threads = eventually(lambda: ((found := [*Path(f"/proc/{one.pid}/task").iterdir()])[1:] and found) or None)
        found = processes_of_namespace(namespace, 1, one.pid - 1, set())
        assert {int(thread.name) for thread in threads} & {*found} == {one.pid}
