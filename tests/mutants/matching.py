"""Which tests a mutant is shown to: those that run its line, the quickest first. Found in one run without a mutant."""

from __future__ import annotations

import ast
import json
import time
from collections import defaultdict
from collections.abc import Collection, Generator, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.mutants.mutate import Mutant


class Watch:
    """A pytest plugin: which lines of the modules (paths in `tree`) each test runs, and how long it takes."""

    def __init__(self, tree: Path, modules: Collection[str], result: Path) -> None:
        import coverage

        self._tree, self._modules, self._result = tree, modules, result
        self._seconds: dict[str, float] = {}
        include = [str(tree / name) for name in modules]
        self._coverage = coverage.Coverage(data_file=None, include=include, config_file=False)
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        self._coverage.switch_context(item.nodeid)
        started = time.monotonic()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = time.monotonic() - started
            self._coverage.switch_context("")

    def save(self) -> None:
        """Write what was seen."""
        self._coverage.stop()
        data = self._coverage.get_data()
        lines = {name: data.contexts_by_lineno(str(self._tree / name)) for name in self._modules}
        self._result.write_text(json.dumps({"seconds": self._seconds, "lines": lines}))


class Order:
    """A pytest plugin: the chosen tests alone, in the order given."""

    def __init__(self, chosen: Iterable[str]) -> None:
        self._place = {name: number for number, name in enumerate(chosen)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self._place), key=lambda one: self._place[one.nodeid])


class Matching:
    """What `Watch` saw of a room."""

    def __init__(self, path: Path) -> None:
        seen = json.loads(path.read_text())
        self.seconds: Mapping[str, float] = seen["seconds"]
        self._lines: dict[str, dict[int, list[str]]] = {
            module: {int(line): tests for line, tests in lines.items()} for module, lines in seen["lines"].items()
        }

    def tests(self, mutant: Mutant, source: str) -> list[str]:
        """The tests that run the mutant's statement; of one that runs at import, those of its module, then all others.

        A constant is used wherever it is imported, and no line of its module need run for that.
        """
        lines = self._lines[mutant.module]
        here = {test for line in statement(source, mutant.line) for test in lines.get(line, ())}
        everywhere = here if "" not in here else {*self.seconds}
        near = {test for tests in lines.values() for test in tests}
        return sorted(everywhere - {""}, key=lambda test: (test not in near, self.seconds.get(test, 0.0)))


def statement(source: str, line: int) -> range:
    """The lines of the smallest statement around a line; of one with a body its head alone."""
    spans = defaultdict(list)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            end = max(end, node.lineno)
            if node.lineno <= line <= end:
                spans[end - node.lineno].append(range(node.lineno, end + 1))
    return spans[min(spans)][0] if spans else range(line, line + 1)
