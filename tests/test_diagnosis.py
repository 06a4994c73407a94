"""The causes that are named: for real exceptions of this Python, and for what a check may have seen."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.diagnosis import CAUSES, Evidence, ExceptionSeen, diagnose, findings, static_problem
from grading.results import Feedback
from grading.transcript import Call

RUNNER = """
import json, sys, traceback
path = sys.argv[1]
try:
    exec(compile(open(path).read(), path, "exec"), {"__name__": "__main__"})
except BaseException as error:
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    traceback.print_exc()
    print("@" + json.dumps([type(error).__name__, str(error), lines]))
"""

UDP = "from socket import *\ns = socket(AF_INET, SOCK_DGRAM)\n"
TCP = "from socket import *\ns = socket(AF_INET, SOCK_STREAM)\n"
PLAIN = "import socket\n"
PAIR = UDP + "s.bind(('127.0.0.1', 0))\ns.sendto(b'hello', s.getsockname())\n"
WELCOME = TCP + "s.bind(('127.0.0.1', 0))\ns.listen(1)\nc = create_connection(s.getsockname())\nc.sendall(b'hello')\n"


def run(tmp_path: Path, source: str) -> tuple[ExceptionSeen | None, str]:
    """Run a program, and give the exception that ended it and its screen."""
    path = tmp_path / "program.py"
    path.write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-I", "-c", RUNNER, str(path)],
        input="typed\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=30,
        check=False,
    )
    found = re.search(r"^@(\[.*\])$", done.stdout, re.MULTILINE)
    if found is None:
        return None, done.stdout
    kind, message, lines = json.loads(found[1])
    seen = ExceptionSeen(kind, message, lines[-1] if lines else None, tuple(lines))
    return seen, done.stdout.replace(found[0], "")


def evidence(
    program: str,
    source: str,
    suspect: str = "hang",
    *,
    exception: ExceptionSeen | None = None,
    exit_status: int | None = None,
    screen: str = "",
    happened: str = "",
    calls: tuple[Call, ...] = (),
    waits: tuple[str, str] | None = None,
) -> Evidence:
    return Evidence(
        program=program,
        file="program.py",
        source=source,
        suspect=suspect,
        expected="",
        happened=happened,
        exception=exception,
        exit_status=1 if exception else exit_status,
        screen=screen,
        calls=calls,
        waits_in=waits[0] if waits else None,
        waits_on=waits[1] if waits else None,
    )


def marked(source: str) -> int | None:
    """Give the line that ends in ``# <-``."""
    lines = source.split("\n")
    return next((number for number, line in enumerate(lines, 1) if line.endswith("# <-")), None)


