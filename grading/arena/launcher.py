"""Run one program as ``python program.py`` would, inside a process that is ready for it.

Runs inside the sandbox, with the standard library alone. ``python launcher.py RECORD PROGRAM`` does the same in an
interpreter of its own, where there is no fork.
"""

import atexit
import builtins
import io
import mmap
import os
import signal
import socket
import sys
from types import ModuleType, TracebackType
from typing import Any, NoReturn

try:
    from recorder import Recorder  # type: ignore[import-not-found]  # beside this file, where programs run
except ImportError:  # imported as a part of the package
    from grading.transcript.recorder import Recorder


def prepare(*, recorded: bool = True) -> Recorder:
    """Do what needs no program yet. A fork server does it once: in a child all of it costs 1 ms more."""
    open_standard_streams()
    recorder = Recorder()
    if recorded:  # always, except where its cost is measured
        recorder.patch()
    if hasattr(signal, "SIGUSR2"):
        recorder.note_line_on_signal()
    return recorder


def run(path: str, source: bytes, recorder: Recorder) -> NoReturn:
    """Run ``source`` as the script ``path`` in this process, and end the process as Python would."""
    status = _execute(path, source, recorder)
    recorder.write(event="ended", at=recorder.now())
    if threading := sys.modules.get("threading"):  # not imported here: it makes every fork slower
        try:
            threading._shutdown()  # waits for the program's threads, as the end of a script does
        except BaseException:  # noqa: BLE001  a broken thread at the very end
            status = status or 1
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # closed or replaced by the program
            continue
    os._exit(status)


def _execute(path: str, source: bytes, recorder: Recorder) -> int:
    module = ModuleType("__main__")
    module.__file__ = path
    module.__builtins__ = builtins  # type: ignore[attr-defined]  # as in a real __main__
    sys.modules["__main__"] = module
    sys.argv = [path]
    sys.path[0:1] = [os.path.dirname(path)]
    try:
        exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    except SystemExit as leaving:
        return _exit_status(leaving.code)
    except BaseException as error:  # noqa: BLE001  whatever ends a program is what we are here to report
        _report(error, path, recorder)
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    return 0


def _exit_status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _report(error: BaseException, path: str, recorder: Recorder) -> None:
    """Write the exception down, and print its traceback without frames that are not the student's."""
    import traceback  # only now: a program that ends well does without

    shown = _trimmed(error.__traceback__)
    lines = [frame.lineno for frame in traceback.extract_tb(shown) if frame.filename == path]
    line = lines[-1] if lines else None
    if isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno
    try:
        message = str(error)
    except Exception:  # noqa: BLE001  a program's own __str__ may raise anything
        message = ""
    recorder.write(event="end", type=type(error).__name__, message=message[:2000], line=line, lines=lines[:50])
    try:
        sys.excepthook(type(error), error.with_traceback(shown), shown)
    except BaseException:  # noqa: BLE001  a program's own excepthook may raise anything
        traceback.print_exception(type(error), error, shown)


_OURS = {__file__, sys.modules[Recorder.__module__].__file__}


def _trimmed(trace: TracebackType | None) -> TracebackType | None:
    """Leave out the frames of this launcher and of the recorder."""
    if trace is None:
        return None
    rest = _trimmed(trace.tb_next)
    if trace.tb_frame.f_code.co_filename in _OURS:
        return rest
    trace.tb_next = rest
    return trace


def open_standard_streams() -> None:
    """Make ``sys.stdin`` and the others anew on descriptors 0, 1 and 2.

    Unbuffered, like ``python -u``: what a program printed before it was ended is on its screen.
    """
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    sys.stdout, sys.stderr = (_screen(1, "strict"), _screen(2, "backslashreplace"))
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]  # final, says typeshed


def _screen(fd: int, errors: str) -> io.TextIOWrapper:
    raw: Any = io.FileIO(fd, "w", closefd=False)
    raw.name = "<stdout>" if fd == 1 else "<stderr>"
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, line_buffering=True, write_through=True)


def _reuse_addresses() -> None:
    """Let a server bind its port while connections of the last check are in TIME_WAIT.

    Only on the real loopback, where all checks share port 12000; in a private network nothing is left over.
    """
    bind = socket.socket.bind

    def bind_again(sock: socket.socket, address: Any) -> None:
        if sock.type == socket.SOCK_STREAM:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bind(sock, address)
        except BaseException as error:
            error.__traceback__ = error.__traceback__ and error.__traceback__.tb_next  # as the recorder does
            raise

    socket.socket.bind = bind_again  # type: ignore[method-assign,assignment]  # see the docstring


def main(record: str, program: str) -> NoReturn:
    """Run ``program``, a path, in this fresh interpreter, with its record in the file ``record``."""
    recorder = prepare()
    with open(record, "r+b") as file:
        mapping = mmap.mmap(file.fileno(), 0)
    with open(program, "rb") as file:
        source = file.read()
    if os.name == "posix":
        _reuse_addresses()
    recorder.attach(mapping, program)
    sys.modules.pop("recorder", None)  # a student's own module of that name must be found before ours
    run(program, source, recorder)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
