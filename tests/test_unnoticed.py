"""A program cannot tell that its socket calls are recorded: each runs under the plain interpreter too, and compares."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from grading.arena import Arena, Isolation, Program, Script

FIRST = "import os; os.dup2(1, 2)  # one pipe: what it prints comes in order\n"
LIMIT = 60.0

PAIR = """
import socket
a, b = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
for each in a, b:
    each.bind(("127.0.0.1", 0))
a.connect(b.getsockname())
"""
CONNECTION = """
import socket
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
connection, address = server.accept()
"""
METHODS = """
methods = '''bind listen accept connect connect_ex shutdown close detach send sendall sendto sendmsg recv recv_into
    recvfrom recvfrom_into recvmsg'''.split()
"""
ODD = """
class Odd:
    def __init__(self, name, s=None): self.name, self.s = name, s
    def __del__(self, write=os.write): write(1, f"del {self.name} {self.s and self.s.fileno() >= 0}\\n".encode())
"""

TRACEBACKS = {
    "of a method of C": """
        import socket
        def work(s):
            return [s.send("text") for _ in range(1)][0]
        s = socket.socket()
        work(s)
        """,
    "of a call on two lines": """
        from socket import *
        s = socket(AF_INET, SOCK_DGRAM)
        s.sendto(b"x",
            ("127.0.0.1", "12000"))
        """,
    "of a refused connection": """
        from socket import *
        nobody = socket()
        nobody.bind(("127.0.0.1", 0))
        socket().connect(nobody.getsockname())
        """,
    "of accept, through the library's frames": """
        import socket
        s = socket.create_server(("127.0.0.1", 0))
        s.setblocking(False)
        s.accept()
        """,
    "of close, through the library's frames": """
        import os, socket
        s = socket.socket()
        os.close(s.fileno())
        s.close()
        """,
    "of socket()": """
        import socket
        class Mine(socket.socket):
            def __init__(self, *args):
                super().__init__(*args)
        try:
            socket.socket(socket.AF_INET, 77)
        except OSError as error:
            print(error)
        Mine("a")
        """,
    "of makefile": CONNECTION
    + """
client.settimeout(0.01)
stream = client.makefile()
try:
    stream.read()
except TimeoutError as error:
    import traceback
    traceback.print_exc()
stream.read()
""",
    "of threads": """
        import socket, threading
        from concurrent.futures import ThreadPoolExecutor
        def work(s):
            s.recv("ten")
        s = socket.socket()
        for name in "one", "two":
            t = threading.Thread(target=work, args=(s,), name=name)
            t.start()
            t.join()
        with ThreadPoolExecutor(1) as pool:
            pool.submit(s.recv, -1).result()
        """,
    "of chained exceptions": """
        import socket, traceback
        class Failed(Exception): pass
        def work(how):
            try:
                socket.socket(socket.AF_INET, socket.SOCK_DGRAM).send(b"x")
            except OSError as error:
                if how == "from": raise Failed("from") from error
                if how == "none": raise Failed("none") from None
                if how == "during": socket.socket().send("text")
                raise
        for how in "from", "none", "during", "bare":
            try:
                work(how)
            except Exception as error:
                traceback.print_exc()
                print(repr(error.__context__), repr(error.__cause__), error.__suppress_context__)
                print("".join(traceback.format_exception(error)) == traceback.format_exc())
        work("from")
        """,
    "walked and printed by the program": """
        import logging, socket, sys, traceback
        def deep(s, n):
            if n: return deep(s, n - 1)
            return s.connect(("127.0.0.1",))
        def walk(trace):
            while trace:
                print(trace.tb_frame.f_code.co_name, trace.tb_lineno, trace.tb_frame.f_code.co_filename)
                trace = trace.tb_next
        s = socket.socket()
        try:
            deep(s, 2)
        except TypeError as error:
            walk(error.__traceback__)
            print(sys.exc_info()[2] is error.__traceback__, sys.exc_info()[1] is error)
            logging.exception("oh")
            logging.error("no", exc_info=True)
            traceback.print_exc(limit=1)
            traceback.print_exc(limit=-1)
            print([frame.f_code.co_name for frame, _ in traceback.walk_tb(error.__traceback__)])
            saved = error
        def again():
            raise saved
        for how in again, lambda: (_ for _ in ()).throw(saved.with_traceback(None)):
            try:
                how()
            except TypeError as error:
                walk(error.__traceback__)
        """,
    "of wrong arguments, to each method": METHODS
    + """
import socket, traceback
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(0.01)
for name in methods:
    for args in (), (None,), (1, 2, 3, 4, 5, 6), (b"x", "y"), (-1, 2):
        if name in ("close", "detach", "listen", "accept") and not args:
            continue
        for how in (lambda: getattr(s, name)(*args), lambda: getattr(socket.socket, name)(s, *args),
                    lambda: getattr(socket.socket, name)(*args)):
            try:
                print(name, args, how())
            except Exception:
                traceback.print_exc()