# Programs that end by an exception: the cause, the program's role, its text. `# <-` marks the line to name.
RAISING = {
    "todo": ("not-started", "udp_server", UDP + 'raise NotImplementedError("TODO 3: bind the socket")  # <-'),
    "raw_input": ("python-2", "udp_client", UDP + "message = raw_input('> ')  # <-"),
    "print to a file": ("python-2", "udp_client", "import sys\nprint >>sys.stderr, 'ready'  # <-"),
    "constant alone": ("socket-prefix", "udp_server", PLAIN + "s = socket.socket(AF_INET, SOCK_DGRAM)  # <-"),
    "module called": ("socket-prefix", "tcp_client", PLAIN + "s = socket(socket.AF_INET)  # <-"),
    "class asked": ("socket-prefix", "tcp_client", "from socket import *\ns = socket.socket(AF_INET)  # <-"),
    "constant of the class": (
        "socket-prefix",
        "tcp_client",
        "from socket import *\ns = socket(socket.AF_INET)  # <-",
    ),
    "alias": ("socket-prefix", "udp_client", "import socket as net\ns = net.socket(AF_INET)  # <-"),
    "misspelt": ("undefined-name", "udp_client", UDP + "S.close()  # <-"),
    "not imported": ("undefined-name", "udp_client", "from socket import socket\ns = socket(AF_INET)  # <-"),
    "no import": ("undefined-name", "udp_client", "s = socket(AF_INET, SOCK_DGRAM)  # <-"),
    "own name after import": ("undefined-name", "udp_client", PLAIN + "print(mesage)  # <-"),
    "unbound local": ("undefined-name", "udp_client", "def f():\n    n += 1  # <-\n    n = 0\nf()"),
    "text sent": ("missing-encode", "tcp_client", WELCOME + "c.send('hello')  # <-"),
    "text to sendto": ("missing-encode", "udp_client", UDP + "s.sendto(input(), ('127.0.0.1', 9))  # <-"),
    "text to sendall": ("missing-encode", "tcp_client", WELCOME + "c.sendall(input().upper())  # <-"),
    "over two lines": ("missing-encode", "udp_client", UDP + "s.sendto(  # <-\n  'a', ('127.0.0.1', 9))"),
    "newline added": ("missing-encode", "tcp_client", WELCOME + "c.send(input().encode() + '\\n')  # <-"),
    "bytes of text": ("missing-encode", "tcp_client", "data = bytes(input())  # <-"),
    "encode not called": ("missing-encode", "tcp_client", WELCOME + "c.send('a'.encode)  # <-"),
    "bytes added": ("missing-decode", "udp_client", PAIR + "m, a = s.recvfrom(9)\nprint('From: ' + m)  # <-"),
    "text in bytes": ("missing-decode", "udp_client", PAIR + "m, a = s.recvfrom(9)\nprint('h' in m)  # <-"),
    "text replaced": (
        "missing-decode",
        "udp_server",
        PAIR + "m, a = s.recvfrom(9)\ns.sendto(m.replace('a', 'b'), a)  # <-",
    ),
    "text method": ("missing-decode", "udp_client", PAIR + "m, a = s.recvfrom(9)\nm.casefold()  # <-"),
    "class's method": ("missing-decode", "udp_client", PAIR + "m, a = s.recvfrom(9)\nstr.upper(m)  # <-"),
    "joined": ("missing-decode", "udp_client", PAIR + "m, a = s.recvfrom(9)\n''.join([m])  # <-"),
    "encoded twice": ("encode-on-bytes", "udp_client", UDP + "m = input().encode()\nm.encode()  # <-"),
    "decoded twice": (
        "encode-on-bytes",
        "udp_client",
        PAIR + "m = s.recv(9).decode()\nprint(m.decode())  # <-",
    ),
    "bytes again": ("encode-on-bytes", "udp_client", "bytes(b'a', 'utf-8')  # <-"),
    "text again": ("encode-on-bytes", "udp_client", "str('a', 'utf-8')  # <-"),
    "pair decoded": ("tuple-not-unpacked", "udp_client", PAIR + "m = s.recvfrom(9)\nprint(m.decode())  # <-"),
    "pair at once": ("tuple-not-unpacked", "udp_client", PAIR + "print(s.recvfrom(9).decode())  # <-"),
    "pair as a socket": ("tuple-not-unpacked", "tcp_server", WELCOME + "c = s.accept()\nc.recv(9)  # <-"),
    "pair sent": ("tuple-not-unpacked", "udp_server", PAIR + "m = s.recvfrom(9)\ns.sendto(m, m[1])  # <-"),
    "pair as address": (
        "tuple-not-unpacked",
        "udp_server",
        PAIR + "m = s.recvfrom(9)\ns.sendto(m[0], m)  # <-",
    ),
    "address decoded": (
        "swapped-unpack",
        "udp_client",
        PAIR + "a, m = s.recvfrom(9)  # <-\nprint(m.decode())",
    ),
    "address as a socket": ("swapped-unpack", "tcp_server", WELCOME + "a, c = s.accept()  # <-\nc.recv(9)"),
    "answer to bytes": (
        "swapped-unpack",
        "udp_server",
        PAIR + "a, m = s.recvfrom(9)  # <-\ns.sendto(b'x', a)",
    ),
    "wrong half": ("swapped-unpack", "udp_client", PAIR + "m = s.recvfrom(9)\nprint(m[1].decode())  # <-"),
    "bind two": ("address-not-tuple", "tcp_server", TCP + "s.bind('', 0)  # <-"),
    "connect two": ("address-not-tuple", "tcp_client", TCP + "s.connect('127.0.0.1', 12000)  # <-"),
    "sendto three": ("address-not-tuple", "udp_client", UDP + "s.sendto(b'a', '127.0.0.1', 12000)  # <-"),
    "host alone": ("address-not-tuple", "udp_client", UDP + "s.sendto(b'a', '127.0.0.1')  # <-"),
    "port alone": ("address-not-tuple", "udp_server", UDP + "s.bind((12000))  # <-"),
    "list": ("address-not-tuple", "tcp_client", TCP + "s.connect(['127.0.0.1', 12000])  # <-"),
    "port in quotes": ("port-not-int", "udp_server", UDP + "port = '12000'  # <-\ns.bind(('', port))"),
    "port typed": ("port-not-int", "udp_client", UDP + "p = input()\ns.sendto(b'a', ('127.0.0.1', p))  # <-"),
    "port first": ("port-not-int", "udp_server", UDP + "s.bind((12000, ''))  # <-"),
    "datagrams listen": ("wrong-socket-type", "tcp_server", UDP.strip() + "  # <-\ns.listen(1)"),
    "stream receives": ("wrong-socket-type", "udp_server", TCP.strip() + "  # <-\ns.recvfrom(9)"),
    "stream by default": (
        "wrong-socket-type",
        "udp_server",
        "import socket\ns = socket.socket()  # <-\ns.recvfrom(9)",
    ),
    "stream sends": (
        "wrong-socket-type",
        "udp_client",
        TCP.strip() + "  # <-\ns.sendto(b'a', ('127.0.0.1', 9))",
    ),
    "nowhere": ("no-destination", "udp_client", UDP + "s.send(b'a')  # <-"),
    "no address": ("no-destination", "udp_client", UDP + "s.sendto(b'a')  # <-"),
    "port taken": (
        "client-binds-port",
        "udp_client",
        UDP + "t = socket(AF_INET, SOCK_DGRAM)\nt.bind(('127.0.0.1', 0))\ns.bind(t.getsockname())  # <-",
    ),
    "refused": ("wrong-port", "tcp_client", TCP + "port = 1  # <-\ns.connect(('127.0.0.1', port))"),
    "port too large": ("wrong-port", "tcp_server", TCP + "s.bind(('', 120000))  # <-"),
    "no such name": (
        "wrong-host",
        "tcp_client",
        "from socket import *\ngetaddrinfo('servername', 12000, 0, 0, 0, AI_NUMERICHOST)  # <-",
    ),
    "label too long": ("wrong-host", "tcp_client", TCP + "s.connect(('x' * 64 + '.a', 12000))  # <-"),
    "somebody's address": ("wrong-host", "tcp_server", TCP + "s.bind(('203.0.113.7', 0))  # <-"),
    "not connected": ("missing-connect", "tcp_client", TCP + "s.send(b'a')  # <-"),
    "connected later": (
        "missing-connect",
        "tcp_client",
        TCP + "s.recv(9)  # <-\ns.connect(('127.0.0.1', 12000))",
    ),
    "not listening": ("missing-listen", "tcp_server", TCP + "s.bind(('127.0.0.1', 0))\ns.accept()  # <-"),
    "listens later": ("missing-listen", "tcp_server", TCP + "s.bind(('', 0))\ns.accept()  # <-\ns.listen()"),
    "never accepts": ("missing-accept", "tcp_server", TCP + "s.bind(('', 0))\ns.listen()\ns.recv(9)  # <-"),
    "closes the wrong one": (
        "welcoming-socket-closed",
        "tcp_server",
        WELCOME + "while True:\n    d, a = s.accept()\n    d.send(d.recv(9))\n    s.close()  # <-",
    ),
    "accepts once": (
        "stuck-on-first-client",
        "tcp_server",
        WELCOME + "d, a = s.accept()  # <-\nwhile True:\n    d.send(d.recv(9))\n    d.close()",
    ),
    "connect not called": ("missing-connect", "tcp_client", TCP + "s.connect  # <-\ns.send(b'a')"),
    "another socket connected": (
        "missing-connect",
        "tcp_client",
        TCP + "s.bind(('127.0.0.1', 0))\ns.listen()\na = socket()\na.connect(s.getsockname())\n"
        "b = socket()\nb.recv(9)  # <-",
    ),
    "listen not called": (
        "missing-listen",
        "tcp_server",
        TCP + "s.bind(('127.0.0.1', 0))\ns.listen  # <-\ns.accept()",
    ),
    "accept not called": (
        "missing-accept",
        "tcp_server",
        TCP + "s.bind(('127.0.0.1', 0))\ns.listen()\nc = s.accept  # <-\nc.recv(9)",
    ),
    "accept not called, unpacked": (
        "missing-accept",
        "tcp_server",
        TCP + "s.bind(('127.0.0.1', 0))\ns.listen()\nc, a = s.accept  # <-",
    ),
    "one name for two sockets": (
        "welcoming-socket-closed",
        "tcp_server",
        WELCOME + "while True:\n    s, a = s.accept()  # <-\n    s.close()",
    ),
    "one attribute for two sockets": (
        "welcoming-socket-closed",
        "tcp_server",
        WELCOME + "class C: pass\nx = C()\nx.s = s\ndel s\nwhile True:\n    x.s, a = x.s.accept()  # <-",
    ),
    "host for a pair": (
        "address-not-tuple",
        "tcp_client",
        PLAIN + "s = socket.create_connection('localhost', 12000)  # <-",
    ),
    "text to a file of bytes": ("missing-encode", "tcp_client", WELCOME + "c.makefile('wb').write('a')  # <-"),
    "bytes to a file of text": ("missing-decode", "tcp_client", "import sys\nsys.stdout.write(b'a')  # <-"),
    "address given to send": (
        "no-destination",
        "udp_server",
        PAIR + "m, a = s.recvfrom(9)\ns.send(m.upper(), a)  # <-",
    ),
    "address given to sendall": (
        "no-destination",
        "udp_client",
        UDP + "s.sendall(input().encode(), ('127.0.0.1', 12000))  # <-",
    ),
    "data alone on a connection": ("no-destination", "tcp_client", WELCOME + "c.sendto(b'a')  # <-"),
    "message as the address": (
        "address-not-tuple",
        "udp_server",
        PAIR + "m, a = s.recvfrom(9)\nr = m.decode().upper()\ns.sendto(r.encode(), m)  # <-",
    ),
    "address first by its name": (
        "swapped-unpack",
        "udp_server",
        PAIR + "client_address, m = s.recvfrom(9)  # <-\nprint(client_address[0])\ns.sendto(m.decode().encode(), m)",
    ),
    "address sent, not connected": ("missing-connect", "tcp_client", TCP + "s.sendto(('127.0.0.1', 12000))  # <-"),
    "type in the place of the family": (
        "wrong-socket-type",
        "tcp_server",
        "from socket import *\ns = socket(SOCK_STREAM, AF_INET)  # <-\ns.bind(('', 0))",
    ),
    "type alone": (
        "wrong-socket-type",
        "tcp_client",
        PLAIN + "s = socket.socket(socket.SOCK_STREAM)  # <-\ns.connect(('127.0.0.1', 12000))",
    ),
    "listens, then binds": ("missing-bind", "tcp_server", TCP + "s.listen(1)  # <-\ns.bind(('127.0.0.1', 0))"),
    "server connects": ("missing-bind", "tcp_server", TCP + "s.connect(('127.0.0.1', 12000))  # <-\ns.listen(1)"),
    "host twice": (
        "port-not-int",
        "tcp_client",
        TCP + "host = '127.0.0.1'\nport = 12000\ns.connect((host, host))  # <-",
    ),
    # Near misses: an exception that looks like one of the above and is not.
    "wrong name on the line": (
        "crash",
        "udp_server",
        PAIR + "message, address = s.recvfrom(9)\nreply = address.decode()  # <-\ns.sendto(reply.encode(), address)",
    ),
    "wrong name on the line, short names": (
        "crash",
        "udp_server",
        PAIR + "m, a = s.recvfrom(9)\nr = a.upper()  # <-\ns.sendto(r, a)",
    ),
    "wrong name on the line, no other use": (
        "crash",
        "udp_client",
        PAIR + "m, server_address = s.recvfrom(9)\nprint(server_address.decode())  # <-",
    ),
    "address for the connection": (
        "crash",
        "tcp_server",
        WELCOME + "d, a = s.accept()\nd.recv(9)\na.send(b'a')  # <-",
    ),
    "address for its text": ("crash", "tcp_server", WELCOME + "d, a = s.accept()\nd.send(b'x')\na.upper()  # <-"),
    "address for the socket": ("crash", "udp_server", PAIR + "m, a = s.recvfrom(9)\nm.upper()\na.sendto(m, a)  # <-"),
    "one name for both halves": ("crash", "udp_server", PAIR + "m, m = s.recvfrom(9)\nm.decode()  # <-"),
    "address before the data": ("crash", "udp_server", PAIR + "m, a = s.recvfrom(9)\ns.sendto(a, m.upper())  # <-"),
    "address alone": ("crash", "udp_client", UDP + "to = ('127.0.0.1', 9)\ns.sendto(to)  # <-"),
    "size given to sendto": ("crash", "udp_client", UDP + "m, a = s.sendto(2048)  # <-"),
    "address given to send, on a connection": ("crash", "tcp_client", WELCOME + "c.send(b'a', ('', 12000))  # <-"),
    "flags that are text": ("crash", "tcp_client", WELCOME + "c.send(b'a', 'b')  # <-"),
    "number as the host": ("crash", "tcp_client", TCP + "s.connect((12000, 12000))  # <-"),
    "another family": ("crash", "tcp_client", "from socket import *\ns = socket(AF_UNIX)\ns.connect(('', 1))  # <-"),
    "binds twice": ("crash", "tcp_server", TCP + "s.bind(('', 0))\ns.listen()\ns.bind(('', 0))  # <-"),
    "client connects, then binds": ("crash", "udp_client", UDP + "s.connect(('127.0.0.1', 9))\ns.bind(('', 0))  # <-"),
    "own error": ("crash", "udp_client", "raise ValueError('TODO 3: no such thing')  # <-"),
    "system refuses": (
        "crash",
        "tcp_server",
        TCP + "s.bind(('127.0.0.1', 0))\ns.bind(('127.0.0.1', 0))  # <-",
    ),
    "accepts once by that name": (
        "crash",
        "tcp_server",
        WELCOME + "s, a = s.accept()\ns.close()\ns.recv(9)  # <-",
    ),
    "list of three": ("crash", "tcp_client", "a, b = 1, 2, 3  # <-"),
    "receive not called": ("crash", "udp_server", UDP + "m, a = s.recvfrom  # <-"),
    "does not block": ("crash", "udp_client", UDP + "s.setblocking(False)\ns.recvfrom(9)  # <-"),
    "closed by with": ("crash", "udp_client", UDP + "with s:\n    pass\ns.recvfrom(9)  # <-"),
    "not awaited": ("crash", "tcp_client", "async def f(): pass\nc = f()\na, b = c  # <-\nc.close()"),
    "package not installed": ("crash", "udp_client", "import numpy_of_nobody  # <-"),
    "out of memory": ("out-of-memory", "udp_server", "x = bytearray(1 << 60)  # <-"),
    "no more threads": ("too-many-processes", "tcp_server", 'raise RuntimeError("can\'t start new thread")  # <-'),
    "no more processes": (
        "too-many-processes",
        "udp_server",
        UDP + "import functools, os\ns.bind(('127.0.0.1', 0))\ns.setblocking(False)\n"
        "os.fork = functools.partial(s.recv, 1)\nos.fork()  # <-",
    ),
    "file too large": ("too-much-output", "udp_server", "raise OSError(27, 'File too large')  # <-"),
    "disk full": ("too-much-output", "udp_server", "raise OSError(28, 'No space left on device')  # <-"),
    "own tuple": ("crash", "udp_client", "point = (1, 2)\npoint.x  # <-"),
    "number sent": ("crash", "tcp_client", WELCOME + "c.send(5)  # <-"),
    "upper not called": ("crash", "udp_client", "'a'.upper.encode()  # <-"),
    "text as a number": ("crash", "udp_client", "range('5')  # <-"),
    "unpacks bytes": ("crash", "udp_server", PAIR + "m, a = s.recv(9)  # <-"),
    "welcoming socket talks": ("crash", "tcp_server", WELCOME + "d, a = s.accept()\ns.recv(9)  # <-"),
    "closed too early": ("crash", "udp_client", UDP + "s.close()\ns.recvfrom(9)  # <-"),
    "misspelt method": ("crash", "udp_client", UDP + "s.sentto(b'a', ('127.0.0.1', 9))  # <-"),
    "misspelt constant": ("crash", "udp_client", PLAIN + "socket.SOCK_DGRM  # <-"),
    "index": ("crash", "udp_server", "b''[0]  # <-"),
    "right port refused": (
        "crash",
        "tcp_client",
        TCP + "raise ConnectionRefusedError(111, 'Connection refused')  # <-",
    ),
}


