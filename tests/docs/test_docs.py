"""Documents that cannot lie: generated ones equal what the program says, links lead somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import factcheck
from factcheck.studio.webhook import metrics
from tests.docs.generate import pages

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    """The generated pages as they would be written now."""
    return pages()


@pytest.mark.parametrize(
    "name",
    [
        "cli.md", "configuration.md", "lint.md", "codes.md", "glossary.md", "data.md", "values.md", "environment.md",
        "metrics.md",
    ],
)  # fmt: skip
def test_generated_pages_are_what_the_program_says(name: str, made: dict[str, str]) -> None:
    assert (ROOT / "docs" / name).read_text("utf-8") == made[name], "run `make generate`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{target} is not there"


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for page in PAGES:
        for name in re.findall(r"^\s*(?:\$ )?make ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
            assert name in targets, f"{page.name} names `make {name}`"


def test_every_item_of_bad_input_names_tests_that_exist() -> None:
    page = (ROOT / "docs" / "bad-input.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|.*$", page, re.MULTILINE)
    assert [int(number) for number in rows] == list(range(1, 63))
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", page)
    assert len(named) > len(rows)
    for path, test in named:
        assert re.search(rf"^def {test}\(", (ROOT / "tests" / path).read_text("utf-8"), re.MULTILINE), f"{path}::{test}"


def test_every_metric_that_a_page_speaks_of_is_one() -> None:
    for page in (ROOT / "docs" / "monitoring.md", ROOT / "docs" / "watch.md"):
        named = {*re.findall(r"\bfactcheck_\w+", page.read_text("utf-8"))} - {"factcheck_"}
        assert named
        assert named <= {*metrics._KNOWN}, page.name


def test_how_to_cite_names_the_version_of_the_program() -> None:
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.findall(r"^version: (.*)$", text, re.MULTILINE) == [factcheck.__version__]


def test_no_message_sends_a_reader_to_a_file_that_no_wheel_carries() -> None:
    for path in sorted((ROOT / "factcheck").rglob("*")):
        if path.suffix == ".py":
            said = [text for text in strings(path) if re.search(r"\bdocs/\w", text)]
        elif path.suffix == ".toml":
            said = re.findall(r".*\bdocs/.*", path.read_text("utf-8"))
        else:
            continue
        assert not said, f"{path.name}: {said}"


def strings(path: Path) -> list[str]:
    """Every text of a module but its docstrings, which are for those who have the repository."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