""",
    "of wrong arguments, to socket()": """
        import socket, traceback
        for args, more in [
            (("a",), {}), ((1, 2, 3, 4, 5), {}), ((), {"bad": 1}), ((2, 2, "udp"), {}), ((), {"fileno": 999}),
            ((), {"fileno": "x"}), ((-5,), {}), ((2, 99), {}), ((2, 1, 0, None), {}), ((2, None), {}),
        ]:
            try:
                print(socket.socket(*args, **more).family)
            except Exception:
                traceback.print_exc()
        for how in (socket.socket.__init__, socket.socket.send, socket.socket.close):
            for args in (), (1,), (b"x",):
                try:
                    how(*args)
                except Exception:
                    traceback.print_exc()
        """,
    "of a method taken for its result": """
        import socket, traceback
        s = socket.socket()
        for how in (
            lambda: s.recv[10], lambda: s.recv.decode(), lambda: s.recv.decode, lambda: s.recv + b"",
            lambda: len(s.recv),
            lambda: s.recvform(1), lambda: s.close.x, lambda: s.accept[0], lambda: s.send(s.recv), lambda: "a" + s.recv,
            lambda: [each for each in s.recv], lambda: int(s.recv), lambda: dict(s.recv), lambda: s.recv < s.send,
            lambda: setattr(s.send, "x", 1), lambda: setattr(s, "recv", 1), lambda: socket.socket.recv.x,
            lambda: socket.socket.send(1, b"x"), lambda: s.connect(s.bind), lambda: s.connect("127.0.0.1", 12000),
            lambda: s.send("a", "b", "c"), lambda: s.send(), lambda: s.recv(), lambda: s.recv(1, 2, 3),
            lambda: s.accept(1),
        ):
            try:
                print(how())
            except Exception as error:
                traceback.print_exc()
                print(type(getattr(error, "obj", None)))
        s.recv.decode()
        """,
    "of a with statement, and of generators": """
        import contextlib, socket
        def lines(s):
            try:
                yield s.recv("x")
            finally:
                print("finally", s.fileno() >= 0)
        with contextlib.closing(socket.socket()) as s:
            try:
                next(lines(s))
            except TypeError as error:
                print(error)
        print(s.fileno())
        @contextlib.contextmanager
        def opened():
            with socket.socket() as s:
                try:
                    yield s
                except TypeError as error:
                    print("through", error)
                    raise
        with contextlib.suppress(TypeError), opened() as t:
            t.send("x")
        print(t)
        with opened() as t:
            t.send("x")
        """,
    "given to hooks of the program's": """
        import socket, sys, threading, traceback
        def names(trace): return [frame.name for frame in traceback.extract_tb(trace)]
        def hook(kind, error, trace):
            print("hook", kind, error, names(trace), trace is error.__traceback__, error.__context__, sys.exc_info())
            print(sys.last_value is error)
            sys.__excepthook__(kind, error, trace)
        def thread_hook(args):
            print("thread", args.exc_type, names(args.exc_traceback), args.thread.name)
        sys.excepthook, threading.excepthook = hook, thread_hook
        def work(): socket.socket().send("text")
        t = threading.Thread(target=work, name="its")
        t.start()
        t.join()
        work()
        """,
    "where a hook fails": """
        import socket, sys
        def hook(kind, error, trace):
            raise ValueError("in the hook")
        sys.excepthook = hook
        socket.socket().send("text")
        """,
    "where a hook exits": """
        import socket, sys
        def hook(kind, error, trace):
            sys.exit(9)
        sys.excepthook = hook
        socket.socket().send("text")
        """,
    "of a recursion without end": """
        def f(n): return f(n + 1)
        f(0)
        """,
}
if sys.version_info >= (3, 11):
    TRACEBACKS["of an exception group"] = """
        import socket, traceback
        def work():
            errors = []
            for how in lambda s: s.send("text"), lambda s: s.recv(-1), lambda s: s.listen("a"):
                try:
                    with socket.socket() as s:
                        how(s)
                except Exception as error:
                    errors.append(error)
            raise ExceptionGroup("several", errors)
        try:
            work()
        except* TypeError as group:
            traceback.print_exc()
        except* ValueError as group:
            print(group.exceptions)
        work()
        """

ENDS = {
    "by sys.exit": """
        import sys, socket, threading
        def work():
            with socket.socket():
                sys.exit(5)
        t = threading.Thread(target=work)
        t.start()
        t.join()
        with socket.socket():
            sys.exit(3)
        """,
    "by a text": """
        import sys, socket
        s = socket.socket()
        try:
            sys.exit("bye")
        finally:
            s.close()
            print("closed")
        """,
    "by quit()": "quit(7)",
    "by SystemExit with a tuple": "raise SystemExit(1, 2)",
    "by a large status": "import sys; sys.exit(257)",
    "by KeyboardInterrupt": """
        import socket
        with socket.socket() as s:
            raise KeyboardInterrupt
        """,
    "by a BaseException": """
        class Mine(BaseException): pass
        raise Mine("x")
        """,
    "before it begins": "import socket\nprint('a'\nx = 1\n",
    "by a name that is not there": "import socket\ns = soket.socket()\n",
    "with things left over": ODD
    + """
