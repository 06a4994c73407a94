"""Correct programs, no two of them alike, put together from independent choices that students make.

A grammar names the parts of a program and lists the ways to write each: `¶` ends a line, ` | ` stands between two ways
on one line, `ε` is to write nothing, and a line that begins with `¶` goes on with the way before it. `<part>` stands
for one of its ways, drawn once for a program; alone on its line it is a block, indented as that line is. `<part>:=way`
settles it from there on, where one choice asks for another. `$AF_INET` is a name of the socket module, written as the
program's import has it; `MODULES` imports what else is used.

All are right by the slides. Where a choice earns a remark that costs nothing, `<remark_…>` names its cause.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

_FILE = r'''
file: <head>¶<doc>¶<imports>¶<streams>¶<shape>¶<tail>
encoding: utf-8 | utf-8 | utf-8-sig | ascii
newline: \n | \n | \r\n
indent: \s\s\s\s | \s\s\s\s | \s\s | \t
end: ¶ | ε | ¶¶¶ | ¶\s\s\s\s¶# end
head: ε | #!/usr/bin/env python3 | # -*- coding: utf-8 -*- | #!/usr/bin/python3¶# vim: set fileencoding=utf-8 :
    # -*- coding: latin-1 -*-¶# José Müller, Übung 1¶<encoding>:=latin-1
doc: ε | """Lab: a program with sockets.""" | # Computer Networks, exercise 1¶# Name: Ωμέγα Ελένη
    """¶你好: text in, UPPER CASE out¶"""¶from __future__ import annotations
    # TODO 1: create the socket (done)¶# raise NotImplementedError
imports: <import>¶MODULES¶<unused> | <unused>¶MODULES¶<import>
import: from socket import *¶<prefix>:= | import socket¶<prefix>:=socket. | from socket import NAMES¶<prefix>:=
    import socket as s¶<prefix>:=s.¶<sock>:=my_socket | from socket import (¶    NAMES,¶)¶<prefix>:=
    from socket import *¶import socket¶<prefix>:=socket.
    try:¶    import socket¶except ImportError:¶    raise SystemExit('no sockets here')¶<prefix>:=socket.
unused: ε | import sys, time | from threading import Thread | import os¶import random | import readline
# So that a screen of Windows shows Greek.
streams: ε | ε | ε | ε | ε | sys.stdout.reconfigure(encoding='utf-8') | sys.stdin.reconfigure(encoding='utf-8')
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8', line_buffering=True)
shape: <define>¶<body> | <define>¶¶if __name__ == '__main__':¶    <body> | <define>¶¶¶def main():¶    <body>¶¶¶main()
    def main() -> None:¶    <define>¶    <body>¶¶¶if __name__ == "__main__":¶    main()
    <define>¶target = <address>¶¶¶def run(where: tuple) -> int:¶    <address>:=where¶    <body>¶    return 0
    ¶¶¶sys.exit(run(target))
    <sock>:=self.sock¶<define>¶¶¶class Program:¶    def run(self):¶        <body>¶¶¶Program().run()
    <sock>:=self._sock¶class Program(object):¶    "One end."¶¶    def __init__(self):¶        <define>
    ¶        self.address = <address>¶        <address>:=self.address¶¶    def __call__(self) -> None:
    ¶        <body>¶¶¶if __name__ == '__main__':¶    Program()()
define: <address>:=(<host>, 12000) | address = <host>, int('12000')¶<address>:=address
    serverName = <host>¶serverPort = 12000 # the port¶<address>:=(serverName, serverPort)
    PORT: int = 0x2EE0¶HOST: str = <host>¶<address>:=(HOST, PORT)
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 12000¶<address>:=(<host>, port)
    try:¶    host, port = sys.argv[1], int(sys.argv[2])
    ¶except (IndexError, ValueError):¶    host, port = <host>, 12000¶<address>:=(host, port)
    parser = argparse.ArgumentParser()¶parser.add_argument('--host', default=<host>)
    ¶parser.add_argument('-p', '--port', type=int, default=12_000)¶options = parser.parse_args()
    ¶<address>:=(options.host, options.port)
    class Config:¶    port = int(os.environ.get('LAB_PORT', 12000))¶    host = <host>¶
    ¶<address>:=(Config.host, Config.port)
opener: $socket($AF_INET, $TYPE) | $socket(family=$AF_INET, type=$TYPE) | $socket($AF_INET, $TYPE, 0)
body: <talk> | # TODO 2: the rest¶<talk> | logging.basicConfig(level=logging.DEBUG)¶<talk>
    try:¶    <talk>¶except KeyboardInterrupt:¶    print('\nBye') | try:¶    <talk>¶finally:¶    print('Finished.')
    try:¶    <talk>¶except OSError as error:¶    print('Error:', error, file=sys.stderr)¶    sys.exit(1)
    try:¶    <talk>¶except Exception as problem:¶    print('Something went wrong:', problem)
    signal.signal(signal.SIGINT, signal.SIG_DFL)¶<talk>
decoded: <data>.decode() | <data>.decode("utf-8") | str(<data>, "utf-8") | codecs.decode(<data>, "utf-8")
    <data>.decode(encoding="ascii", errors="replace") | bytes.decode(<data>) | "".join(map(chr, <data>))
encoded: <plain>.encode() | <plain>.encode("utf-8") | bytes(<plain>, "utf8") | codecs.encode(<plain>, "utf-8")
    <plain>.encode(encoding="ascii", errors="ignore") | str.encode(<plain>) | bytearray(<plain>, "ascii")
banner: ε | print('Hello') | print('=' * 30, 'UDP and TCP', '=' * 30, sep='\n') | print('地址', <address>) | print()
    sys.stderr.write('starting\n') | print(__doc__) | print('Server: localhost, port: 12000')
    os.system('cls' if os.name == 'nt' else 'clear') | print('🚀 ' + os.path.basename(__file__), flush=True)
    logging.warning('host %s, port %d', *<address>)
'''

_SERVER = r"""
# Where /etc/hosts leads the machine's name to loopback, only loopback is bound.
host: "" | "0.0.0.0" | $inet_ntoa(bytes(4))
    "localhost"¶<remark_host>:=wrong-host | '127.0.0.1'¶<remark_host>:=wrong-host
    $gethostname()¶<remark_host>:=wrong-host | $gethostbyname($gethostname())¶<remark_host>:=wrong-host
