"""What stands around a grading and must not be touched: neighbours' files, listeners, a process."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
from pathlib import Path
from types import TracebackType

NOBODY = 65534
"""A user who owns nothing, as far as the machine goes."""
SECRET = "NEIGHBOUR-" + "SECRET"
PROJECT = Path(__file__).parent.parent.parent


class Canaries:
    """Puts them up, tells programs where they are, and sees whether something happened to them."""

    def __init__(self, room: Path, *, ordinary: bool) -> None:
        """``ordinary`` says that programs are graded by an ordinary user, to whom all of this belongs then."""
        self.folder = room / "neighbours"
        self.folder.mkdir()
        for name in ("udp_server.py", "results.json"):
            (self.folder / name).write_text(f"# {SECRET}\n", encoding="ascii")
            (self.folder / name).chmod(0o666)  # nothing but the sandbox keeps programs away
        self.folder.chmod(0o777)
        switch = {"user": NOBODY, "group": NOBODY, "extra_groups": ()} if ordinary and os.geteuid() == 0 else {}
        self._process = subprocess.Popen(["sleep", "3600"], cwd="/", **switch)  # type: ignore[call-overload]  # as who, or not
        self.pid: int = self._process.pid
        self._tcp = socket.create_server(("", 0))
        self.port: int = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("", self.port))
        self.abstract = f"socketlabs-canary-{os.urandom(6).hex()}"
        self._abstract = socket.socket(socket.AF_UNIX)
        self._abstract.bind(f"\0{self.abstract}")
        self._local = socket.socket(socket.AF_UNIX)
        self._local.bind(str(self.folder / "socket"))
        (self.folder / "socket").chmod(0o777)
        for listener in (self._abstract, self._local):
            listener.listen()
        self._before = self._files()

    def __enter__(self) -> Canaries:  # noqa: PYI034  typing.Self is newer than Python 3.10
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in (self._tcp, self._udp, self._abstract, self._local):
            one.close()
        self._process.kill()
        self._process.wait()

    def named_in(self, text: bytes) -> bytes:
        """Put their names into a program."""
        names = {
            "FOLDER": str(self.folder),
            "PROJECT": str(PROJECT),
            "PORT": str(self.port),
            "ADDRESS": _own_address(),
            "ABSTRACT": self.abstract,
            "PID": str(self.pid),
        }
        for name, value in names.items():
            text = text.replace(f"@{name}@".encode(), value.encode())
        return text

    def hurt(self) -> list[str]:
        """Say what happened to them."""
        told = []
        if self._files() != self._before:
            told.append("the neighbours' files are not as before")
        if self._process.poll() is not None:
            told.append(f"a process of the machine's was ended ({self._process.returncode})")
        elif Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
            told.append("a process of the machine's was stopped")
        for kind, one in (("TCP", self._tcp), ("abstract", self._abstract), ("local", self._local), ("UDP", self._udp)):
            one.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                if kind != "UDP":
                    one.accept()[0].close()
                elif not one.recv(100):
                    continue
                told.append(f"a {kind} listener of the machine's was reached")
        return told

    def _files(self) -> dict[str, tuple[int, int, bytes]]:
        return {
            path.name: (path.stat().st_mode, path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
            for path in self.folder.iterdir()
        }


def _own_address() -> str:
    """Give this machine's address in its network; that of loopback where it has none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])
    return "127.0.0.1"
