"""The process inside the sandbox that makes private networks, and starts programs in them.

Standard library only. It is started once per submission, because a program that is forked from a
process that has imported ``socket`` already starts in a few milliseconds.

Theory of operation. The grader holds one end of a socket pair, this server the other.

- What the grader says is marshalled; what is said to it is JSON, since it trusts nobody here. So nothing has to be
  imported for it: what this process has in memory costs each fork of it.
- It is given the socket's number, the user to be, and what programs may use. Where bubblewrap starts it as
  root it becomes that user before it does anything else; in a jail it stays root, and each program becomes the user.
- The grader sends ``{"op": "arena"}`` and the end of a new socket pair, the arena's channel. The server forks a
  child into new network, PID and mount namespaces: PID 1 of the arena, its *host*. When the host ends, the
  kernel ends every process of the arena, daemons included. When the grader has seen that, it sends
  ``{"op": "clear"}``, and the arena's folder is removed. Where namespaces are refused to root, there is one arena at a
  time, on the machine's own network, and to clear it means to end every process of the user.
- ``{"op": "again"}`` has a host end every process but itself, wait until none is left, and say hello from a new network
  with a new folder: the next arena. A new host would take 3 ms of processor time more
  (measured), most of it for copies of pages.
- The host says ``hello`` with a socket for reading the arena's socket table, one on its DNS port, two that see
  its packets, and some to lend. Then it answers requests: ``{"op": "socket", "type": …}`` lends one more,
  ``{"op": "run"}`` starts a program in a process that was forked beforehand; it reports ``{"op": "exit"}``
  when one ends.
- Each started program says ``{"op": "started"}`` by itself before any of the student's code runs, so that the
  kernel tells the grader its true PID. A closed channel ends the host.
- Programs may run as the same user as the host. It blocks every signal (the kernel keeps SIGKILL and SIGSTOP from PID
  1) and cannot be looked into. The grader trusts none of this: see `PrivateArena`.
"""

from __future__ import annotations

import contextlib
import gc
import marshal
import mmap
import os
import select
import signal
import socket
import sys
from _json import encode_basestring_ascii

import confinement  # type: ignore[import-not-found]  # beside this file, inside the sandbox
import launcher  # type: ignore[import-not-found]  # beside this file, inside the sandbox
import networks  # type: ignore[import-not-found]  # beside this file, inside the sandbox

TYPE_CHECKING = False  # ``typing`` is not imported: see above
if TYPE_CHECKING:
    from socket import socket as Socket  # noqa: N812  a class
    from socket import socketpair
    from typing import Any, NoReturn
else:
    from _socket import socket as Socket  # noqa: N812  a class: that of C, which the recorder leaves as it is
    from _socket import socketpair

NETLINK_SOCK_DIAG = 4
ROOT, MESSAGE = networks.ROOT, networks.MESSAGE

GIVEN = marshal.loads(bytes.fromhex(sys.argv[1]))
LIMITS = confinement.limits_here(GIVEN["limits"])
RECORDER = launcher.prepare(recorded=GIVEN["recorded"])
REFUSED = confinement.filter_here(GIVEN["refused"])
for helper in ("confinement", "launcher", "networks", "recorder"):  # a student's own module is found before ours
    del sys.modules[helper]