define+: port = int(input("Port [12000]: ") or 12000)¶<address>:=(<host>, port)
tail: ε | sys.exit(0) | print('Server stopped')
sock: serverSocket | server_socket | sock | s
data: data | message | sentence
addr: addr | clientAddress | client_address
option: ε | ε | <sock>.setsockopt($SOL_SOCKET, $SO_REUSEADDR, 1)
    if <sock>.getsockopt($SOL_SOCKET, $SO_REUSEADDR) == 0:¶    <sock>.setsockopt($SOL_SOCKET, $SO_REUSEADDR, 1)
ready: ε | print('The server is ready to receive') | print('Listening on', <sock>.getsockname()) | <banner>
    print('Έτοιμος') | print('服务器已就绪', flush=True) | print('الخادم جاهز') | logging.info('ready')
managed: <sock> = <opener>¶<prepare>¶<serve>¶<sock>.close()
    <sock> = <opener>¶atexit.register(<sock>.close)¶<prepare>¶<serve>
    with <opener> as <sock>:¶    <prepare>¶    <serve>
    with contextlib.closing(<opener>) as <sock>:¶    <prepare>¶    <serve>
    <sock> = <opener>¶try:¶    <prepare>¶    <serve>¶finally:¶    <sock>.close()
forever: while True: | while 1: | for _ in itertools.count(): | while not False: | for number in iter(int, 1):
    running = True¶while running:
plain: <decoded>.upper() | str.upper(<decoded>) | "".join(one.upper() for one in <decoded>)
steps: <reply>:=<encoded> | <reply>:=<encoded> | reply = <encoded>¶<reply>:=reply
    text = <decoded>¶<decoded>:=text¶big = <plain>¶<plain>:=big¶reply = <encoded>¶<reply>:=reply
    text: str = <decoded>¶<decoded>:=text¶<reply>:=<encoded>
    <reply>:=<data>.upper() | reply = bytes.upper(<data>)¶<reply>:=reply
    <reply>:=bytes(one - 32 if 97 <= one <= 122 else one for one in <data>)
