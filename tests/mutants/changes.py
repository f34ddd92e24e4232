"""The small changes that a person would make by mistake: an operator, a bound, a condition, a step left out. Pure."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

Change = tuple[int, int, str]
"""From and to which character of the module, and what comes there instead."""

COMPARE = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "*", "|": "&", "&": "|", "-=": "+=", "+=": "-="}
NAMES = {"min": "max", "max": "min", "any": "all", "all": "any", "first": "last", "last": "first"}
NAMES |= {"max_horizontal": "min_horizontal", "min_horizontal": "max_horizontal", "anti": "semi", "semi": "anti"}

_SPOKEN = {"hint", "description", "title", "help", "pattern", "subject"}
"""Arguments that people read, or that another rule looks after: how a thing is said is no law."""

_ORDERED = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_TYPES = {"Literal", "dict", "list", "set", "tuple", "Annotated"}


def changes(source: str) -> Iterator[Change]:
    """Every change of one place; some of them say the same as the module does, or are no Python."""
    places = _Places(source)
    tree = ast.parse(source)
    silent = _silent(tree)
    for node in ast.walk(tree):
        if id(node) not in silent:
            yield from _of_node(node, places)
    for word in _words(tree):
        if id(word) not in silent:
            yield *places.span(word), '"XX"'


def _words(tree: ast.AST) -> Iterator[ast.Constant]:
    """Words that decide something: compared with, or given back. A column's name is no choice, and is left out."""
    for node in ast.walk(tree):
        parts: list[ast.expr | None] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.Return):
            parts = [node.value]
        elif isinstance(node, ast.IfExp):
            parts = [node.body, node.orelse]
        for part in parts:
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                yield part


def _silent(tree: ast.AST) -> set[int]:
    """The nodes that say nothing at run time or only to a person: annotations, docstrings, messages, type checks."""
    roots: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            roots.append(node.annotation)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            roots.append(node.returns)
        elif isinstance(node, ast.keyword) and node.arg in _SPOKEN:
            roots.append(node.value)
        elif _says_nothing(node):
            roots.append(node)
    return {id(inner) for root in roots for inner in ast.walk(root)}


def _says_nothing(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise | ast.Assert):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Subscript):
        return isinstance(node.value, ast.Name) and node.value.id in _TYPES
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


class _Places:
    """Where nodes and tokens of a module are, in characters from its beginning."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = source.splitlines(keepends=True)
        self._starts = [0]
        for line in self._lines:
            self._starts.append(self._starts[-1] + len(line))
        self.tokens = [
            (self._starts[token.start[0] - 1] + token.start[1], self._starts[token.end[0] - 1] + token.end[1], token)
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type in {tokenize.OP, tokenize.NAME}
        ]

    def at(self, line: int, column: int) -> int:
        """The character of a line and a column in bytes, as `ast` counts them."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno, node.end_col_offset)

    def text(self, node: ast.expr) -> str:
        return self._source[slice(*self.span(node))]

    def between(self, left: ast.expr, right: ast.expr, known: dict[str, str]) -> Iterator[Change]:
        """The operator between two nodes, and what `known` makes of it."""
        end, start = self.span(left)[1], self.span(right)[0]
        inside = [one for one in self.tokens if end <= one[0] and one[1] <= start and one[2].string not in "()"]
        if inside and (after := known.get(" ".join(one[2].string for one in inside))):
            yield inside[0][0], inside[-1][1], after


def _of_node(node: ast.AST, places: _Places) -> Iterator[Change]:
    if made := _OF.get(type(node)):
        yield from made(node, places)


def _compare(node: ast.Compare, places: _Places) -> Iterator[Change]:
    for left, right in pairwise([node.left, *node.comparators]):
        yield from places.between(left, right, COMPARE)


def _both(node: ast.BoolOp, places: _Places) -> Iterator[Change]:
    for left, right in pairwise(node.values):
        yield from places.between(left, right, {"and": "or", "or": "and"})


def _arithmetic(node: ast.BinOp, places: _Places) -> Iterator[Change]:
    if not (isinstance(node.op, ast.Add | ast.Mod) and _has_text(node)):
        yield from places.between(node.left, node.right, ARITHMETIC)


def _added(node: ast.AugAssign, places: _Places) -> Iterator[Change]:
    yield from places.between(node.target, node.value, ARITHMETIC)


def _sign(node: ast.UnaryOp, places: _Places) -> Iterator[Change]:
    inner = places.text(node.operand)
    if isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield *places.span(node), f"({inner})" if isinstance(node.op, ast.Not) else inner


def _condition(node: ast.If | ast.While | ast.IfExp, places: _Places) -> Iterator[Change]:
    yield from _denied(node.test, places)


def _filter(node: ast.comprehension, places: _Places) -> Iterator[Change]:
    for test in node.ifs:
        yield from _denied(test, places)


def _name(node: ast.Name | ast.Attribute, places: _Places) -> Iterator[Change]:
    name = node.id if isinstance(node, ast.Name) else node.attr
    if after := NAMES.get(name):
        end = places.span(node)[1]
        yield end - len(name), end, after


def _answer(node: ast.Return, places: _Places) -> Iterator[Change]:
    if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
        yield *places.span(node.value), "None"


def _deed(node: ast.Expr, places: _Places) -> Iterator[Change]:
    if isinstance(node.value, ast.Call | ast.Await):
        yield *places.span(node), "pass"


def _jump(node: ast.Break | ast.Continue, places: _Places) -> Iterator[Change]:
    yield *places.span(node), "continue" if isinstance(node, ast.Break) else "break"


def _denied(test: ast.expr, places: _Places) -> Iterator[Change]:
    """The opposite of a condition, unless turning its one operator round says the same."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and not isinstance(test.ops[0], _ORDERED):
        return
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return
    yield *places.span(test), f"not ({places.text(test)})"


def _constant(node: ast.Constant, places: _Places) -> Iterator[Change]:
    value, (start, end) = node.value, places.span(node)
    if isinstance(value, bool):
        yield start, end, str(not value)
    elif isinstance(value, int):
        yield start, end, str(value + 1)
        if value > 1:
            yield start, end, str(value - 1)
    elif isinstance(value, float):
        yield start, end, str(value + 0.25)


def _without_one(node: ast.Set | ast.List | ast.Tuple, places: _Places) -> Iterator[Change]:
    """A literal of several constants without one of its last three."""
    if len(node.elts) < 2 or not all(isinstance(one, ast.Constant | ast.Name) for one in node.elts):
        return
    if not isinstance(node, ast.Set) and not isinstance(node.ctx, ast.Load):
        return
    pair = isinstance(node, ast.Tuple) and len(node.elts) == 2
    for left, right in [*pairwise(node.elts)][-3:]:
        yield places.span(left)[1], places.span(right)[1], "," if pair else ""


def _has_text(node: ast.AST) -> bool:
    return any(
        isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
        for one in ast.walk(node)
    )


_OF: dict[type[ast.AST], Callable[[Any, _Places], Iterator[Change]]] = {
    ast.Compare: _compare,
    ast.BoolOp: _both,
    ast.BinOp: _arithmetic,
    ast.AugAssign: _added,
    ast.UnaryOp: _sign,
    ast.Constant: _constant,
    ast.If: _condition,
    ast.While: _condition,
    ast.IfExp: _condition,
    ast.comprehension: _filter,
    ast.Name: _name,
    ast.Attribute: _name,
    ast.Return: _answer,
    ast.Expr: _deed,
    ast.Break: _jump,
    ast.Continue: _jump,
    ast.Set: _without_one,
    ast.List: _without_one,
    ast.Tuple: _without_one,
}