import atexit, socket, sys, weakref
first = Odd("first", socket.socket())
second = Odd("second")
cycle = Odd("cycle")
cycle.me = cycle
_private = Odd("private")
weakref.finalize(first, print, "finalized")
atexit.register(print, "exit one")
atexit.register(lambda: print("exit two", first.name))
def uses(): return first
def numbers():
    try:
        yield 1
    finally:
        print("generator closed")
generator = numbers()
next(generator)
sys.stdout = open(1, "w", closefd=False)
print("buffered", end="")
""",
    "with things left over, and no functions": ODD + "z = Odd('z')\na = Odd('a')\n",
    "with things left over, by an exception": ODD
    + """
import atexit, socket, sys
def work():
    local = Odd("local")
    socket.socket().send("text")
z = Odd("z")
atexit.register(lambda: print("exit", type(sys.last_value)))
work()
""",
    "with things left over, by sys.exit": ODD
    + """
import atexit, sys
def work():
    local = Odd("local")
    sys.exit(4)
z = Odd("z")
atexit.register(print, "exit")
work()
""",
    "with a file left open": """
        import atexit, os
        class Seen:
            def __del__(self, open=open): print(open("left.txt").read())
        seen = Seen()
        file = open("left.txt", "w")
        file.write("written")
        del file
        """,
    "with a thread that goes on": """
        import atexit, threading
        go = threading.Event()
        def work():
            go.wait()
            print("thread ends")
        threading.Thread(target=work).start()
        atexit.register(print, "exit")
        print("end")
        go.set()
        """,
    "with an error at the end": """
        import atexit
        def bad(): raise ValueError("at exit")
        atexit.register(print, "other")
        atexit.register(bad)
        """,
    "with warnings of what was left open": """
        import socket, warnings
        warnings.simplefilter("default")
        def work():
            s = socket.socket()
            s.bind(("127.0.0.1", 0))
        work()
        s = socket.socket()
        s = None
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 9))
        socket.socket().listen()
        for how in lambda: socket.socket().send("x"), lambda: socket.socket(type=socket.SOCK_DGRAM).accept():
            try:
                how()
            except Exception as error:
                print(type(error))
        socket.socket().close()
        bound = socket.create_server(("127.0.0.1", 0)).accept
        bound = None
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter("always")
            socket.socket().connect_ex(("127.0.0.1", 1))
        print([(str(w.message).split()[0], w.lineno, w.filename) for w in seen])
        kept = socket.socket()
        print("end")
        """,
    "with warnings as errors": """
        import socket, warnings
        warnings.simplefilter("error")
        socket.socket().listen()
        s = socket.socket()
        del s
        print("end")
        """,
    "as it began": """
        '''Its text.'''
        import builtins, dataclasses, gc, os, pickle, signal, socket, sys, threading
        print(sys.argv, __file__, __name__, sorted(globals()), __builtins__ is builtins, __doc__, __spec__, __package__)
        print(type(__loader__), sys.path[0] == os.path.dirname(__file__), sys.modules["__main__"].__dict__ is globals())
        print(sys.stdin, sys.stdout, sys.stderr, sys.stderr.errors, sys.exc_info())
        print(threading.current_thread().name, threading.active_count(), gc.isenabled(), gc.get_threshold())
        print(sys.getrecursionlimit(), sys.gettrace(), [n for n in ("recorder", "launcher") if n in sys.modules])
        print([signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)], socket.socket().fileno())
        @dataclasses.dataclass
        class Thing:
            x: int
        print(pickle.loads(pickle.dumps(Thing(1))), Thing)
        """,
}

METHODS_OF_SOCKETS = {
    "shown and inspected": METHODS
    + """
import copy, inspect, pickle, socket
s, t = socket.socket(), socket.socket()
for name in methods:
    own, bound = getattr(socket.socket, name), getattr(s, name)
    for each in own, bound:
        print(each, str(each), type(each), each.__class__, each.__name__, each.__qualname__, inspect.getdoc(each))
        print(getattr(each, "__module__", 0), getattr(each, "__text_signature__", 0), getattr(each, "__objclass__", 0))
        print([test(each) for test in (callable, inspect.isbuiltin, inspect.ismethod, inspect.isroutine,
            inspect.ismethoddescriptor, inspect.isfunction)], isinstance(each, type(len)))
        try:
            print(inspect.signature(each))
        except ValueError as error:
            print(error)
    print(bound.__self__ is s, own is getattr(socket.socket, name), own == getattr(socket.socket, name))
    print(bound == getattr(s, name), bound != getattr(t, name), hash(bound) == hash(getattr(s, name)), {own: 1}[own])
print(inspect.signature(socket.socket), inspect.signature(socket.socket.__init__), socket.socket.__init__)
print(dir(s) == dir(socket.socket), len(dir(s)), s, type(s), type(s).__mro__, socket.SocketType)
print([name for name, _ in inspect.getmembers(socket.socket, inspect.isroutine)])
for each in socket.socket.recv, s.recv, socket.socket.accept, s.close:
    help(each)
