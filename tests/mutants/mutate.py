"""The mutants of a module: one small change of its text each, as a person would make by mistake. Pure."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from tests.mutants.changes import changes


@dataclass(frozen=True)
class Mutant:
    """One change: the text from `start` to `end` (characters) of the module becomes `after`."""

    module: str
    number: int
    line: int
    start: int
    end: int
    before: str
    after: str
    original: str

    @property
    def change(self) -> str:
        """What is changed, in one line."""
        return f"{_short(self.before)} -> {_short(self.after)}".strip()

    @property
    def key(self) -> str:
        """A name that stays when lines move: module, line of text, change, and which of several such."""
        told = "\n".join((self.module, self.original, self.change, str(self.number)))
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    def of(self, source: str) -> str:
        """The module's text with the change."""
        return source[: self.start] + self.after + source[self.end :]


def mutants(module: str, source: str) -> list[Mutant]:
    """Every mutant of the module in the order of its text; each can be compiled and reads another tree."""
    lines = source.splitlines()
    tree = ast.dump(ast.parse(source))
    seen: dict[tuple[str, str], Iterator[int]] = {}
    found = []
    for start, end, after in sorted(set(changes(source))):
        changed = source[:start] + after + source[end:]
        try:
            if ast.dump(ast.parse(changed)) == tree:
                continue
        except SyntaxError:
            continue
        line = source.count("\n", 0, start) + 1
        original = lines[line - 1].strip()
        before = source[start:end]
        number = next(seen.setdefault((original, f"{_short(before)} -> {_short(after)}"), count()))
        found.append(Mutant(module, number, line, start, end, before, after, original))
    return found


def _short(text: str) -> str:
    return " ".join(text.split())[:100]