note: ε | print(<data>) | print('Received:', <decoded>) | print('From', <addr>, 'came', len(<data>), 'bytes')
    print(f'{<addr>[0]}:{<addr>[1]} -> {<data>!r}') | logging.info('%s: %s', <addr>, <data>)
    print(time.strftime('%H:%M:%S'), 'Πελάτης:', <addr>[0])
answer: <steps>¶<tell> | <steps>¶<note>¶<tell> | <steps>¶<tell>¶<note>
"""

_UDP_SERVER = r"""
talk: <managed> | <banner>¶<managed>
    class Handler(socketserver.BaseRequestHandler):¶    def handle(self):¶        <data> = self.request[0]
    ¶        <sock>:=self.request[1]¶        <addr>:=self.client_address¶        <answer>¶¶<sock>:=server.socket
    ¶with socketserver.UDPServer(<address>, Handler) as server:¶    <ready>¶    server.serve_forever()
prepare: <option>¶<sock>.bind(<address>)¶<ready> | <ready>¶<option>¶<sock>.bind(<address>)
receive: <data>, <addr> = <sock>.recvfrom(2048) | (<data>, <addr>) = <sock>.recvfrom(4096)
    packet = <sock>.recvfrom(65535)¶<data> = packet[0]¶<addr> = packet[1] | <data>, _, _, <addr> = <sock>.recvmsg(2048)
    buffer = bytearray(2048)¶size, <addr> = <sock>.recvfrom_into(buffer)¶<data> = bytes(buffer[:size])
    while not select.select([<sock>], [], [], 0.5)[0]:¶    pass¶<data>, <addr> = <sock>.recvfrom(2048)
tell: <sock>.sendto(<reply>, <addr>) | <sock>.sendto(<reply>, 0, <addr>) | <sock>.sendmsg([<reply>], [], 0, <addr>)
    <sock>.sendto(<reply>, (<addr>[0], <addr>[1]))
serve: <forever>¶    <receive>¶    <answer> | <forever>¶    <receive>¶    if not <data>:¶        continue¶    <answer>
    def handle(<data>, <addr>):¶    <answer>¶¶<forever>¶    <receive>¶    handle(<data>, <addr>)
    def handle(<data>, <addr>):¶    <answer>¶¶<forever>¶    <receive>
    ¶    threading.Thread(target=handle, args=(<data>, <addr>)).start()
    <sock>.settimeout(1.0)¶<forever>¶    try:¶        <receive>¶    except $timeout:¶        continue¶    <answer>
    chooser = selectors.DefaultSelector()¶chooser.register(<sock>, selectors.EVENT_READ)
    ¶<forever>¶    chooser.select()¶    <receive>¶    <answer>
"""

_TCP_SERVER = r"""
talk: <managed> | <banner>¶<managed> | with $create_server(<address>) as <sock>:¶    <ready>¶    <serve>
    <sock> = $create_server(<address>, backlog=2)¶<ready>¶<serve>¶<sock>.close()
    class Handler(socketserver.BaseRequestHandler):¶    def handle(self):¶        <conn>:=self.request
    ¶        <addr>:=self.client_address¶        <dialogue>¶¶socketserver.TCPServer.allow_reuse_address = True
    ¶<sock>:=server.socket¶with socketserver.<threading>TCPServer(<address>, Handler) as server:
    ¶    <ready>¶    server.serve_forever()
threading: ε | Threading
conn: conn | connectionSocket | connection_socket | c
prepare: <option>¶<sock>.bind(<address>)¶<sock>.listen(<backlog>)¶<ready>
    <ready>¶<option>¶<sock>.bind(<address>)¶<sock>.listen(<backlog>)
    <option>¶<sock>.bind(<address>)¶<ready>¶<sock>.listen(<backlog>)
backlog: 1 | ε | 5 | $SOMAXCONN | 128
accept: <conn>, <addr> = <sock>.accept() | (<conn>, <addr>) = <sock>.accept()
    pair = <sock>.accept()¶<conn> = pair[0]¶<addr> = pair[1] | <conn>, <addr> = <sock>.accept()¶print(<addr>, 'is here')
