"""Causes that keep a program from running at all, or from getting past its first lines."""

from __future__ import annotations

from grading.diagnosis.causes.cause import Cause, Group
from grading.diagnosis.causes.steps import IDEA, MODULE, ROLES

STARTING = Group(
    "It does not run at all",
    "Python has to find the program, read it, and know every name in it before a socket matters.",
    (
        Cause(
            slug="missing-file",
            title="The program is not in the submission",
            looks="There was nothing to run: no file of that name was handed in, and every check that needs the "
            "program fails or is skipped.",
            why="A program is looked up by its file name, in all folders of the submission. `UDPServer.py` or "
            "`udp_server.py.txt` is another name; a file that is still open in the editor may not be saved yet.",
            advice="Hand the file in under the name that the lab gave it.",
            udp=IDEA,
            tcp=IDEA,
        ),
        Cause(
            slug="not-started",
            title="A TODO is still in place",
            looks="The program ends with `NotImplementedError: TODO 3: …`, which names the step. With later TODOs "
            "left, it does the first things right and ends at the first of them.",
            why="Each TODO of a skeleton stands for a line or two of the slides. Its `raise` line is a placeholder "
            "that stops the program there, so that a missing step is never taken for a wrong one.",
            advice="Write the lines that the TODO asks for, and take its `raise` line out.",
            udp=ROLES,
            tcp=ROLES,
        ),
        Cause(
            slug="syntax-error",
            title="Python cannot read the program",
            looks="`SyntaxError`, `IndentationError` or `TabError` at once, with a line; not even the first line "
            "of the program was run.",
            why="Python reads the whole file before it runs any of it. It notices where the text can go on no more, "
            "which may be a line after the mistake: a bracket left open swallows the next line.",
            advice="Mend that line, or the end of the line before it: often a colon, quote or bracket is missing.",
            udp=MODULE,
            tcp=MODULE,
        ),
        Cause(
            slug="python-2",
            title="The program is written in Python 2",
            looks="`SyntaxError: Missing parentheses in call to 'print'`, or `NameError: name 'raw_input' is not "
            "defined`.",
            why="Older books and tutorials show Python 2, which ended in 2020. There `print` was a statement, and "
            "text and bytes were one type, so that sockets took text: in Python 3 `encode()` and `decode()` come "
            "in as well.",
            advice="Use Python 3: `print(...)` with parentheses, `input()` for `raw_input()`, `except X as e`.",
            udp=MODULE,
            tcp=MODULE,
        ),
        Cause(
            slug="undefined-name",
            title="A name is used that nothing defines",
            looks="`NameError: name '…' is not defined` (or `UnboundLocalError`) at one line. A server may start "
            "well and end only when its first message brings it to that line.",
            why="Python looks a name up when the line is run, not before, and capitals count: `clientSocket` and "
            "`clientsocket` are two names. A name assigned inside a function is known in that function only.",
            advice="Check the spelling and the capitals, and that the name is imported or assigned before this line.",
            udp=MODULE,
            tcp=MODULE,
        ),
        Cause(
            slug="socket-prefix",
            title="The import and the use of its names do not fit together",
            looks="The program ends where it makes its socket: `NameError: name 'AF_INET' is not defined`, "
            "`TypeError: 'module' object is not callable`, or `type object 'socket' has no attribute 'AF_INET'`.",
            why="`socket` is the name of a module, and of a class inside it. `import socket` brings the module, and "
            "what is in it is reached with a dot; `from socket import *` brings the contents, and `socket` is then "
            "the class.",
            advice="After `import socket`, write `socket.socket` and `socket.AF_INET`. After `from socket import *`, "
            "write the names alone.",
            code="client_socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
            udp=MODULE,
            tcp=MODULE,
        ),
    ),
)