@pytest.mark.parametrize("case", RAISING)
def test_a_real_exception_is_named_with_its_line_also_from_the_screen(tmp_path: Path, case: str) -> None:
    cause, program, source = RAISING[case]
    exception, screen = run(tmp_path, source)
    assert exception is not None
    feedback = diagnose(evidence(program, source, exception=exception))
    assert (feedback.cause, feedback.line) == (cause, marked(source)), feedback
    in_a_thread = diagnose(evidence(program, source, "no-reply", screen=f"ready\n{screen}\n"))
    assert (in_a_thread.cause, in_a_thread.line) == (cause, marked(source)), screen
    assert feedback.source == source.split("\n")[(feedback.line or 1) - 1].strip()
    assert feedback.advice
    assert feedback.read.startswith("notebooks/")


def test_sentences_carry_the_program_s_own_values(tmp_path: Path) -> None:
    source = UDP + "port = '12000'\ns.bind(('', port))"
    exception, _ = run(tmp_path, source)
    feedback = diagnose(evidence("udp_server", source, exception=exception))
    assert "'12000'" in feedback.happened
    assert "line 3" in feedback.happened
    source = UDP + "print(mesage)"
    exception, _ = run(tmp_path, source)
    assert "`mesage`" in diagnose(evidence("udp_client", source, exception=exception)).happened


def test_a_caught_and_printed_exception_is_found_by_its_message() -> None:
    source = TCP + "try:\n    s.connect(('', 12000))\n    s.send(input())  # <-\nexcept Exception as e:\n    print(e)"
    seen = evidence("tcp_client", source, "nothing-sent", exit_status=0)
    printed = Evidence(**{**vars(seen), "screen": "Error: a bytes-like object is required, not 'str'\n"})
    assert (diagnose(printed).cause, diagnose(printed).line) == ("missing-encode", marked(source))


def test_an_exception_that_was_swallowed_is_found_in_the_record() -> None:
    source = UDP + "try:\n    s.send(b'a')  # <-\nexcept:\n    pass"
    call = Call("send", 3, ("b'a'",), 4, error="OSError: [Errno 89] Destination address required")
    feedback = diagnose(evidence("udp_client", source, "nothing-sent", exit_status=0, calls=(call,)))
    assert (feedback.cause, feedback.line) == ("no-destination", marked(source))


@pytest.mark.parametrize("kind", ["EOFError", "KeyboardInterrupt", "TimeoutError"])
def test_an_exception_that_explains_nothing_leaves_it_to_the_check(kind: str) -> None:
    source = UDP + "print(input())"
    seen = ExceptionSeen(kind, "EOF when reading a line", 3, (3,))
    assert diagnose(evidence("udp_client", source, "ignores-input", exception=seen)).cause == "ignores-input"
    assert diagnose(evidence("udp_client", source, "crash", exception=seen)).cause == "crash"


def test_an_exception_after_a_wrong_act_does_not_explain_the_act() -> None:
    seen = ExceptionSeen("AttributeError", "'str' object has no attribute 'decode'", 3, (3,))
    source = UDP + "print(s.recv(9).decode().decode())\n"
    assert diagnose(evidence("udp_client", source, "wrong-port", exception=seen)).cause == "wrong-port"
    assert diagnose(evidence("udp_client", source, "reply-not-printed", exception=seen)).cause == "encode-on-bytes"


def test_the_other_end_s_leaving_does_not_explain_a_wrong_answer() -> None:
    seen = ExceptionSeen("ConnectionResetError", "[Errno 104] Connection reset by peer", 3, (3,))
    assert diagnose(evidence("tcp_server", TCP + "s.recv(9)", "extra-text", exception=seen)).cause == "extra-text"
    assert diagnose(evidence("tcp_server", WELCOME, "one-client-only", exception=seen)).cause == "crash"


STATIC = {
    "print": ("python-2", 2, "x = 1\nprint 'hello'\n"),
    "print a name": ("python-2", 1, "print x, y\n"),
    "print after a colon": ("python-2", 1, "if 1: print x\n"),
    "except with a comma": ("python-2", 3, "try:\n    pass\nexcept socket.error, e:\n    print(e)\n"),
    "raise with a comma": ("python-2", 1, "raise ValueError, 'x'\n"),
    "python 2 before the colon": ("python-2", 3, "while True\n    x = 1\n    print x\n"),
    "no colon": ("syntax-error", 1, "while True\n    x = 1\n"),
    "bracket": ("syntax-error", 1, "s.bind(('', 12000)\nx = 1\n"),
    "quote": ("syntax-error", 1, "print('x)\n"),
    "indentation": ("syntax-error", 2, "x = 1\n  y = 2\n"),
    "tabs": ("syntax-error", 3, "if 1:\n\tx = 1\n        y = 2\n"),
    "return": ("syntax-error", 1, "return 1\n"),
    "quotes of a word processor": ("syntax-error", 1, "print(“x”)\n"),
    "print in a text only": ("syntax-error", 4, '"""\nprint the answer\n"""\nwhile True\n    pass\n'),
    "print as a value": ("syntax-error", 2, "f = print\nwhile print in names\n    pass\n"),
}