for refuse in copy.copy, copy.deepcopy, pickle.dumps, lambda s: pickle.dumps(s.send), lambda s: pickle.dumps(s.close):
    try:
        print(refuse(s))
    except Exception as error:
        print(type(error).__name__, error)
print(copy.copy(s.recv), copy.copy(socket.socket.send), pickle.loads(pickle.dumps(socket.socket.send)))
print(s == s, s == t, s in {s}, hash(s) == hash(s), len({s, t}))
""",
    "kept in variables": PAIR
    + """
import functools, operator, threading
from concurrent.futures import ThreadPoolExecutor
send, recv = a.send, b.recv
print(send(b"one"), recv(10), list(map(a.send, [b"1", b"22"])), b.recv(9), b.recv(9))
take = functools.partial(b.recv, 10)
a.send(b"part")
print(take(), take.func == b.recv, take)
for stop in lambda: b.recv(10), functools.partial(b.recv, 10):
    for data in b"again", b"":
        a.send(data)
    print(list(iter(stop, b"")))
print(socket.socket.send(a, b"unbound"), socket.socket.recv(b, 10), socket.SocketType.send(a, b"c"), recv(10))
print(operator.methodcaller("send", b"caller")(a), operator.attrgetter("recv")(b)(10), {a.send: 1}[a.send])
print(getattr(a, "send")(*[b"star"], **{}), recv(*(10,)), sorted([b"z", b"a"], key=a.send), recv(1), recv(1))
class Holder:
    send = a.send
    take = socket.socket.recv
print(Holder().send(b"held"), recv(10))
try:
    Holder().take(10)
except TypeError as error:
    print(error)
t = threading.Thread(target=a.send, args=(b"thread",))
t.start()
t.join()
print(recv(10))
with ThreadPoolExecutor(2) as pool:
    received = pool.submit(b.recv, 10)
    a.send(b"pool")
    print(received.result())
""",
    "overridden by subclasses": """
        import socket
        class Loud(socket.socket):
            def __init__(self, *args, **more):
                super().__init__(*args, **more)
                self.said = []
            def send(self, data, *args):
                self.said.append(data)
                return super().send(data.upper(), *args)
            def recv(self, size): return socket.socket.recv(self, size) + b"!"
            def close(self):
                print("closing", type(self).__name__)
                super().close()
            def accept(self):
                fd, where = self._accept()
                return Loud(fileno=fd), where
        class Slots(socket.socket):
            __slots__ = ("name",)
        class Lazy(socket.socket):
            def __init__(self): pass
        server = Loud()
        server.bind(("127.0.0.1", 0))
        server.listen()
        with Slots() as client:
            client.name = "slots"
            client.connect(server.getsockname())
            got, _ = server.accept()
            print(type(got), got.send(b"loud"), client.recv(10), client.send(b"hi"), got.recv(5), got.said, client.name)
            try: client.other = 1
            except AttributeError as error: print(error)
            got.close()
        server.close()
        lazy = Lazy()
        for how in lambda: lazy.send(b"x"), lazy.close, lambda: print(lazy.fileno(), lazy.family):
            try: how()
            except Exception as error: print(type(error), error)
        """,
    "with arguments that watch": """
        import socket
        class Watching(socket.socket):
            def __getattribute__(self, name):
                print("asked", name)
                return super().__getattribute__(name)
            def __repr__(self):
                print("shown")
                return "Watching"
        class Text(str):
            def __repr__(self): print("text shown"); return "Text"
            def __len__(self): print("text measured"); return 5
        class Data(bytes):
            def __repr__(self): print("data shown"); return "Data"
            def __len__(self): print("data measured"); return 5
            def __getitem__(self, at): print("data taken"); return 5
        class Number(int):
            def __repr__(self): print("number shown"); return "Number"
        class Any:
            def __repr__(self): print("any shown"); return "Any"
            def __str__(self): print("any as text"); return "Any"
            def __index__(self): print("index"); return 1
        w = Watching(socket.AF_INET, socket.SOCK_DGRAM)
        w.bind(("127.0.0.1", 0))
        w.connect(socket.socket.getsockname(w))
        w.send(Data(b"data"))
        print(w.recv(Any()), w.send(b"x"), w.recv(Number(3)))
        for bad in w, Text("x"), Any(), (Any(), Text("y")), [Data(b"")], {Any(): 1}, 10 ** 5000, None:
            try:
                w.send(bad)
            except Exception as error:
                print(type(error), error)
        w.close()
        """,
    "replaced by the program": PAIR
    + """
from unittest import mock
real = socket.socket.send
def loud(self, data):
    print("loud", data)
    return real(self, data.upper())
socket.socket.send = loud
print(a.send(b"x"), b.recv(1), socket.socket.send is loud)
socket.socket.send = real
print(a.send(b"y"), b.recv(1), socket.socket.send is real)
with mock.patch.object(socket.socket, "recv", return_value=b"mocked") as fake:
    print(b.recv(10), fake.call_args)
with mock.patch("socket.socket.sendto", autospec=True, return_value=3):
    print(a.sendto(b"abc", ("127.0.0.1", 9)))
