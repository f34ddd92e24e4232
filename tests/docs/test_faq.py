"""Every error code has its questions, and every message that is quoted there is one that the program has."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import factcheck
from tests.docs import reach
from tests.docs.test_lines import parse

ROOT = Path(str(factcheck.__file__)).parent
PAGE = (Path(__file__).parents[2] / "docs" / "faq.md").read_text("utf-8")
ENTRIES = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL))


def rows(entry: str) -> list[list[str]]:
    return [re.split(r" \| ", line.strip("| ")) for line in entry.splitlines() if line.startswith("| `")]


def test_every_code_has_an_entry_and_every_entry_a_code() -> None:
    assert [*ENTRIES] == sorted(reach.kinds())


def test_every_entry_says_what_is_read_why_and_what_to_do() -> None:
    for code, entry in ENTRIES.items():
        assert rows(entry), code
        for cells in rows(entry):
            assert len(cells) == 3, f"{code}: {cells[0]}"
            assert all(cell.strip() for cell in cells), f"{code}: {cells[0]}"


def test_what_is_quoted_is_what_the_program_says() -> None:
    said = [
        node.value
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    everything = "\n".join(said)
    for code, entry in ENTRIES.items():
        for message, *_ in rows(entry):
            for quoted in re.findall(r"`([^`]+)`", message):
                for part in quoted.split("…"):
                    assert part.strip() in everything, f"{code}: nothing says '{part.strip()}'"


def test_every_command_that_is_advised_is_one() -> None:
    advised = re.findall(r"`factcheck ([^`]+)`", PAGE)
    assert len(advised) > 10
    for line in advised:
        parse([word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)])