@pytest.mark.parametrize("case", STATIC)
def test_a_program_that_cannot_be_compiled(case: str) -> None:
    cause, line, source = STATIC[case]
    if case == "except with a comma" and sys.version_info >= (3, 14):
        source += "while\n"  # without `as` it compiles there
    for text in (source, source.encode()):
        feedback = static_problem(text, "udp_server.py", "udp_server")
        assert feedback is not None
        assert (feedback.cause, feedback.line) == (cause, line), feedback
        assert feedback.source == source.split("\n")[line - 1].strip()


def test_python_s_own_message_is_shown() -> None:
    feedback = static_problem("while True\n    pass\n", "a.py")
    assert feedback is not None
    assert "expected ':'" in feedback.happened


def test_bytes_that_are_no_text_are_a_syntax_error_with_their_line() -> None:
    feedback = static_problem("x = 1\n# café\n".encode("latin-1"), "a.py")
    assert feedback is not None
    assert (feedback.cause, feedback.line) == ("syntax-error", 2)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "print('x')\n",
        "try:\n    raw_input\nexcept NameError:\n    raw_input = input\n",
        "x = '\\d'\n",
        "# -*- coding: latin-1 -*-\n# caf\xe9\n",
        "print\n",
        "try:\n    pass\nexcept (OSError, ValueError) as e:\n    pass\n",
    ],
)
def test_a_program_that_compiles_has_no_static_problem(source: str) -> None:
    assert static_problem(source, "a.py") is None
    if "coding" in source:
        assert static_problem(source.encode("latin-1"), "a.py") is None


SERVE_TCP = "while True:\n    c, a = s.accept()\n    c.send(c.recv(1024).upper())\n    c.close()\n"
BOUND_TCP = TCP + "s.bind(('', 12000))\ns.listen(1)\n"
SERVE_UDP = "while True:\n    m, a = s.recvfrom(2048)\n    s.sendto(m.upper(), a)\n"
BOUND_UDP = UDP + "s.bind(('', 12000))\n"
ASK_UDP = "m = input()\ns.sendto(m.encode(), ('localhost', 12000))\n"
SHOW_UDP = "m, a = s.recvfrom(2048)\nprint(m.decode())\ns.close()\n"

# What the kernel shows: cause, program, suspicion, exit status, text.
KERNEL = [
    ("missing-bind", "udp_server", "hang", None, UDP + SERVE_UDP),
    ("missing-bind", "tcp_server", "wrong-port", None, TCP + "s.listen(1)\n" + SERVE_TCP),
    ("missing-bind", "udp_server", "hang", None, UDP + "s.bind\n" + SERVE_UDP),
    ("missing-bind", "udp_server", "hang", 0, UDP + "def main():\n    s.bind(('', 12000))\n"),
    ("missing-listen", "tcp_server", "hang", None, TCP + "s.bind(('', 12000))\ninput()\n"),
    ("missing-accept", "tcp_server", "no-reply", None, BOUND_TCP + "while True:\n    pass\n"),
    ("missing-connect", "tcp_client", "nothing-sent", 0, TCP + "s.connect\ninput()\n"),
    ("wrong-socket-type", "tcp_client", "nothing-sent", None, UDP + "s.connect(('', 12000))\ns.send(b'a')\n"),
    ("wrong-socket-type", "udp_server", "missing-bind", None, BOUND_TCP + SERVE_TCP),
    ("one-client-only", "tcp_server", "one-client-only", 0, BOUND_TCP + SERVE_TCP + "    break\n"),
    ("one-client-only", "tcp_server", "stuck-on-first-client", 0, BOUND_TCP + "c, a = s.accept()\n"),
    ("one-client-only", "udp_server", "one-client-only", None, BOUND_UDP + SERVE_UDP),
    ("stuck-on-first-client", "udp_server", "stuck-on-first-client", None, BOUND_UDP + SERVE_UDP),
    ("one-client-only", "tcp_server", "quits-on-empty-message", 0, BOUND_TCP + SERVE_TCP + "    break\n"),
    ("quits-on-empty-message", "udp_server", "quits-on-empty-message", 0,
     BOUND_UDP + "while True:\n    m, a = s.recvfrom(2048)\n    if not m:\n        break\n"),
    ("stuck-on-first-client", "tcp_server", "quits-on-empty-message", None, BOUND_TCP + SERVE_TCP),
    ("stuck-on-first-client", "udp_server", "no-reply", None,
     BOUND_UDP + "m, a = s.recvfrom(2048)\nwhile True:\n    s.sendto(m.upper(), a)\n"),
    ("stuck-on-first-client", "tcp_server", "hang", None,
     BOUND_TCP + "c, a = s.accept()\nwhile True:\n    c.send(c.recv(1024).upper())\n"),
    ("welcoming-socket-closed", "tcp_server", "one-client-only", None,
     BOUND_TCP + SERVE_TCP + "    s.close()\n"),
    ("no-reply", "tcp_server", "no-reply", None, BOUND_TCP + SERVE_TCP),
    ("hang", "tcp_server", "hang", None, BOUND_TCP + SERVE_TCP),
    ("nothing-sent", "udp_client", "nothing-sent", 0, UDP + "input()\n"),
    ("nothing-sent", "udp_client", "nothing-sent", None, UDP + SHOW_UDP),
    ("nothing-sent", "udp_client", "receive-before-send", None, UDP + SHOW_UDP),
    ("nothing-sent", "tcp_client", "receive-before-send", None,
     TCP + "s.connect(('', 12000))\nf = s.makefile('w')\nf.write(input())\ns.recv(9)\n"),
]  # fmt: skip


@pytest.mark.parametrize("case", KERNEL)
def test_what_the_kernel_shows(case: tuple[str, str, str, int | None, str]) -> None:
    cause, program, suspect, status, source = case
    assert diagnose(evidence(program, source, suspect, exit_status=status)).cause == cause


def test_a_client_that_receives_first_is_told_from_one_that_only_waits() -> None:
    waits = ("recv", "UDP port 0")
    first = evidence("udp_client", UDP + SHOW_UDP + ASK_UDP, "nothing-sent", waits=waits)
    assert (diagnose(first).cause, diagnose(first).line) == ("receive-before-send", 3)
    right_order = evidence("udp_client", UDP + ASK_UDP + SHOW_UDP, "nothing-sent", waits=("read", "keyboard"))
    assert diagnose(right_order).cause == "nothing-sent"


@pytest.mark.parametrize(
    "source",
    [
        BOUND_TCP + "def main():\n    while True:\n        c, a = s.accept()\nmain()\n",
        BOUND_TCP + "def one():\n    c, a = s.accept()\n    c.send(c.recv(9))\nwhile True:\n    one()\n",
        "import socketserver\nsocketserver.TCPServer(('', 12000), H).serve_forever()\n",
        "import socket\ns = socket.create_server(('', 12000))\n" + SERVE_TCP,
    ],
)
def test_other_ways_to_write_a_server_are_not_taken_for_a_missing_call(source: str) -> None:
    assert diagnose(evidence("tcp_server", source, "no-reply")).cause == "no-reply"


# What the counterpart saw: cause, line, program, suspicion, text, and what the check says.
WIRE = [
    ("wrong-port", 3, "udp_server", "wrong-port", UDP + "port = 12001\ns.bind(('', port))\n" + SERVE_UDP, ""),
    ("wrong-port", 3, "tcp_client", "wrong-port", TCP + "s.connect(('localhost', 1200))\n", ""),
    ("wrong-host", 3, "tcp_client", "wrong-host", TCP + "name = 'hostname'\ns.connect((name, 12000))\n", ""),
    ("wrong-destination", 6, "udp_server", "wrong-destination", BOUND_UDP + SERVE_UDP, ""),
    ("wrong-reply", 6, "udp_server", "wrong-reply", BOUND_UDP + SERVE_UDP, ""),
    ("wrong-reply", 6, "udp_server", "wrong-reply",
     BOUND_UDP + "while True:\n    m, a = s.recvfrom(9)\n    m.upper()\n    s.sendto(m, a)\n", ""),
    ("missing-decode", 6, "udp_server", "extra-text",
     BOUND_UDP + "while True:\n    m, a = s.recvfrom(9)\n    m = str(m)\n    s.sendto(m.encode(), a)\n",
     """The answer was b"B'SOME WORDS'"."""),
    ("close-not-called", 8, "tcp_server", "connection-not-closed",
     BOUND_TCP + SERVE_TCP.replace("close()", "close"), ""),
    ("connection-not-closed", 6, "tcp_server", "connection-not-closed", BOUND_TCP + SERVE_TCP, ""),
    ("buffer-too-small", 4, "udp_server", "buffer-too-small",
     BOUND_UDP + "m, a = s.recvfrom(100)\n", ""),
    ("quits-on-empty-message", 6, "udp_server", "quits-on-empty-message",
     BOUND_UDP + "while True:\n    m, a = s.recvfrom(2048)\n    if not m: break\n", ""),
    ("client-binds-port", 3, "udp_client", "client-binds-port", UDP + "s.bind(('', 5000))\n" + ASK_UDP, ""),
    ("missing-decode", 6, "udp_client", "missing-decode",
     UDP + ASK_UDP + "m, a = s.recvfrom(9)\nprint(m)\n", ""),
    ("sent-more-than-once", 5, "udp_client", "sent-more-than-once", UDP + ASK_UDP + "s.sendto(b'', x)\n", ""),
    ("ignores-input", 4, "udp_client", "ignores-input", UDP + ASK_UDP, ""),
    ("reply-not-printed", 5, "udp_client", "reply-not-printed", UDP + ASK_UDP + "s.recvfrom(9)\n", ""),
    ("missing-file", None, "udp_client", "missing-file", "", "udp_client.py is not in the submission."),
]  # fmt: skip