connection:
    <dialogue>¶<conn>.close() | <dialogue>¶<conn>.shutdown($SHUT_RDWR)¶<conn>.close() | with <conn>:¶    <dialogue>
    try:¶    <dialogue>¶finally:¶    <conn>.close() | with contextlib.closing(<conn>):¶    <dialogue>
dialogue: <data> = <conn>.recv(1024)¶<answer> | <data> = <conn>.recv(4096)¶if <data>:¶    <answer>
    while True:¶    <data> = <conn>.recv(1024)¶    if not <data>:¶        break¶    <answer>
    while <data> := <conn>.recv(1024):¶    <answer> | for <data> in iter(lambda: <conn>.recv(1024), b''):¶    <answer>
    <data>, _ = <conn>.recvfrom(1024)¶<answer> | <conn>.settimeout(30)¶<data> = <conn>.recv(2048)¶<answer>
    buffer = bytearray(1024)¶size = <conn>.recv_into(buffer)¶<data> = bytes(buffer[:size])¶<answer>
    <data> = <conn>.makefile('rb').read1(1024)¶<answer>
tell: <conn>.send(<reply>) | <conn>.sendall(<reply>) | with <conn>.makefile('wb') as out:¶    out.write(<reply>)
    sent = 0¶while sent < len(<reply>):¶    sent += <conn>.send(<reply>[sent:])
serve: <forever>¶    <accept>¶    <connection>
    def handle(<conn>, <addr>):¶    <connection>¶¶<forever>¶    <accept>¶    handle(<conn>, <addr>)
    def handle(<conn>, <addr>):¶    <connection>¶¶<forever>¶    <accept>
    ¶    worker = threading.Thread(target=handle, args=(<conn>, <addr>), daemon=True)¶    worker.start()
    def handle(<conn>, <addr>):¶    <connection>¶¶with concurrent.futures.ThreadPoolExecutor(8) as pool:
    ¶    <forever>¶        <accept>¶        pool.submit(handle, <conn>, <addr>)
    <sock>.settimeout(1)¶<forever>¶    try:¶        <accept>¶    except $timeout:¶        continue¶    <connection>
    chooser = selectors.DefaultSelector()¶chooser.register(<sock>, selectors.EVENT_READ)¶<forever>
    ¶    for key, _ in chooser.select():¶        if key.data is None:¶            <accept>
    ¶            chooser.register(<conn>, selectors.EVENT_READ, <addr>)¶        else:
    ¶            <conn>, <addr> = key.fileobj, key.data¶            chooser.unregister(<conn>)¶            <connection>
"""

_CLIENT = r"""
host: "localhost" | '127.0.0.1' | $gethostname() | $gethostbyname("localhost") | $gethostbyname($gethostname())
    "0.0.0.0" | "LocalHost" | $getaddrinfo("localhost", 12000, $AF_INET)[0][4][0]
define+: host = input("Server name [localhost]: ") or <host>¶port = int(input("Port [12000]: ") or 12000)
    ¶<address>:=(host, port)
    port = int(input("Which port? "))¶<address>:=(<host>, port)
tail: ε | sys.exit(0) | sys.exit() | exit() | quit() | print('Bye') | raise SystemExit | os._exit(0)
    input("Press Enter to close the window")
sock: clientSocket | client_socket | sock | s
data: data | modifiedMessage | reply
addr: serverAddress | addr | _
line: message | sentence | msg | user_input
plain: <line>
prompt: "Input lowercase sentence:" | "" | "> " | "Message for the server: " | 'Δώσε μια πρόταση: ' | "请输入 "
    "أدخل جملة: " | "✏️  " | "Phrase pour le serveur\xa0: " | "Your text, for port 12000: " | "client@host:~$ "
    "Send to server> " | "Введите строку\n" | "Say something to 127.0.0.1: "
