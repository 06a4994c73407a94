"""Run one program as ``python program.py`` would, inside a process that is ready for it.

Runs inside the sandbox, with the standard library alone. ``python launcher.py RECORD PROGRAM`` does the same in an
interpreter of its own, where there is no fork.

The program can see our frames below its own (``traceback.print_stack()``), and that they count when it recurses too
deep; otherwise it begins, fails and ends as it would alone, down to the order of ``atexit`` and ``__del__``.
"""

from __future__ import annotations

import atexit
import builtins
import gc
import io
import mmap
import os
import signal
import socket
import sys
from _frozen_importlib_external import SourceFileLoader
from types import CodeType, ModuleType, TracebackType

try:
    from recorder import Recorder  # type: ignore[import-not-found]  # beside this file, where programs run
except ImportError:  # imported as a part of the package
    from grading.transcript.recorder import Recorder

TYPE_CHECKING = False  # ``typing`` is not imported: what a fork server has in memory costs each fork of it
if TYPE_CHECKING:
    from typing import Any, NoReturn


def prepare(*, recorded: bool = True) -> Recorder:
    """Do what needs no program yet. A fork server does it once: in a child all of it costs 1 ms more."""
    recorder = Recorder()
    if recorded:  # always, except where its cost is measured
        recorder.patch()
    if hasattr(signal, "SIGUSR2"):
        recorder.note_line_on_signal()
    return recorder


def open_streams_on_pipes() -> None:
    """Make the standard streams of programs that will have pipes for them.

    What a descriptor is made of is looked at when its stream is made, and that takes a child 0.4 ms (measured).
    """
    own = [os.dup(number) for number in range(3)]
    stdin, stdout = os.pipe()
    for number, end in enumerate((stdin, stdout, stdout)):
        os.dup2(end, number)
    open_standard_streams()
    for number, fd in enumerate(own):
        os.dup2(fd, number)
    for fd in (*own, stdin, stdout):
        os.close(fd)


TIMES = 12
"""How often what children do is rehearsed: CPython 3.11 adapts code that has run eight times."""
_REHEARSAL = b"""
from socket import *
s = socket(AF_INET, SOCK_DGRAM)
s.bind(("127.0.0.1", 0))
s.close()
print(b"message".decode().upper())
"""


def rehearse(recorder: Recorder) -> None:
    """Run a small program some times: then the interpreter has prepared what every program runs, and no child need.

    It saves them a tenth of their time (measured).
    """
    kept = sys.modules["__main__"], sys.argv, sys.path[:], sys.stdout
    ended: list[BaseException] = []
    for _ in range(TIMES):
        sys.stdout = io.StringIO()
        recorder.attach(mmap.mmap(-1, 1 << 16), "/tmp/1/program.py")
        _execute("/tmp/1/program.py", _REHEARSAL, ended)
    recorder.detach()
    sys.modules["__main__"], sys.argv, sys.path[:], sys.stdout = kept
    if ended:
        raise ended[0]


def run(path: str, source: bytes, recorder: Recorder) -> NoReturn:
    """Run ``source`` as the script ``path`` in this process, and end the process as Python would."""
    ended: list[BaseException] = []
    _execute(path, source, ended)
    status = _end(ended.pop(), path, recorder) if ended else 0
    recorder.write(event="ended", at=recorder.now())
    if threading := sys.modules.get("threading"):  # not imported here: it makes every fork slower
        try:
            threading._shutdown()  # waits for the program's threads, as the end of a script does
        except BaseException:  # noqa: BLE001  a broken thread at the very end
            status = status or 1
    atexit._run_exitfuncs()
    _flush()
    _let_go()
    _flush()
    if status == _INTERRUPTED and os.name == "posix":
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    os._exit(130 if status == _INTERRUPTED else status)


_CODE: dict[tuple[str, bytes], CodeType] = {}


def _compiled(path: str, source: bytes) -> CodeType:
    code: CodeType = compile(source, path, "exec", dont_inherit=True)
    return code


def compile_for_later(path: str, source: bytes) -> None:
    """Compile a program that may be run again by children of this process; not where anything is to be said about it.

    A child would take 0.3 ms for it (measured), and a program is run in a dozen checks.
    """
    if (path, source) in _CODE:
        return
    screen, sys.stderr = sys.stderr, io.StringIO()
    try:
        code = _compiled(path, source)
        if not sys.stderr.getvalue():  # a warning is printed by each
            _CODE[path, source] = code
    except Exception:  # noqa: BLE001  a program that is none says so itself when it is run
        return
    finally:
        sys.stderr = screen


_INTERRUPTED = -2  # by the signal that an uncaught KeyboardInterrupt ends with


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):  # closed or replaced by the program
            continue


def _let_go() -> None:
    """Let go of the program's globals, as the interpreter does at its end: files are written out, ``__del__`` runs.

    A warning of something left open names ``sys`` there, and is worded without the module ``warnings``.
    """
    try:
        for name in _LAST:
            vars(sys).pop(name, None)
        sys.modules["warnings"] = None  # type: ignore[assignment]  # what the interpreter puts there
        exec(_LETTING_GO, {"__name__": "sys", "modules": sys.modules, "collect": gc.collect})
    except BaseException:  # noqa: BLE001  a signal's handler of the program's, at its very end
        return