@pytest.mark.parametrize("case", WIRE)
def test_what_the_counterpart_saw(case: tuple[str, int | None, str, str, str, str]) -> None:
    cause, line, program, suspect, source, happened = case
    status = 0 if cause == "quits-on-empty-message" else None
    feedback = diagnose(evidence(program, source, suspect, happened=happened, exit_status=status))
    assert (feedback.cause, feedback.line) == (cause, line)
    assert happened in feedback.happened


def test_the_whole_pair_on_the_screen() -> None:
    seen = evidence("udp_client", UDP + ASK_UDP + "print(s.recvfrom(9))\n", "missing-decode", exit_status=0)
    seen = Evidence(**{**vars(seen), "screen": "(b'SOME WORDS', ('127.0.0.1', 12000))\n"})
    assert (diagnose(seen).cause, diagnose(seen).line) == ("tuple-not-unpacked", 5)


def test_a_server_that_is_busy_with_its_first_client_is_stuck_there() -> None:
    source = BOUND_TCP + "while True:\n    c, a = s.accept()\n    while True:\n        c.send(c.recv(1024).upper())\n"
    calls = (Call("accept", 3, (), 6, result="…"), Call("send", 4, ("b'A'",), 8, result="1"), Call("recv", 4, (), 8))
    feedback = diagnose(evidence("tcp_server", source, "hang", calls=calls))
    assert (feedback.cause, feedback.line) == ("stuck-on-first-client", 8)
    assert diagnose(evidence("tcp_server", source, "hang", calls=calls[:1])).cause == "hang"


def test_a_client_that_sends_a_fixed_text() -> None:
    source = UDP + "m = 'words'\ns.sendto(m.encode(), ('localhost', 12000))\n" + SHOW_UDP
    feedback = diagnose(evidence("udp_client", source, "reply-not-printed", exit_status=0))
    assert (feedback.cause, feedback.line) == ("ignores-input", 4)


def test_a_server_that_waits_before_it_comes_to_a_call_hangs() -> None:
    source = TCP + "s.bind(('', 12000))\ninput()\ns.listen(1)\n" + SERVE_TCP
    assert diagnose(evidence("tcp_server", source, "missing-listen", waits=("read", "keyboard"))).cause == "hang"
    assert diagnose(evidence("tcp_server", TCP, "missing-bind", waits=("lock", ""))).cause == "missing-bind"


def test_an_answer_that_is_cut_on_the_screen() -> None:
    source = UDP + ASK_UDP + "print(s.recv(100).decode())\n"
    seen = vars(evidence("udp_client", source, "reply-not-printed", exit_status=0))
    assert diagnose(Evidence(**{**seen, "screen": "> " + "A" * 100})).cause == "buffer-too-small"
    assert diagnose(Evidence(**{**seen, "screen": "> \n"})).cause == "reply-not-printed"


def test_every_cause_of_the_table_can_be_suspected_and_has_its_text() -> None:
    for slug, cause in CAUSES.items():
        assert cause.title
        assert "!" not in cause.title + cause.advice
        for program in ("udp_server", "tcp_client"):
            assert re.match(r"notebooks/0\d_\w+\.ipynb, step \d+ \(slide \".+\"\)$", str(cause.place(program)))
        source = TCP + "s.bind(('', 12000))\ns.listen(1)\n" + SERVE_TCP
        status = 1 if slug in {"crash", "quits-on-empty-message"} else None
        if slug == "buffer-too-small":
            source = source.replace("1024", "16")
        seen = Evidence("tcp_server", "a.py", source, slug, "It should.", "It did not.", exit_status=status)
        feedback = diagnose(seen)
        assert feedback.cause == slug
        assert feedback.happened.startswith("Expected: It should. It did not.")


ADVICE = {
    "package not installed": "the standard library alone",
    "receive not called": "parentheses",
    "does not block": "as it is made",
    "closed by with": "nothing is left to be done",
    "not awaited": "`await`",
    "unpacks bytes": "only `recvfrom`",
    "one name for two sockets": "a name of its own",
    "address given to send": "`sendto(data, address)`",
    "data alone on a connection": "`send(data)`",
    "address sent, not connected": "`connect((host, port))`",
    "message as the address": "other value that `recvfrom` returned: `a`",
    "type alone": "`socket(AF_INET, SOCK_STREAM)`",
    "listens, then binds": "`bind` first, and then `listen`",
    "wrong name on the line": "first value that `recvfrom` returned: `message`",
    "address for the connection": "first value that `accept` returned: `d`",
    "address for its text": "`recv` returned",
    "address for the socket": "call it on the socket",
    "one name for both halves": "different names",
    "address before the data": "the data first",
    "address alone": "the data first",
    "size given to sendto": "`recvfrom(2048)`",
    "address given to send, on a connection": "`send` takes the data alone",
    "number as the host": "the host is text",
}
"""What is said about these besides the advice of the cause."""


@pytest.mark.parametrize("case", ADVICE)
def test_advice_that_is_closer_than_the_table_s(tmp_path: Path, case: str) -> None:
    _, program, source = RAISING[case]
    exception, _ = run(tmp_path, source)
    assert ADVICE[case] in diagnose(evidence(program, source, exception=exception)).advice


def test_the_call_that_made_a_pair_is_named_and_not_another(tmp_path: Path) -> None:
    source = WELCOME + "d, a = s.accept()\nm = d.recvfrom(9).decode()"
    exception, _ = run(tmp_path, source)
    feedback = diagnose(evidence("tcp_server", source, exception=exception))
    assert feedback.cause == "tuple-not-unpacked"
    assert "`recvfrom` returned" in feedback.happened
    assert "call `recv`" in feedback.advice
    plain = source.replace("d, a = ", "d = ").replace("recvfrom(9).decode", "recv")
    exception, _ = run(tmp_path, plain)
    assert "`accept` returned" in diagnose(evidence("tcp_server", plain, exception=exception)).happened


@pytest.mark.parametrize("value", ["('localhost', 12000)", "1, 2"])
def test_a_tuple_of_the_program_s_own_is_no_pair_of_a_socket(tmp_path: Path, value: str) -> None:
    source = UDP + f"server = {value}\nserver.encode()"
    exception, _ = run(tmp_path, source)
    assert diagnose(evidence("udp_client", source, exception=exception)).cause == "crash"


def told(seen: Evidence, **more: object) -> tuple[str, int | None]:
    feedback = diagnose(Evidence(**{**vars(seen), **more}))
    return feedback.cause, feedback.line


CLIENT = "('127.0.0.1', 40000)"
RECEIVED = Call("recvfrom", 3, ("2048",), 5, result=f"(b'words', {CLIENT})")
WAITING = Call("recvfrom", 3, ("2048",), 5)