ask: <line> = input(<prompt>) | <line> = input(<prompt>).strip() | <line> = str(input(<prompt>))
    print(<prompt>)¶<line> = input() | print(<prompt>, end='', flush=True)¶<line> = sys.stdin.readline().rstrip('\n')
    sys.stdout.write(<prompt>)¶sys.stdout.flush()¶<line> = sys.stdin.readline().strip()
    <line> = next(sys.stdin, '').rstrip() | <line> = os.read(0, 4096).decode().rstrip()
    <line> = ''¶while not <line>:¶    <line> = input(<prompt>)
    print(<prompt>)¶<line> = sys.stdin.readline()¶<remark_line>:=ignores-input
conversation: while True:¶    <ask>¶    if not <line>:¶        break¶    <turn>
    while True:¶    <ask>¶    if <line>.strip().lower() in ('', 'quit', 'exit'):¶        break¶    <turn>
    while True:¶    try:¶        <ask>¶    except (EOFError, KeyboardInterrupt):¶        break
    ¶    if not <line>:¶        break¶    <turn>
    <ask>¶while <line> and <line> != 'quit':¶    <turn>¶    <ask>
    for <line> in sys.stdin:¶    <line> = <line>.rstrip()¶    <turn>
    for <line> in iter(lambda: input(<prompt>), 'quit'):¶    <turn>
    while True:¶    <ask>¶    <turn>¶    if input('Again? (y/n) ') != 'y':¶        break
managed: <sock> = <opener>¶<session>¶<sock>.close() | <sock> = <opener>¶<sock>.settimeout(20)¶<session>¶<sock>.close()
    with <opener> as <sock>:¶    <session> | with contextlib.closing(<opener>) as <sock>:¶    <session>
    <sock> = <opener>¶try:¶    <session>¶finally:¶    <sock>.close()
    <sock> = <opener>¶atexit.register(<sock>.close)¶<session>
    <sock> = <opener>¶<session>¶<remark_close>:=close-not-called
packing: ε | payload = <encoded>¶<encoded>:=payload
note: ε | print('Sent', len(<line>), 'characters') | print('My address:', <sock>.getsockname()) | print('…')
    logging.info('sent %r', <line>)
shown:
    print(<decoded>) | text = <decoded>¶print('From Server:', text) | print(f'Answer: {<decoded>}') | print([<decoded>])
    print('Ответ: ' + <decoded>) | print('From server: %s.' % <decoded>) | print(<decoded>, file=sys.stderr)
    sys.stdout.write(<decoded> + '\n') | print('the answer', <decoded>, sep='\n', end='\n\n')
    sys.stdout.buffer.write(<data> + b'\n') | print('raw:', <data>)¶print('text:', <decoded>)
    logging.basicConfig(level=logging.INFO, force=True)¶logging.info('From server: %s', <decoded>)
    print(json.dumps({'answer': <decoded>}, indent=2)) | print(textwrap.fill(<decoded>, 60))
    for letter in <decoded>:¶    print(letter, end='')¶print()
    if <decoded> == <line>.upper():¶    print('OK', <decoded>)¶else:¶    print('Unexpected:', <decoded>)
    print('\033[32m' + <decoded> + '\033[0m') | print('{} bytes: {}'.format(len(<data>), <decoded>))
once: <ask>¶<exchange>
"""

_UDP_CLIENT = r"""
# The empty name is not for create_connection, so only here.
host+: ""
talk: <banner>¶<ask>¶<session>:=<exchange>¶<managed> | <banner>¶<session>:=<once>¶<managed>
    <banner>¶<turn>:=<exchange>¶<session>:=<conversation>¶<managed>
    <session>:=<exchange>¶<turn>:=<managed>¶<conversation>
exchange: <packing>¶<sent>¶<note>¶<received>¶<shown> | <packing>¶<sent>¶<received>¶<shown>¶<note>
    <sock>.settimeout(5)¶<packing>¶for attempt in range(3):¶    <sent>¶    try:¶        <received>¶        break
    ¶    except $timeout:¶        print('No answer, once more')¶else:¶    sys.exit('No answer')¶<shown>
sent: <sock>.sendto(<encoded>, <address>) | <sock>.sendto(<encoded>, 0, <address>)
    <sock>.connect(<address>)¶<sock>.send(<encoded>) | <sock>.connect(<address>)¶<sock>.sendall(<encoded>)
    <sock>.sendmsg([<encoded>], [], 0, <address>)