print(a.send(b"z"), b.recv(10), isinstance(mock.Mock(spec=socket.socket), socket.socket))
print(mock.create_autospec(socket.socket)().recv.return_value is not None)
class Mine(socket.socket):
    def send(self, data): return super().send(data) + 100
plain, socket.socket = socket.socket, Mine
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
got, _ = server.accept()
print(type(server), type(client) is Mine, type(got) is Mine, got.send(b"z"), client.recv(1))
socket.socket = plain
for name in "send", "close":
    setattr(socket.socket, name, 5)
    try: getattr(a, name)()
    except TypeError as error: print(error)
""",
    "and lifetimes": """
        import gc, os, socket, sys, weakref
        gc.disable()
        def gone(ref, fd):
            try: os.fstat(fd)
            except OSError: return ref() is None, "closed"
            return ref() is None, "open"
        def made(use):
            s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try: use(s)
            except Exception as error: print(type(error).__name__, end=" ")
            return weakref.ref(s), s.fileno()
        for use in (
            id, lambda s: s.bind(("127.0.0.1", 0)), lambda s: s.send("x"), lambda s: s.send(b"x"), lambda s: s.accept(),
            lambda s: s.recv(-1), lambda s: s.connect(("127.0.0.1", "1")), lambda s: s.makefile(), lambda s: s.recv,
            lambda s: s.nothing, lambda s: s.recv.nothing, lambda s: s.send(s), lambda s: [s.close],
        ):
            print(*gone(*made(use)))
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        s.connect(s.getsockname())
        buffer = bytearray(10)
        before = sys.getrefcount(s), sys.getrefcount(buffer)
        s.send(b"abc")
        s.recv_into(buffer)
        try: s.recv_into(buffer, 99)
        except ValueError as error: caught = error
        print(sys.getrefcount(s) - before[0], sys.getrefcount(buffer) - before[1], caught.__context__)
        buffer.extend(b"more")  # which it refuses while anything holds a view of it
        send = s.send
        print(sys.getrefcount(s) - before[0])
        del send
        ref, fd, s = weakref.ref(s), s.fileno(), None
        print(*gone(ref, fd), caught.__traceback__.tb_next)
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        got, _ = server.accept()
        ref, fd, stream = weakref.ref(got), got.fileno(), got.makefile("rb")
        got.close()
        print(*gone(ref, fd))
        del got
        print(*gone(ref, fd))
        stream.close()
        del stream
        print(*gone(ref, fd), client.recv(1))
        def failing():
            inner = socket.socket()
            inner.send("x")
        try:
            failing()
        except TypeError as error:
            inner = error.__traceback__.tb_next.tb_frame.f_locals["inner"]
            ref, fd = weakref.ref(inner), inner.fileno()
            del inner
            print(*gone(ref, fd))
        print(*gone(ref, fd))
        """,
}

LIBRARY = {
    "with": """
        import socket
        with socket.socket() as s:
            print(s.fileno() >= 0, s.family, s.type, s.proto, s.gettimeout(), s.getblocking())
        print(s.fileno(), s)
        s.close()
        with socket.socket() as s, s.makefile("rb") as stream: pass
        print(s, stream.closed)
        class Broken(Exception): pass
        try:
            with socket.socket() as s: raise Broken
        except Broken as error:
            print(s, error.__traceback__.tb_next)
        with s: s.send(b"x")
        """,
    "makefile": CONNECTION
    + """
with connection, connection.makefile("rw") as stream:
    client.sendall(b"one\\ntwo\\n")
    stream.write(stream.readline().upper() + stream.readline())
    stream.flush()
    raw = connection.makefile("rwb", buffering=0)
    client.send(b"raw")
    print(raw.read(3), raw.write(b"wr"), raw, raw.fileno() == connection.fileno(), raw.name, raw.mode)
    raw.close()
    connection.close()
    print(connection._closed, connection.fileno() >= 0)
print(connection.fileno(), client.makefile().read())
try: client.makefile("x")
except ValueError as error: print(error)
print(type(client.makefile("rb")), type(client.makefile("rwb")), client.makefile("r", encoding="ascii").encoding)
stream = client.makefile("rb")
client.close()
print(client, stream.read(), list(stream))
stream.close()
print(client)
stream.read()
""",
    "accept, dup and fromfd": CONNECTION
    + """