class TestRecordOfAnswers:
    """The record says what became of an answer that did not come: it names a closer cause, and decides nothing."""

    def seen(self, *sent: Call, suspect: str = "no-reply") -> tuple[str, int | None]:
        base = evidence("udp_server", BOUND_UDP + SERVE_UDP, suspect, waits=("recv", "UDP port 12000"))
        facts = {"client": CLIENT, "sent": "words", "expected_reply": "WORDS"}
        return told(base, facts=facts, calls=(*sent, WAITING), line=5)

    def sent(self, payload: str = "b'WORDS'", to: str = CLIENT) -> Call:
        return Call("sendto", 3, (payload, to), 6, result="5")

    def test_sent_to_somebody_else(self) -> None:
        assert self.seen(RECEIVED, self.sent(to="('127.0.0.1', 9)")) == ("wrong-destination", 6)

    def test_sent_to_the_client_and_to_somebody_else(self) -> None:
        assert self.seen(RECEIVED, self.sent(to="('127.0.0.1', 9)"), self.sent()) == ("no-reply", 5)

    def test_sent_again(self) -> None:
        old = (replace(RECEIVED, result=f"(b'others', {CLIENT})"), self.sent("b'OTHERS'"))
        for suspect in ("no-reply", "stuck-on-first-client"):
            assert self.seen(*old, RECEIVED, self.sent("b'OTHERS'"), suspect=suspect) == ("wrong-reply", 6)

    def test_not_sent(self) -> None:
        assert self.seen(RECEIVED) == ("no-reply", 5)
        assert self.seen(RECEIVED, replace(self.sent(), result=None)) == ("no-reply", 5)
        assert self.seen() == ("no-reply", 5)

    def test_back_at_its_receive_is_not_stuck(self) -> None:
        assert self.seen(RECEIVED, suspect="stuck-on-first-client") == ("no-reply", 5)

    def test_still_busy(self) -> None:
        base = evidence("udp_server", BOUND_UDP + SERVE_UDP, "stuck-on-first-client")
        sent = (RECEIVED, self.sent(to="('127.0.0.1', 9)"))
        assert told(base, facts={"client": CLIENT, "sent": "words"}, calls=sent)[0] == "stuck-on-first-client"

    def test_of_another_program_says_nothing(self) -> None:
        base = evidence("tcp_server", BOUND_TCP + SERVE_TCP, "no-reply", waits=("recv", "TCP connection"))
        sent = (RECEIVED, self.sent(to="('127.0.0.1', 9)"))
        assert told(base, facts={"client": CLIENT, "sent": "words"}, calls=sent)[0] == "no-reply"

    def test_several_datagrams_for_one(self) -> None:
        base = evidence("udp_server", BOUND_UDP + SERVE_UDP, "buffer-too-small")
        facts = {"client": CLIENT, "sent": "words", "received": "W"}
        pieces = (RECEIVED, self.sent("b'W'"), self.sent("b'O'"))
        assert told(base, facts=facts, calls=pieces) == ("sent-more-than-once", 6)
        assert told(base, facts=facts, calls=pieces[:2]) == ("wrong-reply", 6), "there was room enough"

    def test_a_socket_that_is_connected_to_one_client(self) -> None:
        body = "while True:\n    m, a = s.recvfrom(2048)\n    s.connect(a)\n    s.send(m.upper())\n"
        base = evidence("udp_server", BOUND_UDP + body, "stuck-on-first-client", waits=("recv", "UDP port 12000"))
        assert told(base) == ("stuck-on-first-client", 6)

    def test_a_thread_that_reads_on(self) -> None:
        source = "import socketserver\nclass H(socketserver.StreamRequestHandler):\n    def handle(self):\n"
        source += (
            "        self.wfile.write(self.rfile.readline())\nsocketserver.TCPServer(('', 12000), H).serve_forever()\n"
        )
        base = evidence("tcp_server", source, "hang")
        read = Call("recv_into", 4, (), 4, result="5")
        assert told(base, calls=(read, replace(read, result=None)), line=5) == ("no-reply", 4)
        assert told(base, calls=(read,), line=5) == ("hang", 5)
        assert told(base, calls=(read, replace(read, result=None, fd=5)), line=5) == ("hang", 5)


class TestEndings:
    """A server that ends in good order before any client came: whether its socket was seen or not."""

    def ended(
        self, program: str, source: str, suspect: str = "crash", *calls: str, left: bool = True, **more: object
    ) -> Feedback:
        made = tuple(Call(name, 3, (), None, result="None") for name in calls)
        more = {"facts": {"left": "12000"} if left else {}, "calls": made, **more}
        return diagnose(Evidence(**{**vars(evidence(program, source, suspect, exit_status=0)), **more}))

    @pytest.mark.parametrize("loop", ["while False:", "while 0:", "on = False\nwhile on:"])
    def test_a_loop_that_is_never_run(self, loop: str) -> None:
        line = 4 + loop.count("\n")
        udp = self.ended("udp_server", BOUND_UDP + SERVE_UDP.replace("while True:", loop), "crash", "bind")
        assert (udp.cause, udp.line) == ("one-client-only", line)
        assert "never run" in udp.happened
        source = BOUND_TCP + SERVE_TCP.replace("while True:", loop)
        tcp = self.ended("tcp_server", source, "crash", "bind", "listen")
        assert (tcp.cause, tcp.line) == ("missing-accept", line + 1)
        refused = self.ended("tcp_server", source, "crash", "bind", "listen", left=False)
        assert (refused.cause, refused.line) == ("missing-accept", line + 1), "it was seen a moment longer"

    def test_nothing_that_waits(self) -> None:
        udp = self.ended("udp_server", BOUND_UDP, "crash", "bind")
        assert (udp.cause, udp.line) == ("one-client-only", 3)
        assert "receives" in udp.happened
        tcp = self.ended("tcp_server", BOUND_TCP, "crash", "bind", "listen")
        assert (tcp.cause, tcp.line) == ("missing-accept", 4)

    def test_a_loop_that_it_does_not_come_to(self) -> None:
        source = BOUND_UDP + "def serve():\n    while True:\n        m, a = s.recvfrom(2048)\n"
        feedback = self.ended("udp_server", source, "crash", "bind")
        assert (feedback.cause, feedback.line) == ("one-client-only", 6)
        assert "`serve()`" in feedback.advice
        called = self.ended("udp_server", source + "if 0:\n    serve()\n", "crash", "bind")
        assert (called.cause, called.line) == ("one-client-only", 6)
        assert "nothing calls" not in called.happened
        exits = ExceptionSeen("SystemExit", "0", 4, (4,))
        left = self.ended("udp_server", BOUND_UDP + "exit(0)\n" + SERVE_UDP, "crash", "bind", exception=exits)
        assert (left.cause, left.line) == ("one-client-only", 4)

    def test_an_accept_that_was_in_vain(self) -> None:
        tried = (Call("accept", 3, (), 6, error="TimeoutError: timed out"),)
        feedback = self.ended("tcp_server", BOUND_TCP + SERVE_TCP, calls=tried)
        assert (feedback.cause, feedback.line) == ("one-client-only", 6)

    @pytest.mark.parametrize("suspect", ["missing-listen", "hang"])
    def test_what_was_never_come_to(self, suspect: str) -> None:
        main = "from socket import *\ndef main():\n    s = socket()\n    s.bind(('', 12000))\n    s.listen()\n"
        feedback = self.ended("tcp_server", main, suspect, left=False)
        assert (feedback.cause, feedback.line) == ("missing-bind", 4)
        assert "`main()`" in feedback.advice
        feedback = self.ended("tcp_server", main, suspect, "bind", left=False)
        assert (feedback.cause, feedback.line) == ("missing-listen", 5)

    def test_one_that_has_met_a_client_is_told_something_else(self) -> None:
        met = self.ended("udp_server", BOUND_UDP + "s.recvfrom(9)\n", "crash", "bind", "recvfrom", left=False)
        assert met.cause == "crash"

    @pytest.mark.parametrize("program", ["udp_server", "tcp_server", "udp_client", "tcp_client"])
    @pytest.mark.parametrize("status", [0, 1, 3, -9])
    def test_nobody_is_sent_to_a_traceback_that_is_not_there(self, program: str, status: int) -> None:
        for source in (UDP, TCP, BOUND_UDP + SERVE_UDP, BOUND_TCP + SERVE_TCP, "x = 1\n", "while\n"):
            for suspect in sorted(CAUSES):
                assert "traceback" not in diagnose(evidence(program, source, suspect, exit_status=status)).advice

    def test_an_exit_is_no_exception_to_be_read(self) -> None:
        seen = ExceptionSeen("SystemExit", "1", 3, (3,))
        feedback = diagnose(evidence("udp_client", UDP + "exit(1)\n", "crash", exception=seen))
        assert (feedback.cause, feedback.line) == ("crash", 3)
        assert "traceback" not in feedback.advice
        real = replace(seen, type="ZeroDivisionError", message="division by zero")
        assert "traceback" in diagnose(evidence("udp_client", UDP + "1 / 0\n", "crash", exception=real)).advice


