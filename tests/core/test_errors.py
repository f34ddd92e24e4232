"""The tree of errors: whole, documented, and fit to cross from one process to another."""

from __future__ import annotations

import functools
import importlib
import inspect
import pickle
import pkgutil
import re
import sys
from pathlib import Path
from typing import Any

import factcheck
from factcheck import errors
from factcheck.errors import FactcheckError

ROOT = Path(__file__).parents[2]


def _below(kind: type[FactcheckError]) -> list[type[FactcheckError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in _below(child))]


@functools.cache
def _defined() -> tuple[type[FactcheckError], ...]:
    """Every error the package defines, in whatever module."""
    for module in pkgutil.walk_packages(factcheck.__path__, "factcheck."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = dict.fromkeys(_below(FactcheckError))
    return tuple(kind for kind in found if kind.__module__.split(".")[0] == "factcheck")


def _made(kind: type[FactcheckError]) -> FactcheckError:
    """An instance of the error, each argument with a value of its own."""
    values: dict[str, Any] = {"str": "{} é \udcff", "int": 4, "bool": True, "float | None": 2.5}
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        value = values[parameter.annotation]
        value = value.format(name) if isinstance(value, str) else value
        if parameter.kind is parameter.KEYWORD_ONLY:
            named[name] = value
        else:
            positional.append(value)
    return kind(*positional, **named)


def test_an_error_arrives_whole_in_another_process() -> None:
    for kind in _defined():
        sent = _made(kind)
        sent.__notes__ = ["said on the way"]
        arrived = pickle.loads(pickle.dumps(sent))
        assert type(arrived) is kind
        assert (str(arrived), arrived.args, vars(arrived)) == (str(sent), sent.args, vars(sent))


def test_every_code_is_documented_with_its_exit_code() -> None:
    text = (ROOT / "docs" / "errors.md").read_text("utf-8")
    rows = re.findall(r"^\| ([\d, ]+) \|.*\| ([^|]*) \|$", text, re.MULTILINE)
    said = {
        (code, int(number))
        for numbers, codes in rows
        for number in numbers.split(", ")
        for code in re.findall(r"`([A-Z_]+)`", codes)
    }
    assert {(kind.code, kind.exit_code) for kind in _defined()} - said == set()


def test_the_picture_of_the_tree_is_the_tree() -> None:
    def lines(kind: type[FactcheckError], depth: int) -> list[tuple[int, str]]:
        children = [child for child in kind.__subclasses__() if child.__module__ == errors.__name__]
        return [(depth, kind.__name__), *(line for child in children for line in lines(child, depth + 1))]

    drawn = re.findall(r"^((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)(?:  |$)", errors.__doc__ or "", re.MULTILINE)
    assert [(len(indent) // 4, name) for indent, name in drawn] == lines(FactcheckError, 0)


def test_an_error_that_other_modules_catch_is_in_the_file_of_errors() -> None:
    elsewhere = [kind.__qualname__ for kind in _defined() if kind.__module__ != errors.__name__]
    assert [name for name in elsewhere if not name.startswith("_")] == []


def test_no_exception_of_the_package_is_outside_the_tree() -> None:
    """But for what must not be taken for the work's own failure; each says so in its docstring."""
    known = {kind.__qualname__ for kind in _defined()}
    meant = {"OutputLost", "Asked"}
    found = {
        name
        for module in list(sys.modules.values())
        if module.__name__.split(".")[0] == "factcheck"
        for name, kind in vars(module).items()
        if isinstance(kind, type) and issubclass(kind, BaseException) and kind.__module__ == module.__name__
    }
    assert found - known == meant
