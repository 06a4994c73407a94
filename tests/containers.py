"""Fresh roots made with bubblewrap, for what a platform would run in a container: the same paths, the same files.

Nothing of this checkout is in one, only the system's folders, the interpreter, and what a test puts there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

DOCKER = (
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
    "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE", "CAP_SETFCAP",
)  # fmt: skip
"""What root may do in a container of Docker's, unless it is given more."""


@dataclass
class Container:
    """A root with folders of the test's in it."""

    folders: Mapping[str, Path]
    """Where each folder is inside, and what it is outside; written to from both."""
    like_docker: bool = False
    """Root as Docker leaves it: no namespaces, so no bubblewrap inside."""
    environment: Mapping[str, str] = field(default_factory=dict)
    venv: str = sys.prefix
    """Where the interpreter with its packages is found inside; empty for nowhere."""

    def run(self, *command: str, cwd: str = "/") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        whole = [*self._command(cwd), *command]
        return subprocess.run(whole, capture_output=True, encoding="utf-8", check=False, timeout=120)

    def _command(self, cwd: str) -> list[str]:
        command = [
            "bwrap",
            "--die-with-parent",
            "--unshare-pid",
            "--clearenv",
            *_capabilities(like_docker=self.like_docker),
        ]
        for top in ("/usr", "/etc"):
            command += ["--ro-bind", top, top]
        for top in ("/bin", "/sbin", "/lib", "/lib32", "/lib64"):
            if Path(top).is_symlink():
                command += ["--symlink", str(Path(top).readlink()), top]
            elif Path(top).is_dir():
                command += ["--ro-bind", top, top]
        command += ["--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]  # noqa: S108  the container's own
        if not sys.base_prefix.startswith("/usr"):
            for above in reversed(Path(sys.base_prefix).parents[:-1]):
                command += ["--dir", str(above)]
            command += ["--ro-bind", sys.base_prefix, sys.base_prefix]
        if self.venv:
            command += ["--ro-bind", sys.prefix, self.venv]
        for inside, outside in self.folders.items():
            command += ["--bind", str(outside), inside]
        settings = {"PATH": f"{self.venv}/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root", "LANG": "C.UTF-8"}
        for name, value in (settings | dict(self.environment)).items():
            command += ["--setenv", name, value]
        return [*command, "--chdir", cwd]


def _capabilities(*, like_docker: bool) -> Sequence[str]:
    if os.geteuid():
        if like_docker:
            pytest.skip("only root can make what Docker's root is")
        return ()
    if like_docker:
        return ("--cap-drop", "ALL", *(word for name in DOCKER for word in ("--cap-add", name)))
    return ("--cap-add", "ALL")


def needs_containers() -> pytest.MarkDecorator:
    """Skip a test where no such root can be made."""
    works = sys.platform == "linux" and shutil.which("bwrap") is not None and sys.prefix != "/usr"
    if works:
        inner = ["bwrap", "--unshare-pid", "--unshare-net", "--ro-bind", "/", "/", "true"]
        outer = ["bwrap", "--unshare-pid", *_capabilities(like_docker=False), "--ro-bind", "/", "/", "--dev", "/dev"]
        works = subprocess.run([*outer, "--proc", "/proc", *inner], capture_output=True, check=False).returncode == 0
    return pytest.mark.skipif(
        not works, reason="needs bubblewrap inside bubblewrap, and a Python that is not the system's"
    )
