"""Which error codes the code behind each command can end it with, read from the source: nothing is run.

From a command's function on, every function that it names is looked at, every method of a class that it names if
something that is looked at has an attribute of that name, and so on. What is caught on the way up is left out. So a
code may be listed that no input brings about; one that is missing is a mistake here.
"""

from __future__ import annotations

import ast
import functools
import importlib
import inspect
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import typer.main

from factcheck import errors
from factcheck.cli import app
from factcheck.errors import FactcheckError
from tests.docs.source_names import FUNCTIONS, Scope, dotted, imports_of, modules, resolved

_RUN = "factcheck.cli.run:Run"
"""What every command is given."""
Caught = tuple[type[FactcheckError], ...]


class Site(NamedTuple):
    """A place in a function: what it names (a definition, an attribute or an error), and what is caught around it."""

    kind: str
    name: str
    caught: Caught


def _error(full: str | None) -> type[FactcheckError] | None:
    """The error class of that name; None for what is none."""
    if full is None or ":" not in full:
        return None
    module, _, name = full.partition(":")
    found = getattr(importlib.import_module(module), name, None) if _is_error(full) else None
    return found if isinstance(found, type) and issubclass(found, FactcheckError) else None


@functools.cache
def _is_error(full: str) -> bool:
    module, _, name = full.partition(":")
    node = modules()[module].defined.get(name)
    if module == errors.__name__:
        return isinstance(getattr(errors, name, None), type)
    bases = [resolved(Scope(module), base) for it in (node.bases if isinstance(node, ast.ClassDef) else ())
             if (base := dotted(it))]  # fmt: skip
    return any(_is_error(base) for base in bases if base and ":" in base)


def _sites(scope: Scope, node: ast.AST, caught: Caught = ()) -> Iterator[Site]:
    """The places in a part of a function, with what is caught around each."""
    for child, around in _parts(scope, node, caught):
        yield from _sites(scope, child, around)
    if isinstance(node, ast.Call) and (kind := _class_of(scope, node.func)) is not None:
        if kind is not errors.Rejected:  # one input is put aside, and the run goes on
            yield Site("error", kind.code, caught)
    elif isinstance(node, ast.Name | ast.Attribute):
        yield from _named(scope, node, caught)


def _parts(scope: Scope, node: ast.AST, caught: Caught) -> Iterator[tuple[ast.AST, Caught]]:
    if isinstance(node, ast.Try):
        inside = caught + tuple(_stopped(scope, node))
        yield from ((part, inside) for part in (*node.body, *node.orelse))
        yield from ((part, caught) for handler in node.handlers for part in handler.body)
        yield from ((part, caught) for part in node.finalbody)
    elif isinstance(node, ast.With):
        yield from ((item, caught) for item in node.items)
        inside = caught + tuple(_suppressed(scope, node))
        yield from ((part, inside) for part in node.body)
    else:
        # Annotations name types and call nothing.
        yield from ((part, caught) for part in ast.iter_child_nodes(node) if not isinstance(part, ast.arg))


def _named(scope: Scope, node: ast.Name | ast.Attribute, caught: Caught) -> Iterator[Site]:
    name = dotted(node)
    full = resolved(scope, name) if name else None
    if full and ":" in full:
        yield Site("definition", full, caught)
    elif isinstance(node, ast.Attribute):
        if node.attr == "exit_code" and (kind := _class_of(scope, node.value)):  # a command ends with it
            yield Site("error", kind.code, ())
        yield Site("attribute", node.attr, caught)


def _suppressed(scope: Scope, node: ast.With) -> Iterator[type[FactcheckError]]:
    for item in node.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and (dotted(call.func) or "").endswith("suppress"):
            yield from filter(None, (_class_of(scope, it) for it in call.args))


def _class_of(scope: Scope, node: ast.AST) -> type[FactcheckError] | None:
    name = dotted(node)
    return _error(resolved(scope, name)) if name else None


def _stopped(scope: Scope, node: ast.Try) -> Iterator[type[FactcheckError]]:
    """The errors that a `try` keeps from going up: caught, and not raised again."""
    for handler in node.handlers:
        again = any(isinstance(it, ast.Raise) and it.exc is None for it in ast.walk(handler))
        if again or _is_kept(handler):
            continue
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else []
        yield from filter(None, (_class_of(scope, kind) for kind in kinds))