received: <data>, <addr> = <sock>.recvfrom(2048) | (<data>, <addr>) = <sock>.recvfrom(4096) | <data> = <sock>.recv(2048)
    <data> = <sock>.recvfrom(2048)[0] | pair = <sock>.recvfrom(65535)¶<data> = pair[0]¶print(pair[1])
    select.select([<sock>], [], [])¶<data> = <sock>.recv(2048) | <data>, *_ = <sock>.recvmsg(2048)
    buffer = bytearray(2048)¶size = <sock>.recv_into(buffer)¶<data> = bytes(buffer[:size])
"""

_TCP_CLIENT = r"""
# Where one connection is kept for several lines, its end is not waited for.
talk: <banner>¶<ask>¶<session>:=<connected>¶<managed> | <banner>¶<session>:=<asked>¶<managed>
    <ask>¶<session>:=<exchange>¶<opener>:=$create_connection(<address>)¶<managed>
    <session>:=<once>¶<opener>:=$create_connection(<address>, timeout=20)¶<managed>
    <turn>:=<exchange>¶<received>:=<data> = <sock>.recv(1024)¶<session>:=<kept>¶<managed>
    <banner>¶<session>:=<connected>¶<turn>:=<managed>¶<conversation>
connect: <sock>.connect(<address>) | <sock>.connect(<address>)¶print('Connected to', <sock>.getpeername())
    if <sock>.connect_ex(<address>) != 0:¶    sys.exit('no server')
    try:¶    <sock>.connect(<address>)¶except ConnectionRefusedError:¶    print('Start the server')¶    sys.exit(1)
connected: <connect>¶<exchange>
asked: <connect>¶<ask>¶<exchange> | <ask>¶<connect>¶<exchange>
kept: <connect>¶<conversation>
exchange: <packing>¶<sent>¶<note>¶<received>¶<shown> | <packing>¶<sent>¶<received>¶<note>¶<shown>
sent: <sock>.send(<encoded>) | <sock>.sendall(<encoded>) | with <sock>.makefile('wb') as out:¶    out.write(<encoded>)
    sent = 0¶while sent < len(<encoded>):¶    sent += <sock>.send(<encoded>[sent:])
# As many bytes as were sent, as Python's own examples have it: text in upper case is as long.
received: expected = len(<encoded>)¶<data> = b''¶while len(<data>) < expected:¶    <data> += <sock>.recv(16)
    <data> = <sock>.recv(1024) | <data> = <sock>.recv(4096) | <data>, <addr> = <sock>.recvfrom(1024)
    <data> = b''¶while True:¶    part = <sock>.recv(16)¶    if not part:¶        break¶    <data> += part
    <data> = b''.join(iter(lambda: <sock>.recv(512), b'')) | <data> = <sock>.makefile('rb').read()
    <sock>.shutdown($SHUT_WR)¶<data> = b''¶while part := <sock>.recv(1024):¶    <data> += part
    <data> = <sock>.recv(2048, $MSG_WAITALL) | select.select([<sock>], [], [])¶<data> = <sock>.recv(2048)
