"""What `make mutants` changes, and that its list of survivors is about the code of today."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tests.mutants import tree
from tests.mutants.matching import Matching, statement
from tests.mutants.mutate import mutants

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent


def changes(source: str) -> list[str]:
    return [one.change for one in mutants("m.py", source)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("LEAST = 10\n", ["10 -> 11", "10 -> 9"]),
        ("if (a) < b:\n    pass\n", ["(a) < b -> not ((a) < b)", "< -> <="]),
        ("x = a if not b else c\n", ["not b -> (b)"]),
        ("x = a not in b and c\n", ["not in -> in", "and -> or"]),
        ("def f():\n    g()\n    return 'yes'\n", ["g() -> pass", "'yes' -> \"XX\"", "'yes' -> None"]),
        ("x = {'a', 'b'}\n", [", 'b' ->"]),
        ("x = 'سلام' == y\n", ["'سلام' -> \"XX\"", "== -> !="]),
        ("x = -y + z\n", ["-y -> y", "+ -> -"]),
    ],
)
def test_the_changes_of_a_line(source: str, expected: list[str]) -> None:
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring of 3 words."""\n',
        "def f(x: int | None) -> dict[str, int]: ...\n",
        "raise ValueError(f'{1 + 2} is too much')\n",
        "Kind = Literal['a', 'b']\n",
        "x = f(hint='one of 3')\n",
    ],
)
def test_types_and_messages_are_left_alone(source: str) -> None:
    assert changes(source) == []


def test_a_mutant_keeps_its_key_when_lines_move_and_twins_differ() -> None:
    source = "x = 1 < 2\ny = 1 < 2 < 2\n"
    before = mutants("m.py", source)
    assert [one.key for one in mutants("m.py", "# new\n" + source)] == [one.key for one in before]
    assert len({one.key for one in before}) == len(before)
    for one in before:
        assert one.of(source) != source
        compile(one.of(source), "m.py", "exec")


def test_the_statement_around_a_line() -> None:
    source = "if (a and\n    b):\n    x = [\n        1,\n    ]\n"
    assert [list(statement(source, line)) for line in (1, 2, 4)] == [[1, 2], [1, 2], [3, 4, 5]]


def test_a_constant_is_shown_to_every_test_those_of_its_module_first(tmp_path: Path) -> None:
    seen = {
        "seconds": {"t::near": 2.0, "t::far": 1.0, "t::other": 0.5},
        "lines": {"a/m.py": {"1": [""], "2": [""], "3": ["t::near"]}, "b/m.py": {"1": ["t::other"]}},
    }
    path = tmp_path / "matching.json"
    path.write_text(json.dumps(seen), "utf-8")
    source = "LEAST = 10\ndef f():\n    return 1\n"
    constant, inside = (next(one for one in mutants("a/m.py", source) if one.line == line) for line in (1, 3))
    assert Matching(path).tests(constant, source) == ["t::near", "t::other", "t::far"]
    assert Matching(path).tests(inside, source) == ["t::near"]


def test_a_changed_module_is_what_it_was_afterwards(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("x = 1\n", "utf-8")
    with tree.changed(tmp_path, "m.py", "x = 2\n"):
        assert (tmp_path / "m.py").read_text("utf-8") == "x = 2\n"
    assert (tmp_path / "m.py").read_text("utf-8") == "x = 1\n"


def test_every_listed_survivor_is_a_mutant_of_today_with_a_reason() -> None:
    for row in tomllib.loads((HERE / "survivors.toml").read_text("utf-8"))["survivor"]:
        found = mutants(row["module"], (ROOT / row["module"]).read_text("utf-8"))
        assert (row["line"], row["change"]) in {(one.original, one.change) for one in found}, row
        assert len(row["reason"]) > 10


def test_every_room_names_modules_and_tests_that_are_there() -> None:
    rooms = tomllib.loads((HERE / "rooms.toml").read_text("utf-8"))["room"]
    for room in rooms:
        for pattern in (*room["modules"], *room.get("thorough", []), *room["tests"]):
            assert any(ROOT.glob(pattern)), f"{room['name']}: {pattern}"
