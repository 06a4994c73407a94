"""Rules on exceptions that speak of a name: each looks at one exception and knows one cause."""

from __future__ import annotations

import ast
import re
import socket

from grading.diagnosis.case import Case, Reason
from grading.diagnosis.static import python_2_at_run_time
from grading.diagnosis.wording import code, on_line, shown

_PYTHON_2_NAMES = {"raw_input", "unicode", "xrange", "unichr", "long", "basestring", "execfile", "reload"}
_SOCKET_NAMES = {*socket.__all__, "AF_INET", "SOCK_STREAM", "SOCK_DGRAM"}  # those three whatever the platform


def not_started(case: Case) -> Reason | None:
    """Know the placeholder of a skeleton: ``raise NotImplementedError("TODO 3: …")``."""
    error = case.error
    if error.type != "NotImplementedError":
        return None
    if not error.message.startswith("TODO") and not _raised_here(case):
        return None
    what = f"“{shown(error.message)}”" if error.message else "A placeholder"
    return Reason("not-started", f"{what} is still in place{on_line(error.line)}", error.line)


def _raised_here(case: Case) -> bool:
    return any(isinstance(node, ast.Raise) for node in case.code.at(case.error.line))


def python_2(case: Case) -> Reason | None:
    """Know the names of Python 2, and its ``print >>file``."""
    name, error = undefined(case), case.error
    if name in _PYTHON_2_NAMES:
        return python_2_at_run_time(name, error.line)
    if error.type == "TypeError" and ">>" in error.message and "builtin_function_or_method" in error.message:
        return Reason("python-2", f"`print >>` is Python 2: {shown(case.raised)}", error.line)
    return None


def socket_prefix(case: Case) -> Reason | None:
    """Know ``socket.X`` after ``from socket import *``, and ``X`` after ``import socket``."""
    error = case.error
    where = on_line(error.line)
    own = re.search(r"type object 'socket' has no attribute '(\w{1,100})'", error.message)
    if own is not None and error.type == "AttributeError":
        said = f"`socket.{own[1]}`{where} asks the class `socket` for it, because of `from socket import ...`"
        return Reason("socket-prefix", said, error.line)
    module = imported_as(case)
    if not module:
        return None
    if error.type == "TypeError" and "'module' object is not callable" in error.message:
        if case.code.parsed and not any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == module
            for node in case.code.at(error.line)
        ):
            return None
        said = f"`{module}(...)`{where} calls the module: the class is `{module}.socket`"
        return Reason("socket-prefix", said, error.line)
    if (name := undefined(case)) in _SOCKET_NAMES:
        said = f"`{name}` stands alone{where}: after `import socket` it is `{module}.{name}`"
        return Reason("socket-prefix", said, error.line)
    return None


def undefined_name(case: Case) -> Reason | None:
    """Know a ``NameError``."""
    name = undefined(case)
    if not name:
        return None
    bound = [binding.line for binding in case.code.bindings(name)]
    late = bound and bound[0] > (case.error.line or 0) > 0
    later = f" (it gets a value only on line {bound[0]})" if late else ""
    said = f"The name {code(name)} is used{on_line(case.error.line)} and is not defined there{later}"
    return Reason("undefined-name", said, case.error.line)


def undefined(case: Case) -> str:
    """Name what a ``NameError`` speaks of, or ``""``."""
    if case.error.type not in {"NameError", "UnboundLocalError"}:
        return ""
    found = re.search(r"(?:name|variable) '([^'\n]{1,100})'", case.error.message)
    return found[1] if found else ""


def imported_as(case: Case) -> str:
    """Say under which name the program imported the module ``socket`` as a whole, or ``""``."""
    for node in case.code.nodes:
        if isinstance(node, ast.Import):
            for name in node.names:
                if name.name == "socket":
                    return name.asname or "socket"
    return ""