_OF_C = socket.SocketType  # past what a program's own classes do
_LAST = ("last_exc", "last_type", "last_value", "last_traceback")
_LETTING_GO = compile("collect(); modules.pop('__main__', None); collect()", "sys", "exec")
if sys.version_info >= (3, 13):
    _LETTING_GO = _LETTING_GO.replace(co_filename="<sys>", co_firstlineno=0)


def _execute(path: str, source: bytes, ended: list[BaseException]) -> None:
    """Run the program; keep what ended it in a list, as no frame below the program's may hold it."""
    module = ModuleType("__main__")
    module.__file__ = path
    vars(module).update(__builtins__=builtins, __loader__=SourceFileLoader("__main__", path), __cached__=None)
    if sys.version_info < (3, 14):
        module.__annotations__ = {}
    sys.modules["__main__"] = module
    sys.argv = [path]
    sys.path[0:1] = [os.path.dirname(path)]
    try:
        exec(_CODE.get((path, source)) or _compiled(path, source), module.__dict__)
    except BaseException as error:  # noqa: BLE001  whatever ends a program is what we are here to report
        ended.append(error.with_traceback(_trimmed(error.__traceback__)))


def _end(error: BaseException, path: str, recorder: Recorder) -> int:
    """Do what the interpreter does about the exception that ended a program; give the exit status."""
    if isinstance(error, SystemExit):
        return _exit_status(error.code)
    _write_down(error, path, recorder)
    last = (error, type(error), error, error.__traceback__)
    for name, value in zip(_LAST, last, strict=True):
        if name != "last_exc" or sys.version_info >= (3, 12):
            setattr(sys, name, value)
    try:
        sys.excepthook(type(error), error, error.__traceback__)
    except SystemExit as leaving:
        return _exit_status(leaving.code)
    except BaseException as failed:  # noqa: BLE001  a program's own excepthook may raise anything
        print("Error in sys.excepthook:", file=sys.stderr)
        failed.__traceback__ = _trimmed(failed.__traceback__)
        sys.__excepthook__(type(failed), failed, failed.__traceback__)
        print("\nOriginal exception was:", file=sys.stderr)
        sys.__excepthook__(type(error), error, error.__traceback__)
    return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1


def _exit_status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code & 0xFF
    print(code, file=sys.stderr)
    return 1


def _write_down(error: BaseException, path: str, recorder: Recorder) -> None:
    """Have the record say what ended the program, and on which lines."""
    lines = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    line = lines[-1] if lines else None
    if isinstance(error, SyntaxError) and error.filename == path:
        line = error.lineno
    try:
        message = str(error)
    except BaseException:  # noqa: BLE001  a program's own __str__ may raise anything
        message = ""
    recorder.write(event="end", type=type(error).__name__, message=message[:2000], line=line, lines=lines[:50])


_OURS = {each.__code__.co_filename for each in (run, Recorder.write)}


def _trimmed(trace: TracebackType | None) -> TracebackType | None:
    """Leave out the frames of this launcher and of the recorder."""
    while trace is not None and trace.tb_frame.f_code.co_filename in _OURS:
        trace = trace.tb_next
    at = trace
    while at is not None:
        while at.tb_next is not None and at.tb_next.tb_frame.f_code.co_filename in _OURS:
            at.tb_next = at.tb_next.tb_next
        at = at.tb_next
    return trace


def open_standard_streams() -> None:
    """Make ``sys.stdin`` and the others anew on descriptors 0, 1 and 2.

    Unbuffered, like ``python -u``: what a program printed before it was ended is on its screen.
    """
    sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)
    keyboard: Any = sys.stdin.buffer
    keyboard.raw.name = "<stdin>"
    sys.stdout, sys.stderr = (_screen(1, "strict"), _screen(2, "backslashreplace"))
    sys.__stdin__, sys.__stdout__, sys.__stderr__ = sys.stdin, sys.stdout, sys.stderr  # type: ignore[misc]  # final, says typeshed


def _screen(fd: int, errors: str) -> Any:
    raw: Any = io.FileIO(fd, "w", closefd=False)
    raw.name = "<stdout>" if fd == 1 else "<stderr>"
    screen: Any = io.TextIOWrapper(raw, encoding="utf-8", errors=errors, line_buffering=True, write_through=True)
    screen.mode = "w"
    return screen


def reuse_address(sock: socket.socket) -> None:
    """Let a server bind its port while connections of the last check are in TIME_WAIT.

    Only on the real loopback, where all checks share port 12000; in a private network nothing is left over.
    """
    if _OF_C.type.__get__(sock) == socket.SOCK_STREAM:
        _OF_C.setsockopt(sock, socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)


def main(record: str, program: str) -> NoReturn:
    """Run ``program``, a path, in this fresh interpreter, with its record in the file ``record``."""
    open_standard_streams()
    recorder = prepare()
    with open(record, "r+b") as file:
        mapping = mmap.mmap(file.fileno(), 0)
    with open(program, "rb") as file:
        source = file.read()
    if os.name == "posix":
        os.closerange(3, 16)  # the mapping does without the descriptor that it keeps
        recorder.before["bind"] = reuse_address
    recorder.attach(mapping, program)
    sys.modules.pop("recorder", None)  # a student's own module of that name must be found before ours
    run(program, source, recorder)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
