"""What the names in the package's source mean: which definition or module each of them is. Nothing is imported."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import factcheck

ROOT = Path(str(factcheck.__file__)).parent
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEEPEST = 8
"""So many modules may hand a name on."""


class Module(NamedTuple):
    """A module's definitions, and what its names are imported from."""

    tree: ast.Module
    imports: Mapping[str, str]
    defined: Mapping[str, ast.stmt]


@functools.cache
def modules() -> dict[str, Module]:
    """Every module of the package by its name."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = ".".join(("factcheck", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        found[name] = Module(tree, imports_of(tree), dict(defined_by(tree)))
    return found


def imports_of(tree: ast.AST) -> dict[str, str]:
    """Where the names come from that a module, or a function, imports."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {it.asname or it.name: f"{node.module}.{it.name}" for it in node.names}
        elif isinstance(node, ast.Import):
            for it in node.names:
                top = it.name.partition(".")[0]
                found[it.asname or top] = it.name if it.asname else top
    return found


def defined_by(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((it.id, node) for it in targets if isinstance(it, ast.Name))


class Scope(NamedTuple):
    """A module, and what a function of it imports for itself."""

    module: str
    own: Mapping[str, str] = {}


def resolved(scope: Scope, name: str, depth: int = 0) -> str | None:
    """The full name of what a dotted name in a module is: a definition of the package or one of its modules."""
    head, _, rest = name.partition(".")
    module, here = scope.module, modules()[scope.module]
    if head in here.defined and head not in scope.own:
        full = f"{module}:{head}"
        return full if not rest else None
    imports = {**here.imports, **scope.own}
    if head not in imports or depth > _DEEPEST:
        return None
    target = imports[head] + (f".{rest}" if rest else "")
    parts = target.split(".")
    # What a package takes from its modules goes before a module of the same name.
    for length in range(1, len(parts)):
        owner, inner = ".".join(parts[:length]), ".".join(parts[length:])
        if owner in modules() and (found := resolved(Scope(owner), inner, depth + 1)) is not None:
            return found
    return target if target in modules() else None


def dotted(node: ast.AST) -> str | None:
    """The name with its dots that an expression is; None for another expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (base := dotted(node.value)) is not None:
        return f"{base}.{node.attr}"
    return None
