"""Mutants: the reference solutions with one mistake each, made from their syntax trees; what the grader sees of them.

The gallery holds the mistakes that somebody thought of; these are all that lie one step beside the solution: a
statement gone or in the wrong place, a constant, a name or an argument changed. A mutant either behaves as the
reference does, and stands in `EQUAL` with the reason, or it must lose points: else the grader misses a mistake.
"""

from __future__ import annotations

import ast
import copy
import itertools
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from tests.gallery.entries import ROOT, grade_all
from tests.gallery.equal_mutants import EQUAL

PROGRAMS = ("udp_client", "udp_server", "tcp_client", "tcp_server")

_Value = str | bytes | bool | int | float | complex | EllipsisType | None
_CONSTANTS: dict[_Value, tuple[_Value, ...]] = {
    12000: (11999, 12001, 1200, 0, "12000"),
    2048: (0, 1, 512, 1024, 2047, 2049, "2048"),
    1024: (0, 1, 512, 1023, 1025, "1024"),
    1: (0, 2, "1"),
    "": ("localhost", "127.0.0.1", "0.0.0.0", "server"),
    "localhost": ("", "127.0.0.1", "server", "local host"),
}
"""Other values of the constants that mean something. Any other text is emptied, and lengthened."""
_NAMES: dict[str, tuple[str, ...]] = {
    "SOCK_DGRAM": ("SOCK_STREAM",),
    "SOCK_STREAM": ("SOCK_DGRAM",),
    "AF_INET": ("AF_INET6",),
    "sendto": ("send", "sendall"),
    "send": ("sendall", "sendto", "recv"),
    "recvfrom": ("recv", "accept", "sendto"),
    "recv": ("recvfrom", "send", "accept"),
    "bind": ("connect", "listen"),
    "connect": ("bind", "connect_ex", "listen", "sendto"),
    "listen": ("accept", "connect"),
    "accept": ("recv", "recvfrom", "listen"),
    "close": ("shutdown", "detach"),
    "encode": ("decode",),
    "decode": ("encode",),
    "upper": ("lower", "title", "swapcase", "capitalize", "strip", "isupper", "casefold"),
    "print": ("input", "str"),
    "input": ("print", "str"),
}
"""Names that students know, and take for each other."""


@dataclass(frozen=True)
class Mutant:
    """A reference solution with one change."""

    program: str
    kind: str
    change: str
    """The statement as it reads now; one that is gone, as it read; two that changed places, as they stand now."""
    source: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when the solution changes elsewhere."""
        return self.program, self.kind, self.change


@dataclass(frozen=True)
class Graded:
    """A mutant with its ``results.json``."""

    mutant: Mutant
    results: dict[str, Any]

    def failed(self, checks: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """Give the tests that failed, in the rubric's order; of these checks alone if they are given."""
        tests = [test for test in self.results["tests"] if test["extra_data"]["verdict"] == "failed"]
        return [test for test in tests if checks is None or test["extra_data"]["check"] in checks]


@dataclass(frozen=True)
class Score:
    """What became of the mutants of one program."""

    caught: Sequence[Graded]
    survived: Sequence[Graded]
    """Mistakes that the grader does not see."""
    equal: Sequence[Graded]
    blamed: Sequence[Graded]
    """No mistakes, and yet they lost points."""

    def __str__(self) -> str:
        wanted = len(self.caught) + len(self.survived)
        same = len(self.equal) + len(self.blamed)
        percent = 100 * len(self.caught) / wanted if wanted else 0
        counted = f"{wanted + same:>4} mutants, {same:>3} equal ({len(self.blamed)} of them lost points)"
        return f"{counted}, {len(self.caught):>4} caught, {len(self.survived):>3} survived: {percent:.4g} %"


def score(graded: Iterable[Graded], checks: Iterable[str] | None = None) -> Score:
    """Say which mutants the checks tell from the reference: all checks, or those that are named."""
    named = None if checks is None else set(checks)
    parts: dict[tuple[bool, bool], list[Graded]] = {
        (equal, lost): [] for equal in (False, True) for lost in (False, True)
    }
    for one in graded:
        parts[one.mutant.key in EQUAL, bool(one.failed(named))].append(one)
    return Score(parts[False, True], parts[False, False], parts[True, False], parts[True, True])


def grade_mutants(made: Sequence[Mutant]) -> Iterator[Graded]:
    """Grade mutants in order."""
    programs = ((mutant.source.encode(), mutant.program) for mutant in made)
    for mutant, results in zip(made, grade_all(programs), strict=True):
        if not results["extra_data"]["complete"]:
            raise AssertionError(f"the grader itself broke on {mutant.key}:\n{mutant.source}")
        yield Graded(mutant, results)