"""

_Grammar = Mapping[str, tuple[str, ...]]
_WRITTEN_OUT = {"ε": "", r"\n": "\n", r"\r\n": "\r\n", r"\t": "\t"}
_MODULES = (
    *("argparse", "atexit", "codecs", "concurrent.futures", "contextlib", "io", "itertools", "json", "logging", "os"),
    *("select", "selectors", "signal", "socketserver", "sys", "textwrap", "threading", "time"),
)
_HEAD = re.compile(r"^(\w+)(\+?): ?")
_SETTLING = re.compile(r" *<(\w+)>:=(.*)")
_BLOCK = re.compile(r"( *)<(\w+)>")
_PART = re.compile(r"<(\w+)>")
_SOCKET_NAME = re.compile(r"\$(\w+)")


def _grammar(*texts: str) -> _Grammar:
    """Read grammars; a later one replaces a part of the ones before, or adds to it (`part+:`)."""
    parts: dict[str, list[str]] = {}
    part = ""
    for line in "\n".join(texts).replace("\n    ¶", "¶").splitlines():
        if line.startswith("#"):
            continue
        if head := _HEAD.match(line):
            part = head[1]
            parts[part] = parts.get(part, []) if head[2] else []
        for way in filter(None, _HEAD.sub("", line).removeprefix("    ").split(" | ")):
            parts[part].append(_WRITTEN_OUT.get(way, way.replace("¶", "\n").replace(r"\s", " ")))
    return {part: tuple(ways) for part, ways in parts.items()}


GRAMMARS: Mapping[str, _Grammar] = {
    "udp_server": _grammar(_FILE, _SERVER, _UDP_SERVER),
    "udp_client": _grammar(_FILE, _CLIENT, _UDP_CLIENT),
    "tcp_server": _grammar(_FILE, _SERVER, _TCP_SERVER),
    "tcp_client": _grammar(_FILE, _CLIENT, _TCP_CLIENT),
}


@dataclass(frozen=True)
class Variant:
    """One program, and how it was put together."""

    program: str
    text: bytes
    choices: frozenset[tuple[str, str]]
    """The parts that are in it, and the way each is written."""
    remarks: frozenset[str]
    """Causes of the findings that it may get."""


class _Writer:
    """Writes one program."""

    def __init__(self, program: str, draw: Callable[[tuple[str, ...]], str]) -> None:
        self.program = program
        self.draw = draw
        self.drawn: dict[str, str] = {}
        self.settled: dict[str, str] = {}

    def write(self) -> Variant:
        text = self.import_names(self.expand("<file>"))
        text = re.sub(r"(?m)^(?: {4})+", lambda spaces: self.choose("indent") * (len(spaces[0]) // 4), text)
        text = (text.strip("\n") + self.choose("end")).replace("\n", self.choose("newline"))
        # Strings and comments alone have other characters than ASCII, and Python reads the escapes in strings.
        data = text.encode(self.choose("encoding"), "backslashreplace")
        remarks = {cause for part, cause in self.settled.items() if part.startswith("remark_")}
        return Variant(self.program, data, frozenset(self.drawn.items()), frozenset(remarks))

    def choose(self, part: str) -> str:
        if part in self.settled:
            return self.settled[part]
        if part not in self.drawn:
            self.drawn[part] = self.draw(GRAMMARS[self.program][part])
        return self.drawn[part]

    def expand(self, template: str) -> str:
        lines: list[str] = []
        for line in template.split("\n"):
            if settling := _SETTLING.fullmatch(line):
                self.settled[settling[1]] = settling[2]
            elif block := _BLOCK.fullmatch(line):
                text = self.expand(self.choose(block[2]))
                lines += [textwrap.indent(text, block[1])] if text else []
            else:
                lines.append(_PART.sub(lambda part: self.expand(self.choose(part[1])), line))
        return "\n".join(lines)

    def import_names(self, text: str) -> str:
        """Write the socket module's names as they are imported, and import the other modules."""
        text = text.replace("$TYPE", "$SOCK_DGRAM" if self.program.startswith("udp") else "$SOCK_STREAM")
        names = ", ".join(sorted(set(_SOCKET_NAME.findall(text)))) or "gethostname"
        text = _SOCKET_NAME.sub(lambda name: self.choose("prefix") + name[1], text.replace("NAMES", names))
        used = [module for module in _MODULES if re.search(rf"(?<![\w.'\"]){re.escape(module)}\.\w", text)]
        return text.replace("MODULES\n", "".join(f"import {module}\n" for module in used))


@st.composite
def variants(draw: st.DrawFn, program: str) -> Variant:
    """Build correct texts of a program."""
    return _Writer(program, lambda ways: draw(st.sampled_from(ways))).write()


def draw_variants(program: str, number: int, start: int) -> list[Variant]:
    """Draw texts of a program: the same ones from the same start."""
    drawn: list[Variant] = []
    every = list(HealthCheck)

    @seed(start)
    @settings(max_examples=number, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=every)
    @given(variants(program))
    def collect(variant: Variant) -> None:
        drawn.append(variant)

    collect()
    return drawn