class Host:
    """PID 1 of an arena: lends sockets and starts programs until its channel closes."""

    def __init__(self, channel: Socket, folder: str) -> None:
        self.channel = channel
        self.folder = folder
        self.running: dict[int, tuple[int, int]] = {}  # pidfd: (number, pid)
        self.seat: tuple[int, Socket] | None = None

    def say(self, message: bytes, fds: tuple[int, ...] = ()) -> None:
        socket.send_fds(self.channel, [message], list(fds))

    def greet(self) -> None:
        """Say hello with what every check needs: see `PrivateArena` for the order."""
        lent = [
            Socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG),
            Socket(socket.AF_INET, socket.SOCK_DGRAM),
            Socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP),
            Socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP),
            *(Socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2)),
            *(Socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(2)),
        ]
        lent[1].bind(("127.0.0.1", 53))
        self.say(b'{"op": "hello"}', tuple(one.fileno() for one in lent))
        for one in lent:
            one.close()

    def serve(self) -> None:
        while self.serve_arena():
            self.renew()

    def serve_arena(self) -> bool:
        """Do what the grader asks; say whether it wants another arena after that."""
        self.greet()
        self.seat = self.new_seat()  # while the grader is still busy with something else
        poller = select.poll()
        poller.register(self.channel, select.POLLIN)
        while True:
            for fd, _ in poller.poll():
                if fd != self.channel.fileno():
                    poller.unregister(fd)
                    self.report_exit(fd)
                    continue
                data, fds, _, _ = socket.recv_fds(self.channel, MESSAGE, 8)
                if not data:
                    return False
                request = marshal.loads(data)
                if request["op"] == "again":
                    return True
                if request["op"] == "socket":
                    self.lend_socket(request)
                elif request["op"] == "run":
                    poller.register(self.start(request["number"], data, fds), select.POLLIN)
                    self.prepare_for_next_time(request, fds[-1])
                for passed in fds:
                    os.close(passed)

    def renew(self) -> None:
        """End everything that runs here but this process, and move into a new network."""
        with contextlib.suppress(ProcessLookupError):  # there is nothing
            os.kill(-1, signal.SIGKILL)  # all in one go, however quickly they fork; orphans become children of ours
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
        if self.seat:
            self.seat[1].close()
        for pidfd in self.running:
            os.close(pidfd)
        self.running.clear()
        networks.leave(self.folder, as_root=GIVEN["as_root"])
        networks.furnish(self.folder, GIVEN["disk"], as_root=GIVEN["as_root"])

    def lend_socket(self, request: dict[str, Any]) -> None:
        kind = socket.SOCK_DGRAM if request["type"] == "udp" else socket.SOCK_STREAM
        lent = Socket(socket.AF_INET, kind)
        self.say(b'{"op": "socket"}', (lent.fileno(),))
        lent.close()

    def report_exit(self, pidfd: int) -> None:
        number, pid = self.running.pop(pidfd)
        _, status = os.waitpid(pid, 0)
        os.close(pidfd)
        self.say(b'{"op": "exit", "number": %d, "status": %d}' % (number, os.waitstatus_to_exitcode(status)))

    def new_seat(self) -> tuple[int, Socket]:
        """Fork a process that waits for a program to become; give its PID, and where to tell it."""
        ours, theirs = socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        pid = os.fork()
        if pid == 0:
            ours.close()
            data, fds, _, _ = socket.recv_fds(theirs, MESSAGE, 8)
            self.become(marshal.loads(data), fds)
        theirs.close()
        return pid, ours

    def start(self, number: int, data: bytes, fds: list[int]) -> int:
        """Have a process become a program; give the descriptor that tells of its end."""
        pid, seat = self.seat or self.new_seat()
        self.seat = None
        try:
            socket.send_fds(seat, [data], fds)
        except OSError:  # an earlier program has ended all that it could
            seat.close()
            os.waitpid(pid, 0)
            pid, seat = self.new_seat()
            socket.send_fds(seat, [data], fds)
        seat.close()
        pidfd = os.pidfd_open(pid)
        self.running[pidfd] = (number, pid)
        return pidfd

    def prepare_for_next_time(self, request: dict[str, Any], files_fd: int) -> None:
        """Compile a program of the submission's. Of a reference nothing may be in the memory of other programs."""
        if request["written"]:
            name = request["name"]
            source = marshal.loads(os.pread(files_fd, os.fstat(files_fd).st_size, 0))[name]
            if len(source) < MESSAGE:
                launcher.compile_for_later(path_of(request), source)

    def become(self, request: dict[str, Any], fds: list[int]) -> NoReturn:
        """Be the program, in a new session with its own folder and streams, and nothing else open."""
        try:
            self.channel.send(b'{"op": "started"}')
            if GIVEN["as_root"]:
                confinement.become_user(GIVEN["user"])
            stdin, stdout, stderr, record_fd, files_fd = fds
            for number, fd in enumerate((stdin, stdout, stderr)):
                os.dup2(fd, number)
            record = mmap.mmap(record_fd, 0)
            files = marshal.loads(os.pread(files_fd, os.fstat(files_fd).st_size, 0))
            self.channel.detach()
            os.closerange(3, max(64, *fds) + 64)
            os.setsid()
            path = path_of(request)
            folder = os.path.dirname(path)
            os.mkdir(folder)
            os.chdir(folder)
            source = files[request["name"]]
            if request["written"]:
                for file, content in files.items():
                    write_new(file, content)
            if not GIVEN["private"]:
                RECORDER.before["bind"] = launcher.reuse_address
            RECORDER.attach(record, path)
            confinement.confine(LIMITS, REFUSED)
            signal.pthread_sigmask(signal.SIG_SETMASK, ())
        except BaseException as error:  # noqa: BLE001  the grader's own fault: say so with a status of its own
            os.write(2, f"the grader could not start the program: {error!r}\n".encode())
            os._exit(250)
        launcher.run(path, source, RECORDER)
        os._exit(0)