def _is_kept(handler: ast.ExceptHandler) -> bool:
    """Whether what was caught is kept or handed on, as by one who ends with its exit code later."""
    causes = {id(it.cause) for it in ast.walk(handler) if isinstance(it, ast.Raise)}
    inner = {id(it.value) for it in ast.walk(handler) if isinstance(it, ast.Attribute | ast.FormattedValue)}
    return any(
        isinstance(it, ast.Name) and it.id == handler.name and id(it) not in causes | inner for it in ast.walk(handler)
    )


@functools.cache
def _of(full: str) -> tuple[tuple[Site, ...], dict[str, tuple[Site, ...]]]:
    """The places of a function, or of a class: of its own body and constructor, and of each method by name."""
    module, _, name = full.partition(":")
    node = modules()[module].defined[name]
    if not isinstance(node, ast.ClassDef):
        body = node.body if isinstance(node, FUNCTIONS) else [node]
        scope = Scope(module, imports_of(node) if isinstance(node, FUNCTIONS) else {})
        return tuple(it for part in body for it in _sites(scope, part)), {}
    own: list[Site] = []
    methods = {}
    bases = [resolved(Scope(module), base) for it in node.bases if (base := dotted(it))]
    # What a class of another library calls of ours has no call here.
    foreign = any(base is None or ":" not in base for base in bases)
    for part in node.body:
        if isinstance(part, FUNCTIONS):
            scope = Scope(module, imports_of(part))
            methods[part.name] = tuple(it for one in part.body for it in _sites(scope, one))
            own += methods[part.name] if foreign or part.name.startswith("__") else ()
    own += [Site("definition", base, ()) for base in bases if base and ":" in base]
    return tuple(own), methods


def codes(function: Any) -> set[str]:
    """The codes with which the code behind a function can end it."""
    start = f"{function.__module__}:{function.__name__}"
    seen, attributes, size = {start, _RUN}, set[str](), -1
    while size != len(seen) + len(attributes):
        size = len(seen) + len(attributes)
        own = [it for one in seen for it in _of(one)[0]]
        own += [it for one in seen for name, sites in _of(one)[1].items() if name in attributes for it in sites]
        attributes |= {it.name for it in own if it.kind == "attribute"}
        seen |= {it.name for it in own if it.kind == "definition" and not _is_error(it.name)}
    return _fixed(seen, start)


def _fixed(seen: set[str], start: str) -> set[str]:
    """The codes of the first function, once those of all that it reaches stand still."""
    parts: dict[str, tuple[Site, ...]] = {one: _of(one)[0] for one in seen}
    named: dict[str, list[str]] = {}
    for one in seen:
        for name, sites in _of(one)[1].items():
            parts[f"{one}.{name}"] = sites
            named.setdefault(name, []).append(f"{one}.{name}")
    found: dict[str, set[str]] = {one: set() for one in parts}
    moved = True
    while moved:
        moved = False
        for one, sites in parts.items():
            new = {code for site in sites for code in _codes_of(site, found, named)}
            if new - found[one]:
                found[one] |= new
                moved = True
    return found[start]


def _codes_of(site: Site, found: Mapping[str, set[str]], named: Mapping[str, list[str]]) -> set[str]:
    if site.kind == "error":
        told = {site.name}
    elif site.kind == "definition":
        told = found.get(site.name, set())
    else:
        told = {code for one in named.get(site.name, ()) for code in found[one]}
    return {code for code in told if not _caught(code, site.caught)}


@functools.cache
def kinds() -> dict[str, type[FactcheckError]]:
    """The error class of each code."""
    todo: list[type[FactcheckError]] = [FactcheckError]
    found: dict[str, type[FactcheckError]] = {}
    while todo:
        kind = todo.pop()
        found.setdefault(kind.code, kind)
        todo += kind.__subclasses__()
    return found


def _caught(code: str, caught: Caught) -> bool:
    return bool(caught) and issubclass(kinds()[code], caught)


def commands() -> dict[str, Any]:
    """The function of each command by its name as it is typed."""
    found: dict[str, Any] = {}

    def walk(group: Any, path: tuple[str, ...]) -> None:
        for name, inner in group.commands.items():
            if hasattr(inner, "commands"):
                walk(inner, (*path, name))
            else:
                called = inspect.unwrap(inner.callback)
                found[" ".join((*path, name))] = _behind(called)

    walk(typer.main.get_command(app), ())
    return found


def _behind(callback: Any) -> Any:
    """The function that `verb` decorated, which typer calls through another one."""
    cells = inspect.getclosurevars(callback).nonlocals
    return cells["function"] if "function" in cells else _behind(cells["callback"])
