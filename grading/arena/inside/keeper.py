"""Makes the folder that a jail is, locks the fork server into it, and takes it away when that has ended.

Standard library only, and little of it. Runs as root and outlives the grader: whatever ends that, the fork server
sees its socket close and ends, and then every process of the jail's user is ended and the folder is removed. It
reads, marshalled, from its standard input what `grading.arena.jail.Jail.given` says, beside what the fork server is
given.
"""

import contextlib
import marshal
import os
import signal
import sys
from typing import Any, NoReturn

import confinement  # type: ignore[import-not-found]  # beside this file

PASSED_OVER = {"site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip"}
DEVICES = {"null": (1, 3), "zero": (1, 5), "full": (1, 7), "random": (1, 8), "urandom": (1, 9)}
IGNORED = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)  # the grader's end is told by its socket
CHARACTER_DEVICE, FOR_ALL = 0o020000, 0o666


def build(folder: str, jail: dict[str, Any]) -> None:
    """Fill the folder: hard links where they can be, copies elsewhere; nothing in it is the programs' to write."""
    for inside in ("tmp", "dev/shm"):
        os.makedirs(f"{folder}/{inside}")
        os.chmod(f"{folder}/{inside}", 0o1777)
    for link, target in jail["links"].items():
        os.symlink(target, folder + link)
    for tree in jail["trees"]:
        add_tree(folder, tree)
    for path in jail["files"]:
        os.makedirs(folder + os.path.dirname(path), exist_ok=True)
        add(folder, path)
    for path, content in jail["contents"].items():
        os.makedirs(folder + os.path.dirname(path), exist_ok=True)
        with open(folder + path, "wb") as file:
            file.write(content.encode("latin-1"))
    for name, (major, minor) in DEVICES.items():
        os.mknod(f"{folder}/dev/{name}", CHARACTER_DEVICE | FOR_ALL, os.makedev(major, minor))
        os.chmod(f"{folder}/dev/{name}", FOR_ALL)


def add_tree(folder: str, tree: str) -> None:
    """Add a folder with all below it that programs may import."""
    for path, inner, files in os.walk(tree):
        inner[:] = [name for name in inner if name not in PASSED_OVER and not name.startswith("config-")]
        os.makedirs(folder + path, exist_ok=True)
        for name in files:
            add(folder, f"{path}/{name}")


def add(folder: str, path: str) -> None:
    """Add one file under the path that it has outside."""
    with contextlib.suppress(FileExistsError, FileNotFoundError):  # there already; or a link that leads nowhere
        real = os.path.realpath(path)
        try:
            os.link(real, folder + path)
        except FileExistsError:
            raise
        except OSError:  # another file system, or one without links
            copy(real, folder + path)


def copy(source: str, target: str) -> None:
    """Copy one file, with its permissions."""
    with open(source, "rb") as data, open(target, "xb") as file:
        while piece := data.read(1 << 20):
            file.write(piece)
    os.chmod(target, os.stat(source).st_mode & 0o755)


def lock_in(folder: str, given: dict[str, Any]) -> NoReturn:
    """Become the fork server, with the folder as its whole machine."""
    for number in IGNORED:
        signal.signal(number, signal.SIG_DFL)
    try:
        confinement.keep_mounts_apart()
        os.chroot(folder)
        os.chdir("/")
        command = given["jail"]["command"]
        del given["jail"]
        os.execve(command[0], [*command, marshal.dumps(given).hex()], dict(os.environ))
    except OSError as error:
        os.write(2, f"{error}\n".encode())
    finally:
        os._exit(1)


def main() -> int:
    """Build, run, take away."""
    given = marshal.load(sys.stdin.buffer)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)  # not the one in the jail, which may be on a disk without devices
    folder, user = given["jail"]["folder"], given["user"]
    status = 1
    proc = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
    os.set_inheritable(proc, True)
    confinement.adopt_orphans()
    os.mkdir(folder, 0o755)
    try:
        build(folder, given["jail"])
        given["proc"] = proc
        pid = os.fork()
        if pid == 0:
            lock_in(folder, given)
        os.close(given["control"])
        _, status = os.waitpid(pid, 0)
    finally:
        confinement.end_all_of(user, proc)
        confinement.remove(folder)
    return 0 if status == 0 else 1


if __name__ == "__main__":
    os.umask(0o022)
    for number in IGNORED:
        signal.signal(number, signal.SIG_IGN)
    sys.exit(main())