def write_new(path: str, content: bytes) -> None:
    """Write a file that is not there yet."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    while content:
        content = content[os.write(fd, content) :]
    os.close(fd)


def path_of(request: dict[str, Any]) -> str:
    """Say where a program stands, in a folder of its own."""
    return f"{ROOT}/{request['number']}/{request['name']}"


def rehearse() -> None:
    """Do what every child does first, as `launcher.rehearse` does the rest."""
    for _ in range(launcher.TIMES):
        ours, theirs = socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        socket.send_fds(ours, [marshal.dumps({"op": "run"})], [ours.fileno()])
        data, fds, _, _ = socket.recv_fds(theirs, MESSAGE, 8)
        marshal.loads(data)
        for one in (ours, theirs, Socket(fileno=fds[0])):
            one.close()
    launcher.rehearse(RECORDER)


def make_arena(channel: Socket, folder: str) -> NoReturn:
    """Be the host of the new arena, its PID 1 where it has processes of its own."""
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, signal.valid_signals())
        if GIVEN["private"]:
            if not GIVEN["as_root"]:
                confinement.keep_mounts_private()
            networks.furnish(folder, GIVEN["disk"], as_root=GIVEN["as_root"])
        Host(channel, folder).serve()
        os._exit(0)
    except BaseException as error:  # noqa: BLE001  told to the grader, which decides
        channel.send(b'{"op": "broken", "why": %s}' % encode_basestring_ascii(str(error)).encode())
        os._exit(1)


def clear(folder: str) -> None:
    """Take away what the programs of an arena left, whose host has ended; what cannot be goes with the sandbox."""
    if not GIVEN["private"]:
        confinement.end_all_of(GIVEN["user"], GIVEN["proc"])
        confinement.remove(ROOT, itself=False)
        confinement.remove("/dev/shm", itself=False)
    elif not GIVEN["as_root"]:
        networks.remove(folder)


def settle_in() -> None:
    """Become who this server is to be, and find out what it may do."""
    if GIVEN["as_root"]:
        GIVEN["private"] = confinement.may_have_namespaces()
        confinement.adopt_orphans()
    else:
        GIVEN["private"] = True
        if GIVEN["user"] is not None:
            os.chmod(ROOT, 0o1777)
            confinement.become_user(GIVEN["user"])
    confinement.hide()


def main() -> NoReturn:
    """Serve requests for arenas until the grader closes its end."""
    import site

    del sys.modules[__name__]  # as above
    settle_in()
    site.setquit()  # exit() and quit(), which "python -S" leaves out
    site.sethelper()
    control = Socket(fileno=GIVEN["control"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the ends of arenas
    launcher.open_streams_on_pipes()
    rehearse()
    gc.collect()
    gc.freeze()  # keeps the children from copying pages of what is already there
    control.send(b'{"op": "ready", "private": %s}' % (b"true" if GIVEN["private"] else b"false"))
    while True:
        data, fds, _, _ = socket.recv_fds(control, MESSAGE, 8)
        if not data:
            os._exit(0)
        request = marshal.loads(data)
        if request["op"] == "arena":
            channel = Socket(fileno=fds[0])
            if (networks.clone(as_root=GIVEN["as_root"]) if GIVEN["private"] else os.fork()) == 0:
                control.close()
                make_arena(channel, f"{ROOT}/arena{request['number']}")
            channel.close()
        else:
            clear(f"{ROOT}/arena{request['number']}")