import os
print(type(connection), address == client.getsockname() == connection.getpeername(), connection.gettimeout())
twin = connection.dup()
connection.close()
print(type(twin), twin.send(b"twin"), client.recv(9), connection)
other = socket.fromfd(twin.fileno(), socket.AF_INET, socket.SOCK_STREAM)
twin.close()
print(type(other), other.send(b"fromfd"), client.recv(9), other.family, other.type)
adopted = socket.socket(fileno=other.detach())
print(adopted.family, adopted.type, adopted.send(b"adopted"), client.recv(9), other)
os.close(adopted.detach())
print(client.recv(9), adopted)
left, right = socket.socketpair()
print(right.family, left.send(b"pair"), right.recv(9), left.dup().send(b"dup"), right.recv(9))
left.shutdown(socket.SHUT_WR)
print(right.recv(5), left.detach() > 0, left.detach(), left.fileno())
""",
    "timeouts": """
        import errno, select, socket, traceback
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        for timeout in 0.01, 0.0:
            s.settimeout(timeout)
            print(s.gettimeout(), s.getblocking(), s.timeout)
            for how in lambda: s.recv(1), lambda: s.recvfrom(1), lambda: s.recv_into(bytearray(1)):
                try:
                    how()
                except OSError as error:
                    print(type(error).__name__, error, error.errno, error.args, isinstance(error, socket.timeout))
        server = socket.create_server(("127.0.0.1", 0), backlog=1)
        server.settimeout(0.01)
        try: server.accept()
        except TimeoutError: traceback.print_exc()
        socket.setdefaulttimeout(2.5)
        print(socket.socket().gettimeout())
        socket.setdefaulttimeout(None)
        c = socket.socket()
        c.setblocking(False)
        print(c.connect_ex(server.getsockname()) in (0, errno.EINPROGRESS), select.select([], [c], [], 5)[1] == [c])
        server.settimeout(5)
        got, _ = server.accept()
        total = 0
        try:
            while True: total += c.send(b"x" * 65536)
        except BlockingIOError as error:
            print(error, got.gettimeout(), total > 0)
        got.settimeout(0.01)
        while True: got.recv(1 << 20)
        """,
    "create_server and create_connection": """
        import socket, traceback
        for more in {}, {"reuse_port": True}, {"backlog": 1}, {"dualstack_ipv6": False}:
            with socket.create_server(("127.0.0.1", 0), **more) as s:
                print(s.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR) > 0, s.type, s.family, s.gettimeout())
        for bad in {"dualstack_ipv6": True}, {"backlog": "x"}, {"family": 99}:
            try: socket.create_server(("127.0.0.1", 0), **bad)
            except Exception: traceback.print_exc()
        s = socket.create_server(("127.0.0.1", 0))
        with socket.create_connection(s.getsockname(), 2, ("127.0.0.1", 0)) as c:
            print(c.gettimeout(), c.getpeername() == s.getsockname())
        nobody = s.getsockname()
        s.close()
        for address in nobody, ("127.0.0.1", "x"), ("127.0.0.1",):
            try: socket.create_connection(address, timeout=1)
            except Exception: traceback.print_exc()
        socket.create_server(("127.0.0.1", "port"))
        """,
    "socketserver": """
        import socket, socketserver, threading
        class Upper(socketserver.StreamRequestHandler):
            def handle(self):
                for line in self.rfile: self.wfile.write(line.upper())
        class UpperDatagram(socketserver.BaseRequestHandler):
            def handle(self):
                data, s = self.request
                s.sendto(data.upper(), self.client_address)
        class Fails(socketserver.BaseRequestHandler):
            def handle(self): self.request.send("text")
        def ask(address):
            with socket.create_connection(address) as c:
                c.sendall(b"one\\ntwo\\n")
                c.shutdown(socket.SHUT_WR)
                return c.makefile().read()
        def ask_by_datagram(address):
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as c:
                c.sendto(b"hello", address)
                return c.recv(10)
        for name, handler in ("TCPServer", Upper), ("UDPServer", UpperDatagram):
            for kind in getattr(socketserver, name), getattr(socketserver, "Threading" + name):
                with kind(("127.0.0.1", 0), handler) as server:
                    t = threading.Thread(target=server.serve_forever, args=(0.01,))
                    t.start()
                    for _ in range(2):
                        print((ask if handler is Upper else ask_by_datagram)(server.server_address))
                    server.shutdown()
                    t.join()
                print(server.socket)
        with socketserver.TCPServer(("127.0.0.1", 0), Fails) as server:
            c = socket.create_connection(server.server_address)
            server.handle_request()
            print(c.recv(1))
            server.timeout = 0.01
            server.handle_request()
        socketserver.TCPServer(("127.0.0.1", "x"), Upper)
        """,
    "http and urllib": """
        import http.server, threading, urllib.request
        class Quiet(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                self.wfile.write(self.path.encode())
            def log_message(self, *args): pass
        with http.server.HTTPServer(("127.0.0.1", 0), Quiet) as server:
            t = threading.Thread(target=server.serve_forever, args=(0.01,))
            t.start()
            fetch = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
            print(fetch("http://127.0.0.1:%d/path" % server.server_address[1]).read())
            server.shutdown()
            t.join()
        """,
    "asyncio": """
        import asyncio, socket
        async def upper(reader, writer):
            writer.write((await reader.readline()).upper())
            await writer.drain()
            writer.close()
        class Echo(asyncio.DatagramProtocol):
            def connection_made(self, transport): self.transport = transport
            def datagram_received(self, data, address): self.transport.sendto(data.upper(), address)
        class Ask(asyncio.DatagramProtocol):
            def __init__(self, done): self.done = done
            def connection_made(self, transport): transport.sendto(b"datagram")
            def datagram_received(self, data, address): self.done.set_result(data)
        async def main():
            loop = asyncio.get_running_loop()
            async with await asyncio.start_server(upper, "127.0.0.1", 0) as server:
                where = server.sockets[0].getsockname()
                reader, writer = await asyncio.open_connection(*where)
                writer.write(b"hello\\n")
                print(await reader.read(), type(server.sockets[0]))
                writer.close()
                s = socket.socket()
                s.setblocking(False)
                await loop.sock_connect(s, where)
                await loop.sock_sendall(s, b"raw\\n")
                print(await loop.sock_recv(s, 10))
                s.close()
            transport, _ = await loop.create_datagram_endpoint(Echo, local_addr=("127.0.0.1", 0))
            done = loop.create_future()
            address = transport.get_extra_info("sockname")
            asked, _ = await loop.create_datagram_endpoint(lambda: Ask(done), remote_addr=address)
            print(await done)
            asked.close()
            transport.close()
            listening = socket.create_server(("127.0.0.1", 0))
            listening.setblocking(False)
            accepted = loop.create_task(loop.sock_accept(listening))
            c = socket.create_connection(listening.getsockname())
            got, _ = await accepted
            c.send(b"x")
            room = bytearray(3)
            print(await loop.sock_recv_into(got, room), room, got.gettimeout())
            try: await asyncio.wait_for(loop.sock_recv(got, 1), 0.01)
            except (TimeoutError, asyncio.TimeoutError) as error: print(type(error))
            got.close()
            await loop.sock_recv(got, 1)
        asyncio.run(main())
        """,
    "selectors": """
        import select, selectors, socket
        kinds = ("DefaultSelector", "SelectSelector", "PollSelector", "EpollSelector")
        for kind in [getattr(selectors, name) for name in kinds if hasattr(selectors, name)]:
            with kind() as selector, socket.create_server(("127.0.0.1", 0)) as server:
                server.setblocking(False)
                selector.register(server, selectors.EVENT_READ, server.accept)
                clients = [socket.create_connection(server.getsockname()) for _ in range(2)]
                for c in clients: c.send(b"hi")
                served = []
                while len(served) < 2:
                    for key, _ in selector.select():
                        if key.fileobj is server:
                            got, _ = key.data()
                            selector.register(got, selectors.EVENT_READ, got.recv)
                        else:
                            served.append(key.data(10))
                            key.fileobj.send(b"ok")
                            selector.unregister(key.fileobj)
                            key.fileobj.close()
                print(served, [c.recv(3) for c in clients], selector.get_key(server).data == server.accept)
        server.close()
        select.select([server], [], [])
        """,
    "buffers": PAIR
    + """
import array
room = bytearray(8)
print(a.send(memoryview(b"hello")), b.recv_into(room, 3), room, a.sendall(bytearray(b"all")))
print(b.recv_into(memoryview(room)[3:]), room, a.send(array.array("b", [1, 2])), b.recvfrom_into(room, nbytes=1)[0])
print(room, a.send(b"x" * 5000), len(b.recv(9000)), a.sendto(b"again", 0, b.getsockname()), b.recvfrom(9)[0])
if hasattr(a, "sendmsg"):
    print(a.sendmsg([b"a", b"b"]), b.recvmsg(10)[0], a.sendmsg([b"q"], [], 0), b.recvmsg_into([room])[0])
room.extend(b"more")
""",
    "ssl": CONNECTION
    + """
import ssl
context = ssl.create_default_context()
context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
connection.sendall(b"this is no handshake at all\\n")
s = context.wrap_socket(client, do_handshake_on_connect=False)
print(type(s), isinstance(s, socket.socket), client.fileno(), s.gettimeout())
for how in s.do_handshake, lambda: s.send("x"):
    try: how()
    except Exception as error: print(type(error), getattr(error, "reason", error))
s.close()
print(connection.recv(3) != b"", s)
""",
}

POSIX = {
    "fork and multiprocessing": """
        import multiprocessing, os, socket
        def status(child): return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        def work(address):
            with socket.create_connection(address) as c: c.send(b"process")
        def bad(): socket.socket().send("text")
        def sends(s): s.send(b"spawned")
        if __name__ == "__main__":
            a, b = socket.socketpair()
            child = os.fork()
            if child == 0:
                a.close()
                b.send(b"from the child")
                os._exit(3)
            print(a.recv(20), status(child))
            s = socket.create_server(("127.0.0.1", 0))
            context = multiprocessing.get_context("fork")
            p = context.Process(target=work, args=(s.getsockname(),))
            p.start()
            print(s.accept()[0].recv(10), p.join(), p.exitcode)
            p = context.Process(target=bad, name="P")
            p.start()
            print(p.join(), p.exitcode)
            p = multiprocessing.get_context("spawn").Process(target=sends, args=(b,))
            p.start()
            print(a.recv(10), p.join(), p.exitcode)
            child = os.fork()
            if child == 0: bad()
            print(status(child))
            child = os.fork()
            if child == 0: raise SystemExit(6)
            print(status(child))
        """,
    "signals": """
        import os, signal, socket, traceback
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(("127.0.0.1", 0))
        server = socket.create_server(("127.0.0.1", 0))
        class Late(Exception): pass
        def late(*_): raise Late
        def wake(*_): s.sendto(b"woken", s.getsockname())
        def interrupt(*_): os.kill(os.getpid(), signal.SIGINT)
        for handler, call in (late, lambda: s.recv(10)), (wake, lambda: s.recv(10)), (late, server.accept):
            signal.signal(signal.SIGALRM, handler)
            signal.setitimer(signal.ITIMER_REAL, 0.03)
            try:
                print(call())
            except Late:
                traceback.print_exc()
        signal.signal(signal.SIGALRM, interrupt)
        signal.setitimer(signal.ITIMER_REAL, 0.03)
        s.recv(10)
        """,
    "descriptors": """
        import os, socket
        print(socket.socket(), socket.socket().fileno())
        left, right = socket.socketpair()
        socket.send_fds(left, [b"x"], [right.fileno()])
        data, fds, flags, _ = socket.recv_fds(right, 9, 2)
        print(data, fds, flags, left.fileno(), right.fileno(), os.open("/dev/null", os.O_RDONLY))
        """,
}

PROGRAMS = {
    f"{group}: {name}": text
    for group, programs in {
        "tracebacks": TRACEBACKS,
        "ends": ENDS,
        "methods": METHODS_OF_SOCKETS,
        "the library": LIBRARY,
        "the system": POSIX if os.name == "posix" else {},
    }.items()
    for name, text in programs.items()
}


WITHOUT_CALLS = (
    "ends:",
    "tracebacks: of a recursion",
    "tracebacks: of socket()",
    "tracebacks: of wrong arguments, to s",
)
"""Programs that need not have done anything that is recorded; a socket that was not made is not."""


def run_alone(text: str, folder: Path) -> subprocess.Popen[str]:
    """Start ``python3 program.py``, its two streams in one."""
    program = folder / "program.py"
    program.write_text(text, encoding="utf-8")
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.Popen(
        [sys.executable, "-B", "-u", str(program)],
        cwd=folder,
        env={**ours, "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def run_recorded(text: str, arena: Arena) -> Program:
    """Run the program to its end, however it waits."""
    program = arena.start(Script("program", {"program.py": text.encode()}))
    begin = time.perf_counter()
    while not program.ended and time.perf_counter() - begin < LIMIT:
        arena.news((), 0.1)
        arena.pump()
    return program


def without_chances(screen: str) -> str:
    """Take off a screen what differs from run to run: folders, addresses in memory, ports, the depth of recursion."""
    for chance, same in (
        (r"[^\s\"']*[\\/]program\.py", "program.py"),
        (r"[^\s\"']*[\\/](lib[\\/]python3\.\d+|Lib)[\\/]", "LIB/"),
        (r"\b0x[0-9a-fA-F]+", "0x"),
        (r"\bid='\d+'", "id"),
        (r"\('(127\.0\.0\.1|0\.0\.0\.0)', \d{4,5}\)", "address"),
        (r"repeated \d+ more times", "repeated"),
    ):
        screen = re.sub(chance, same, screen)
    return screen


def compare(name: str, arena: Arena, folder: Path) -> None:
    text = FIRST + textwrap.dedent(PROGRAMS[name])
    with run_alone(text, folder) as alone:
        recorded = run_recorded(text, arena)
        try:
            screen, _ = alone.communicate(timeout=LIMIT)
        finally:
            alone.kill()
    assert without_chances(recorded.screen) == without_chances(screen)
    assert recorded.status == alone.returncode
    assert recorded.recorded().calls or name.startswith(WITHOUT_CALLS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_does_what_it_does_alone(any_arena: Arena, tmp_path: Path, name: str) -> None:
    compare(name, any_arena, tmp_path)


@pytest.mark.parametrize("name", ["the library: makefile", "methods: with arguments that watch", "ends: as it began"])
def test_it_does_so_on_the_shared_loopback_too(loopback: Isolation, tmp_path: Path, name: str) -> None:
    with loopback.open() as arena:
        compare(name, arena, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="needs SIGALRM")
def test_a_signal_in_the_midst_of_recording_is_the_programs_own(any_arena: Arena) -> None:
    """Most of a busy program's time is ours: what its handler raises there is neither kept back nor marked."""
    program = run_recorded(
        PAIR
        + textwrap.dedent(
            """
            import signal, traceback
            class Late(Exception): pass
            def late(*_): raise Late
            signal.signal(signal.SIGALRM, late)
            for _ in range(50):
                try:
                    signal.setitimer(signal.ITIMER_REAL, 0.002)
                    while True:
                        a.send(b"x")
                        b.recv(10)
                except Late as error:
                    print(*[frame.name for frame in traceback.extract_tb(error.__traceback__)])
            """
        ),
        any_arena,
    )
    seen = program.screen.splitlines()
    assert len(seen) == 50
    ours = {"<module> __get__ late", "<module> __call__ late"}  # see the recorder on its first instruction
    assert {"<module> late"} <= set(seen) <= {"<module> late", *ours}
