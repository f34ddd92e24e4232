"""Documents that cannot lie: generated ones equal what the program says, links lead somewhere."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.mark.parametrize("name", ["cli.md", "configuration.md"])
def test_generated_pages_are_what_the_program_says(name: str) -> None:
    generate = runpy.run_path(str(Path(__file__).parent / "generate.py"))
    assert (ROOT / "docs" / name).read_text("utf-8") == generate["pages"]()[name], "run `make generate`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{target} is not there"


def test_readme_names_only_commands_that_exist() -> None:
    reference = (ROOT / "docs" / "cli.md").read_text("utf-8")
    known = set(re.findall(r"^## factcheck (.+)$", reference, re.MULTILINE))
    for page in PAGES:
        for name in re.findall(r"^\s*(?:\$ )?factcheck ((?:studio )?[a-z-]+)", page.read_text("utf-8"), re.MULTILINE):
            assert name in known or name.split()[0] in known, f"{page.name} names `factcheck {name}`"


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