def mutants(program: str) -> list[Mutant]:
    """Make all mutants of one reference solution that compile, each once."""
    (path,) = (ROOT / "solutions").glob(f"*/{program}.py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    del tree.body[0]  # the docstring: nothing that can go wrong
    return list(mutants_of(tree, program))


def mutants_of(tree: ast.Module, program: str) -> Iterator[Mutant]:
    """Make all mutants of a syntax tree."""
    seen = {ast.dump(tree)}
    for kind, change, mutated in itertools.chain(_of_statements(tree), _of_expressions(tree), _everywhere(tree)):
        source = ast.unparse(ast.fix_missing_locations(mutated))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "'str' object is not callable": a mistake like any other
                compile(source, program, "exec")
        except SyntaxError:
            continue
        dump = ast.dump(ast.parse(source))
        if dump not in seen:
            seen.add(dump)
            yield Mutant(program, kind, change, source + "\n")


_Change = tuple[str, str, ast.AST]


def _of_statements(tree: ast.Module) -> Iterator[_Change]:
    """Take statements away, and put them elsewhere."""
    for block in [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.While)]:
        for at, one in enumerate(block.body):
            yield "deletion", _text(one), _with(tree, one, [])
            if isinstance(one, ast.Assign):
                yield "deletion", f"the name of {_text(one)}", _with(tree, one, [ast.Expr(one.value)])
            if isinstance(one, ast.While):
                (*but_last, last), (first, *but_first) = one.body, one.body
                yield "loop", "removed", _with(tree, one, one.body)
                yield "loop", f"after {_text(first)}", _with(tree, one, [first, _loop(one, but_first)])
                yield "loop", f"before {_text(last)}", _with(tree, one, [_loop(one, but_last), last])
            for two in block.body[at + 1 : at + 2]:
                swapped = copy.copy(block)
                swapped.body = [*block.body[:at], two, one, *block.body[at + 2 :]]
                yield "swap", f"{_text(two)} / {_text(one)}", _with(tree, block, [swapped])
                if isinstance(two, ast.While):
                    larger = copy.copy(block)
                    larger.body = [*block.body[:at], _loop(two, [one, *two.body]), *block.body[at + 2 :]]
                    yield "loop", f"around {_text(one)}", _with(tree, block, [larger])


def _loop(loop: ast.While, body: list[ast.stmt]) -> ast.While:
    return ast.While(loop.test, body, [])


def _of_expressions(tree: ast.Module) -> Iterator[_Change]:
    """Change one expression of one statement."""
    variables = sorted({node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_stored(node)})
    for statement in [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]:
        named = statement.targets[0] if isinstance(statement, ast.Assign) else None
        for node in ast.walk(statement.test if isinstance(statement, ast.While) else statement):
            if node is named and isinstance(node, ast.Name):
                continue  # under another name its value is an unknown name later on, as after its deletion
            for kind, new in _variants(node, variables):
                changed = _with(statement, node, [new])
                if isinstance(changed, ast.Expr) and isinstance(changed.value, ast.Name):
                    continue  # a name alone does nothing: the statement's deletion, once more
                yield kind, _text(changed), _with(tree, statement, [changed])


def _is_stored(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _variants(node: ast.AST, variables: Sequence[str]) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.Constant):
        yield from (("constant", ast.Constant(value)) for value in _other_values(node.value))
    elif isinstance(node, ast.Name):
        others = [name for name in variables if name != node.id] if node.id in variables else _NAMES.get(node.id, ())
        yield from (("name", ast.Name(name, node.ctx)) for name in others)
    elif isinstance(node, ast.Attribute):
        yield from (("name", ast.Attribute(node.value, name, node.ctx)) for name in _NAMES.get(node.attr, ()))
    elif isinstance(node, ast.Call):
        yield "call", node.func
        if isinstance(node.func, ast.Attribute):
            yield "call", node.func.value
        yield from (("call", each) for each in node.args)
        yield from (("argument", ast.Call(node.func, args, [])) for args in _rearranged(node.args))
    elif isinstance(node, ast.Tuple):
        yield from (("argument", ast.Tuple(items, node.ctx)) for items in _rearranged(node.elts))
        yield from (("argument", item) for item in node.elts)
    elif isinstance(node, ast.ImportFrom):
        yield "name", ast.Import([ast.alias(node.module or "")])
        for alias in node.names:
            yield "name", ast.ImportFrom(node.module, [other for other in node.names if other != alias], 0)


def _other_values(value: _Value) -> tuple[_Value, ...]:
    if isinstance(value, bool):
        return (not value,)
    return _CONSTANTS.get(value, ("", f"{value} ") if isinstance(value, str) else ())


def _rearranged(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for at, item in enumerate(items):
        yield [*items[:at], *items[at + 1 :]]
        if isinstance(item, ast.Tuple):
            yield [*items[:at], *item.elts, *items[at + 1 :]]
        if at:
            yield [*items[: at - 1], item, items[at - 1], *items[at + 1 :]]


def _everywhere(tree: ast.Module) -> Iterator[_Change]:
    """Import another name, and use it: the mistake of a student who does not meet it as an unknown name."""
    imported = [alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    for name, other in [(known, other) for known in imported for other in _NAMES.get(known, ())]:
        mutated = copy.deepcopy(tree)
        for node in ast.walk(mutated):
            if isinstance(node, ast.alias) and node.name == name:
                node.name = other
            elif isinstance(node, ast.Name) and node.id == name:
                node.id = other
        yield "name", f"{other} for {name}", mutated


class _Exchange(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: Sequence[ast.AST]) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        if node is self.old:
            return self.new[0] if len(self.new) == 1 else list(self.new)
        visited = self.generic_visit(node)
        if isinstance(visited, ast.While) and not visited.body:
            visited.body = [ast.Pass()]
        return visited


def _with(root: ast.AST, old: ast.AST, new: Sequence[ast.AST]) -> ast.AST:
    """Give a copy of a tree in which one node is exchanged; the tree itself stays as it is."""
    at = next(at for at, node in enumerate(ast.walk(root)) if node is old)
    mutated = copy.deepcopy(root)
    target = next(itertools.islice(ast.walk(mutated), at, None))
    exchanged: ast.AST = _Exchange(target, new).visit(mutated)
    return exchanged


def _text(node: ast.AST) -> str:
    """Give the first line of a statement, alike in all versions: Python 3.10 puts a tuple of targets in parentheses."""
    line = ast.unparse(ast.fix_missing_locations(copy.deepcopy(node))).splitlines()[0]
    target, equals, value = line.partition(" = ")
    return f"{target.removeprefix('(').removesuffix(')')} = {value}" if equals else line
