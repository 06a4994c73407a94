"""Looking things up in a student's program: its lines and its syntax tree.

Nothing here runs the program, and nothing raises, whatever the text holds: a text that cannot be parsed
has lines and no tree, and every lookup in it comes back empty.
"""

from __future__ import annotations

import ast
import functools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LARGEST = 100_000
"""Characters of a program that are still parsed."""

UNREADABLE = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)
"""What parsing or compiling a text may raise (null bytes, lone surrogates, far too deep nesting, …)."""

PAIR_CALLS = ("accept", "recvfrom", "recvfrom_into")
"""Methods that return a pair."""

Loop = ast.While | ast.For | ast.AsyncFor
_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_RESOLVED = 8  # names followed from one to the next: `a = b`, `b = c`, …


@dataclass(frozen=True)
class Binding:
    """One place where a name gets its value."""

    value: ast.expr
    index: int | None
    """Place in the pair that was unpacked; ``None``: the whole value."""
    line: int


def method(call: ast.Call) -> str:
    """Name the function or method that is called, without what stands before its dot."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def receiver(call: ast.Call) -> str:
    """Name the variable that a method is called on, or ``""``."""
    match call.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
    return ""


class Code:
    """A program's text."""

    def __init__(self, text: str) -> None:
        self.lines = text[:LARGEST].split("\n")
        self.last = len(self.lines) if 0 < len(text) <= LARGEST else 10**7
        self.nodes: list[ast.AST] = []
        self.parent: dict[ast.AST, ast.AST] = {}
        self.parsed = False
        if len(text) > LARGEST:
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except UNREADABLE:
            return
        self.parsed = True
        for node in ast.walk(tree):
            self.nodes.append(node)
            for child in ast.iter_child_nodes(node):
                self.parent[child] = node

    def known(self, number: int | None) -> int | None:
        """Give back a line's number if there can be such a line."""
        return number if number is not None and 1 <= number <= self.last else None

    def line(self, number: int | None) -> str | None:
        """Give a line without its indentation; ``None`` where there is no such line."""
        if number is None or not 1 <= number <= len(self.lines):
            return None
        return self.lines[number - 1].strip()

    def calls(self, *names: str) -> list[ast.Call]:
        """Give all calls of these functions or methods, in the order of the text."""
        found = [node for node in self.nodes if isinstance(node, ast.Call) and method(node) in names]
        return sorted(found, key=lambda node: (node.lineno, node.col_offset))

    def uncalled(self, *names: str) -> list[ast.Attribute]:
        """Give all statements that only name such a method: ``s.close`` where ``s.close()`` was meant."""
        found = [
            node.value
            for node in self.nodes
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Attribute) and node.value.attr in names
        ]
        return sorted(found, key=lambda node: node.lineno)

    def only_named(self, name: str) -> list[int]:
        """Give the lines that take a method without calling it: ``c = s.accept``."""
        called = {id(node.func) for node in self.nodes if isinstance(node, ast.Call)}
        found = [node for node in self.nodes if isinstance(node, ast.Attribute) and node.attr == name]
        return sorted(node.lineno for node in found if id(node) not in called)

    def at(self, number: int | None) -> list[ast.AST]:
        """Give all nodes of the statement on a line; of a loop or the like, those of its header."""
        if number is None:
            return []
        found: list[ast.AST] = []
        for node in self.nodes:
            if not isinstance(node, ast.stmt) or not node.lineno <= number <= (node.end_lineno or 0):
                continue
            parts = (
                [node]
                if not hasattr(node, "body")
                else [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.stmt)]
            )
            for part in parts:
                if getattr(part, "lineno", number) <= number <= getattr(part, "end_lineno", number):
                    found += ast.walk(part)
        return found

    def calls_at(self, number: int | None, *names: str) -> list[ast.Call]:
        """Give the calls on a line: all, or those of these methods."""
        return [node for node in self.at(number) if isinstance(node, ast.Call) and (not names or method(node) in names)]

    def looped(self, node: ast.AST) -> bool:
        """Whether a node is repeated: it stands in a loop, or in a function that is used in one."""
        todo, seen = [node], set[str]()
        while todo:
            place = todo.pop()
            while (above := self.parent.get(place)) is not None:
                if isinstance(above, _LOOPS) and place is not getattr(above, "iter", None):
                    return True
                place = above
                name = getattr(above, "name", "") if isinstance(above, _FUNCTIONS) else ""
                if name and name not in seen:
                    seen.add(name)
                    todo += self.uses(name)
        return False

    def before(self, call: ast.Call, lines: Sequence[int]) -> bool:
        """Whether a call stands before the place that a traceback's lines lead to, as far as the text's order tells.

        It is compared with the line of its own function, where that is among them: a function may stand
        above the lines that are run before it is called.
        """
        scope = self.parent.get(call)
        while scope is not None and not isinstance(scope, _FUNCTIONS):
            scope = self.parent.get(scope)
        own = [line for line in lines if self._function_at(line) is scope]
        return call.lineno <= max(own or lines, default=call.lineno)

    def _function_at(self, line: int) -> ast.AST | None:
        around = [n for n in self.nodes if isinstance(n, _FUNCTIONS) and n.lineno <= line <= (n.end_lineno or n.lineno)]
        return max(around, key=lambda node: node.lineno, default=None)

    def loop_above(self, node: ast.AST) -> Loop | None:
        """Give the innermost loop that a node stands in."""
        above = self.parent.get(node)
        while above is not None and not isinstance(above, _LOOPS):
            above = self.parent.get(above)
        return above

    def loop_that_ends(self, *names: str) -> Loop | None:
        """Give the loop around one of these calls that comes to an end by itself: ``for``, or ``while data:``."""
        for call in self.calls(*names):
            loop = self.loop_above(call)
            if isinstance(loop, ast.For) or (isinstance(loop, ast.While) and not isinstance(loop.test, ast.Constant)):
                return loop
        return None

    def leaves(self, *, unasked: bool = False) -> list[int]:
        """Give the lines that leave a loop or end the program: ``break``, ``return``, ``sys.exit()``.

        ``unasked``: only those that no ``if`` or ``except`` stands before.
        """
        ways = [n for n in self.nodes if isinstance(n, (ast.Break, ast.Return)) and self.looped(n)]
        found: list[ast.Break | ast.Return | ast.Call] = [*ways, *self.calls("exit", "quit", "_exit")]
        return sorted(node.lineno for node in found if not (unasked and self._asked(node)))

    def _asked(self, node: ast.AST) -> bool:
        """Whether a condition inside the innermost loop, or function, stands before a node."""
        above = self.parent.get(node)
        while above is not None and not isinstance(above, (*_LOOPS, *_FUNCTIONS)):
            if isinstance(above, (ast.If, ast.ExceptHandler, ast.Match)):
                return True
            above = self.parent.get(above)
        return False

    def uses(self, name: str) -> list[ast.AST]:
        """Give all places where a name is read, as a variable or behind a dot."""
        return self._uses.get(name, [])

    @functools.cached_property
    def _uses(self) -> dict[str, list[ast.AST]]:
        found: dict[str, list[ast.AST]] = {}
        for node in self.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
            elif isinstance(node, ast.Attribute):
                found.setdefault(node.attr, []).append(node)
        return found

    def bindings(self, name: str) -> list[Binding]:
        """Give all assignments to a name, in the order of the text."""
        return sorted(self._bindings.get(name, []), key=lambda binding: binding.line)

    @functools.cached_property
    def _bindings(self) -> dict[str, list[Binding]]:
        found: dict[str, list[Binding]] = {}
        for target, value in self._assignments():
            if isinstance(target, ast.Name):
                found.setdefault(target.id, []).append(Binding(value, None, target.lineno))
            elif isinstance(target, (ast.Tuple, ast.List)):
                for index, part in enumerate(target.elts):
                    if isinstance(part, ast.Name):
                        found.setdefault(part.id, []).append(Binding(value, index, target.lineno))
        return found

    def _assignments(self) -> Iterator[tuple[ast.expr, ast.expr]]:
        for node in self.nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        yield target, value
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    yield target, value
                case ast.NamedExpr(target=target, value=value):
                    yield target, value
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    yield target, value

    def resolved(self, node: ast.expr) -> ast.expr:
        """Follow a name to the value it was last given in the text; other nodes are returned as they are."""
        for _ in range(_RESOLVED):
            bound = [b for b in self.bindings(node.id) if b.index is None] if isinstance(node, ast.Name) else []
            if not bound:
                break
            node = bound[-1].value
        return node


@functools.lru_cache(maxsize=8)
def code_of(text: str) -> Code:
    """Parse a program's text; the last few are kept, as one program has several checks."""
    return Code(text)