class TestAnswers:
    def seen(self, program: str, source: str, suspect: str, **more: object) -> tuple[str, int | None]:
        return told(evidence(program, source, suspect), **more)

    def test_the_answer_before(self) -> None:
        late = "    s.sendto(answer, a)\n    answer = m.upper()\n"
        loop = "answer = b''\nwhile True:\n    m, a = s.recvfrom(2048)\n"
        early = "    answer = m.upper()\n    s.sendto(answer, a)\n    answer = b''\n"
        assert "only on line 8" in diagnose(evidence("udp_server", BOUND_UDP + loop + late, "wrong-reply")).happened
        assert "only on" not in diagnose(evidence("udp_server", BOUND_UDP + loop + early, "wrong-reply")).happened

    def test_the_right_answer_twice(self) -> None:
        body = "while True:\n    c, a = s.accept()\n    m = c.recv(1024).upper()\n    c.send(m)\n    c.send(m)\n"
        facts = {"expected_reply": "WORDS", "received": "WORDSWORDS"}
        assert self.seen("tcp_server", BOUND_TCP + body, "extra-text", facts=facts) == ("sent-more-than-once", 9)
        facts["received"] = "WORDS, WORDS"
        assert self.seen("tcp_server", BOUND_TCP + body, "extra-text", facts=facts)[0] == "extra-text"

    def test_a_message_that_was_cut_elsewhere(self) -> None:
        assert self.seen("udp_server", BOUND_UDP + SERVE_UDP, "buffer-too-small") == ("wrong-reply", 6)
        assert self.seen("udp_client", UDP + ASK_UDP + SHOW_UDP, "buffer-too-small") == ("reply-not-printed", 6)
        for size in ("899", "size"):
            source = BOUND_UDP + SERVE_UDP.replace("2048", size)
            assert self.seen("udp_server", source, "buffer-too-small") == ("buffer-too-small", 5)

    @pytest.mark.parametrize("size", ["0", "SIZE"])
    def test_a_receive_without_room(self, size: str) -> None:
        udp = "SIZE = 0\n" + BOUND_UDP + SERVE_UDP.replace("2048", size)
        assert self.seen("udp_server", udp, "wrong-reply") == ("buffer-too-small", 6)
        tcp = "SIZE = 0\n" + BOUND_TCP + SERVE_TCP.replace("1024", size)
        assert self.seen("tcp_server", tcp, "no-reply") == ("buffer-too-small", 8)
        assert self.seen("tcp_server", tcp.replace(f"({size})", "(1)"), "no-reply")[0] == "no-reply"

    def test_a_method_in_the_place_of_upper(self) -> None:
        for name, said in (("lower", "where `upper`"), ("strip", "Nothing in the program calls `upper`")):
            source = (
                BOUND_UDP + "while True:\n    m, a = s.recvfrom(2048)\n" + f"    m = m.{name}()\n    s.sendto(m, a)\n"
            )
            feedback = diagnose(evidence("udp_server", source, "wrong-reply"))
            assert (feedback.cause, feedback.line) == ("wrong-reply", 6)
            assert said in feedback.happened
        both = BOUND_UDP + SERVE_UDP.replace("m.upper()", "m.strip().upper()")
        assert "Nothing" not in diagnose(evidence("udp_server", both, "wrong-reply")).happened

    def test_a_server_that_connects(self) -> None:
        source = UDP + "s.connect(('', 12000))\n" + SERVE_UDP
        told_at = evidence("udp_server", source, "missing-bind", waits=("recv", "UDP port 40000"))
        connected = ("UDP 127.0.0.1:40000, connected to 127.0.0.1:12000",)
        assert told(told_at, sockets=connected, line=5) == ("missing-bind", 3)

    def test_a_server_that_waits_for_the_keyboard(self) -> None:
        source = BOUND_UDP + SERVE_UDP.replace("    s.send", "    input()\n    s.send")
        feedback = diagnose(evidence("udp_server", source, "no-reply", waits=("read", "keyboard")))
        assert (feedback.cause, feedback.line) == ("no-reply", 6)
        assert "keyboard" in feedback.advice

    def test_loops_that_end_by_themselves(self) -> None:
        for loop in ("for turn in range(2):", "while count < 2:"):
            source = BOUND_UDP + SERVE_UDP.replace("while True:", loop)
            feedback = diagnose(evidence("udp_server", source, "one-client-only", exit_status=0))
            assert (feedback.cause, feedback.line) == ("one-client-only", 4)
            assert "comes to its end" in feedback.happened
        assert (
            "comes to its end"
            not in diagnose(evidence("udp_server", BOUND_UDP + SERVE_UDP, "one-client-only")).happened
        )
        source = BOUND_UDP + SERVE_UDP.replace("while True:", "m = b'x'\nwhile m:")
        assert self.seen("udp_server", source, "quits-on-empty-message", exit_status=0) == ("quits-on-empty-message", 5)

    def test_a_connection_that_a_process_of_its_own_closes(self) -> None:
        source = "import os\n" + BOUND_TCP + SERVE_TCP.replace("    c.send", "    if os.fork(): continue\n    c.send")
        assert "in the parent too" in diagnose(evidence("tcp_server", source, "connection-not-closed")).advice
        plain = evidence("tcp_server", BOUND_TCP + SERVE_TCP, "connection-not-closed")
        assert diagnose(plain).advice == CAUSES["connection-not-closed"].advice

    def test_a_port_given_to_socketserver(self) -> None:
        source = "import socketserver\nPORT = 21000\nsocketserver.UDPServer(('', PORT), H).serve_forever()\n"
        assert self.seen("udp_server", source, "wrong-port") == ("wrong-port", 2)

    def test_one_name_for_the_welcoming_socket_and_the_connection(self) -> None:
        source = BOUND_TCP + SERVE_TCP.replace("c,", "s,").replace("c.", "s.")
        assert self.seen("tcp_server", source, "one-client-only") == ("welcoming-socket-closed", 6)
        assert self.seen("tcp_server", source, "crash") == ("welcoming-socket-closed", 6), "it lives, and refuses"
        once = BOUND_TCP + "s, a = s.accept()\ns.send(s.recv(1024).upper())\n"
        assert self.seen("tcp_server", once, "one-client-only", exit_status=0) == ("one-client-only", 5)

    def test_a_server_that_waits_before_create_server_hangs(self) -> None:
        source = "import socket\ninput()\ns = socket.create_server(('', 12000))\n" + SERVE_TCP
        seen = evidence("tcp_server", source, "missing-listen", waits=("read", "keyboard"))
        assert diagnose(seen).cause == "hang"


class TestScreens:
    def seen(
        self, source: str, suspect: str = "reply-not-printed", program: str = "udp_client", **more: object
    ) -> Feedback:
        return diagnose(Evidence(**{**vars(evidence(program, source, suspect, exit_status=0)), **more}))

    def test_a_method_that_was_printed(self) -> None:
        source = UDP + ASK_UDP + "m = s.recv(2048)\nprint(m.decode)\n"
        feedback = self.seen(source, screen="> <built-in method decode of bytes object at 0x7f>\n")
        assert (feedback.cause, feedback.line) == ("reply-not-printed", 6)
        assert "parentheses" in feedback.happened
        assert "parentheses" not in self.seen(source, screen="> nothing\n").happened

    @pytest.mark.parametrize("how, line", [("SHUT_RDWR", 5), ("SHUT_RD", 5), ("2", 5), ("SHUT_WR", 6), ("1", 6)])
    def test_a_socket_that_was_shut_down(self, how: str, line: int) -> None:
        source = (
            TCP + f"s.connect(('localhost', 12000))\ns.send(input().encode())\ns.shutdown({how})\nprint(s.recv(9999))\n"
        )
        assert self.seen(source, program="tcp_client").line == line

    def test_another_socket(self) -> None:
        source = UDP + ASK_UDP + "t = socket(AF_INET, SOCK_DGRAM)\nprint(t.recv(2048))\n"
        waits: dict[str, Any] = {
            "exit_status": None,
            "waits_in": "recv",
            "waits_on": "a socket that is bound to no port",
            "line": 6,
        }
        assert "`t`" in self.seen(source, **waits).happened
        assert "`t`" not in self.seen(source.replace("t.recv", "s.recv"), **waits).happened

    def test_a_second_answer_that_never_comes(self) -> None:
        source = UDP + ASK_UDP + "m = s.recv(2048)\nm += s.recv(2048)\nprint(m.decode())\n"
        waits: dict[str, Any] = {"exit_status": None, "waits_in": "recv", "waits_on": "UDP port 5", "line": 6}
        feedback = self.seen(source, **waits)
        assert (feedback.cause, feedback.line) == ("reply-not-printed", 6)
        assert "One message has one answer" in feedback.advice

    def test_a_client_that_is_busy(self) -> None:
        source = UDP + ASK_UDP + "m = b''\nwhile b'x' not in m:\n    m += s.recv(2048)\nprint(m)\n"
        feedback = self.seen(source, exit_status=None, calls=(Call("recv", 3, (), 7, result="b''"),))
        assert (feedback.cause, feedback.line) == ("hang", 7)

    def test_a_client_that_sleeps(self) -> None:
        source = "import time\n" + UDP + "m = input()\ntime.sleep(60)\ns.sendto(m.encode(), ('localhost', 12000))\n"
        feedback = self.seen(source, "nothing-sent", exit_status=None, line=5)
        assert (feedback.cause, feedback.line) == ("hang", 5)
        assert self.seen(source, "nothing-sent", exit_status=None, line=4).cause == "nothing-sent"

    def test_everything_that_is_typed(self) -> None:
        source = "import sys\n" + UDP + "m = sys.stdin.read()\ns.sendto(m.encode(), ('localhost', 12000))\n"
        feedback = self.seen(source, "sent-more-than-once")
        assert (feedback.cause, feedback.line) == ("ignores-input", 4)
        line = self.seen(source.replace("read()", "readline()"), "sent-more-than-once")
        assert (line.cause, line.line) == ("sent-more-than-once", 5)

    def test_another_family(self) -> None:
        source = "from socket import *\ns = socket(AF_INET6, SOCK_DGRAM)\n" + ASK_UDP + SHOW_UDP
        waits: dict[str, Any] = {"exit_status": None, "waits_in": "recv", "line": 5}
        sent = (Call("sendto", 3, ("b'words'", "('::1', 12000)"), 4, result="5"),)
        feedback = self.seen(source, "receive-before-send", calls=sent, **waits)
        assert (feedback.cause, feedback.line) == ("wrong-host", 2)
        assert self.seen(source, "receive-before-send", **waits).cause == "receive-before-send"
        four = self.seen(source.replace("INET6", "INET"), "receive-before-send", calls=sent, **waits)
        assert four.cause == "receive-before-send"

    def test_another_family_that_is_refused(self) -> None:
        seen = ExceptionSeen("ConnectionRefusedError", "[Errno 111] Connection refused", 3, (3,))
        source = "from socket import *\ns = socket(AF_INET6, SOCK_STREAM)\ns.connect(('localhost', 12000))\n"
        six = diagnose(evidence("tcp_client", source, "nothing-sent", exception=seen))
        assert (six.cause, six.line) == ("wrong-host", 2)
        four = diagnose(evidence("tcp_client", source.replace("INET6", "INET"), "nothing-sent", exception=seen))
        assert (four.cause, four.line) == ("crash", 3)
        both = source.replace("s.connect", "t = socket(AF_INET)\ns.connect")
        assert diagnose(evidence("tcp_client", both, "nothing-sent", exception=seen)).cause == "crash"

    def test_what_arrived_first_is_what_is_shown(self) -> None:
        source = UDP + "m = input()\ns.sendto(b'5', x)\ns.sendto(m.encode(), x)\n"
        sent = tuple(Call("sendto", 3, (), line, result="5") for line in (4, 5))
        assert self.seen(source, "ignores-input", calls=sent).line == 4

    def test_what_a_framework_sends_is_not_called_nothing(self) -> None:
        source = "import asyncio\nasync def main():\n    r, w = await asyncio.open_connection('localhost', 12000)\n"
        source += "    w.write(input().encode())\n"
        feedback = self.seen(source, "nothing-sent", "tcp_client")
        assert (feedback.cause, feedback.line) == ("nothing-sent", 3)
        assert "Nothing in the program sends" not in feedback.happened


def test_a_connected_socket_under_another_name_is_not_taken_for_one_that_was_not_connected() -> None:
    source = TCP + "def ask(t):\n    t.send(b'a')\ns.connect(('localhost', 12000))\nask(s)\n"
    seen = ExceptionSeen("BrokenPipeError", "[Errno 32] Broken pipe", 4, (6, 4))
    assert diagnose(evidence("tcp_client", source, "crash", exception=seen)).cause == "crash"
    called_first = TCP + "def ask(t):\n    t.send(b'a')\nask(s)\ns.connect(('localhost', 12000))\n"
    early = replace(seen, line=4, lines=(5, 4))
    assert diagnose(evidence("tcp_client", called_first, "crash", exception=early)).cause == "missing-connect"
    made = source.replace("ask(s)", "t = socket()\nask(s)")
    assert diagnose(evidence("tcp_client", made, "crash", exception=replace(seen, lines=(7, 4)))).cause == "crash"


def test_an_error_that_a_pool_of_threads_keeps_to_itself_is_found_in_the_record() -> None:
    source = BOUND_UDP + SERVE_UDP
    calls = (
        RECEIVED,
        Call("sendto", 3, ("'WORDS'", CLIENT), 6, error="TypeError: a bytes-like object is required, not 'str'"),
        WAITING,
    )
    seen = evidence("udp_server", source, "no-reply", calls=calls, waits=("recv", "UDP port 12000"))
    assert (diagnose(seen).cause, diagnose(seen).line) == ("missing-encode", 6)
    right = (RECEIVED, replace(calls[1], result="5", error=None), WAITING)
    assert diagnose(Evidence(**{**vars(seen), "calls": right})).cause == "no-reply"


def test_findings() -> None:
    close = UDP + ASK_UDP + "s.close\n"
    assert [(f.cause, f.line) for f in findings(close, program="udp_client")] == [("close-not-called", 5)]
    assert [(f.cause, f.line) for f in findings(UDP + ASK_UDP, program="udp_client")] == [("close-not-called", 2)]
    assert findings(UDP + 'raise NotImplementedError("TODO 3: x")\n', program="udp_client") == ()
    assert findings(UDP + ASK_UDP + SHOW_UDP, program="udp_client") == ()
    assert findings("from socket import *\nwith socket() as s:\n    pass\n", program="tcp_client") == ()
    assert findings(BOUND_UDP + SERVE_UDP, program="udp_server", sockets=("UDP 0.0.0.0:12000",)) == ()
    narrow = findings(BOUND_UDP + SERVE_UDP, program="udp_server", sockets=("UDP 127.0.0.1:12000",))
    assert [(f.cause, f.line) for f in narrow] == [("wrong-host", 3)]
    whole = UDP + ASK_UDP + SHOW_UDP
    assert [f.cause for f in findings(whole, typed="words", sent=b"words\n")] == ["ignores-input"]
    assert [f.cause for f in findings(whole, typed=" words ", sent=b"words")] == ["ignores-input"]
    assert findings(whole, typed="words", sent=b"words") == ()


# Whatever the evidence holds, there is an answer.
SOURCES = st.one_of(
    st.text(max_size=200),
    st.sampled_from([row[2] for row in RAISING.values()] + [row[4] for row in KERNEL] + ["-" * 9000, "(" * 300, "\0"]),
)
MESSAGES = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "a bytes-like object is required, not 'str'",
            "'tuple' object has no attribute 'decode'",
            "sendto(): AF_INET address must be tuple, not bytes",
            "'str' object cannot be interpreted as an integer",
            "name 'AF_INET' is not defined",
            "'module' object is not callable",
            *(f"[Errno {number}] x" for number in (9, 22, 32, 89, 95, 98, 99, 101, 104, 106, 107, 111, 999999)),
            "[WinError 10061] x",
        ]
    ),
)
TYPES = st.one_of(st.sampled_from(["TypeError", "OSError", "AttributeError", "NameError", "SyntaxError"]), st.text())
LINES = st.one_of(st.none(), st.integers(-2, 12), st.integers())
EXCEPTIONS = st.builds(ExceptionSeen, TYPES, MESSAGES, LINES, st.lists(st.integers(), max_size=3).map(tuple))
CALLS = st.builds(
    Call,
    st.sampled_from(["send", "bind", "recv", ""]),
    st.integers(),
    st.just(()),
    LINES,
    st.none() | st.text(),
    st.none() | MESSAGES,
)
EVIDENCE = st.builds(
    Evidence,
    program=st.one_of(st.sampled_from(["udp_server", "udp_client", "tcp_server", "tcp_client", "udp_pair"]), st.text()),
    file=st.text(max_size=10),
    source=SOURCES,
    suspect=st.one_of(st.sampled_from(sorted(CAUSES)), st.text(max_size=5)),
    expected=st.text(max_size=20),
    happened=st.text(max_size=20),
    exception=st.none() | EXCEPTIONS,
    exit_status=st.none() | st.just(0) | st.integers(),
    screen=st.one_of(st.text(), MESSAGES.map(lambda text: f"Traceback (most recent call last):\n{text}")),
    calls=st.lists(CALLS, max_size=3).map(tuple),
    waits_in=st.none() | st.sampled_from(["recv", "accept", "read"]) | st.text(),
    waits_on=st.none() | st.just("keyboard") | st.text(),
    line=LINES,
    sockets=st.lists(st.text(), max_size=2).map(tuple),
    facts=st.dictionaries(st.sampled_from(["received", "port"]), st.text(), max_size=2),
)


@settings(max_examples=250, deadline=None)
@given(EVIDENCE)
def test_any_evidence_has_an_answer_that_can_be_printed(seen: Evidence) -> None:
    feedback = diagnose(seen)
    assert isinstance(feedback, Feedback)
    assert feedback.cause in CAUSES
    assert feedback.happened.isprintable()
    assert feedback.line is None or feedback.line >= 1
    assert len(feedback.happened) < 4000


@settings(max_examples=200, deadline=None)
@given(st.one_of(SOURCES, st.binary(max_size=200)), st.text(max_size=10))
def test_any_text_can_be_looked_at(source: str | bytes, file: str) -> None:
    problem = static_problem(source, file)
    assert problem is None or problem.cause in {"syntax-error", "python-2"}
    if isinstance(source, str):
        findings(source, program="udp_client", typed=source, sent=b"x")


def test_a_huge_program_is_answered_quickly() -> None:
    huge = "s.bind(a)\n" * 8_000
    assert diagnose(evidence("udp_server", huge, "wrong-port")).cause in CAUSES
    assert diagnose(evidence("udp_server", huge * 20, "hang")).cause in CAUSES
