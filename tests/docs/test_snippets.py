"""Every shell block of the README and the guides is run, or says in a comment before it why not."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from factcheck import dataset as ds
from factcheck.cli import app
from factcheck.samples import articles_folder
from tests.dataset import desks
from tests.fake_studio.answers import ADMIN_TOKEN, FakeStudio
from tests.fake_studio.props import Checker
from tests.fake_studio.served import serving

ROOT = Path(__file__).parents[2]
GENERATED = {"cli.md", "configuration.md"}
PAGES = [
    page
    for page in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")])
    if page.name not in GENERATED
]
FREE = [page for page in PAGES if page.name != "tutorial.md"]
"""Those whose blocks each stand alone."""
_BLOCK = re.compile(r"^(?:<!-- not run: ([^\n]+) -->\n\n?)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = {"", "sh"}
OTHERS = {"python", "toml", "json", "ini", "text", "sql", "mermaid"}


class Block(NamedTuple):
    """A shell block; `why` it is not run, or, after the beginnings of lines in backticks, why those are not."""

    page: str
    why: str
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines to run, without those left out."""
        left_out = re.findall(r"`([^`]+)`", self.why)
        if self.why and not left_out:
            return []
        lines = [line.removeprefix("$ ") for line in self.text.splitlines() if line.strip()]
        for beginning in left_out:
            assert any(line.startswith(beginning) for line in lines), f"{self.page}: no line is `{beginning}`"
        return [line for line in lines if not line.startswith(tuple(left_out))]


def blocks(page: Path) -> list[Block]:
    name = page.relative_to(ROOT).as_posix()
    found = _BLOCK.findall(page.read_text("utf-8"))
    return [Block(name, why.strip(), text) for why, language, text in found if language in SHELL]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_block_of_a_page_has_its_language(page: Path) -> None:
    assert {language for _, language, _ in _BLOCK.findall(page.read_text("utf-8"))} <= SHELL | OTHERS


class Desk:
    """A folder in which lines are typed, and the Label Studio of that desk, where one person answers."""

    def __init__(self, folder: Path, fake: FakeStudio, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.fake, self._patch = folder, fake, monkeypatch
        self.go(folder)

    def go(self, folder: Path) -> None:
        self.folder = folder
        self._patch.chdir(folder)

    def type(self, line: str) -> None:
        """Run the line; fails where it ends with anything but 0."""
        if made := re.fullmatch(r"mkdir (\w+) && cd \1", line):
            (self.folder / made[1]).mkdir()
            self.go(self.folder / made[1])
        elif line.startswith("factcheck "):
            arguments = shlex.split(line, comments=True)[1:]
            if arguments[0] == "pull":
                self.answer()
            done = CliRunner().invoke(app, arguments)
            assert done.exit_code == 0, f"{line}\n{done.output}"
            assert arguments[0] != "ingest" or "+ 0 rejected" in done.output, f"{line}\n{done.output}"
        else:
            subprocess.run(["bash", "-euc", line], check=True, capture_output=True, timeout=60)

    def answer(self) -> None:
        person = Checker("http://127.0.0.1:9", ADMIN_TOKEN, self.fake)
        person.submit(min(self.fake.store.tasks), "verified")


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    fake = FakeStudio()
    with serving(fake) as url:
        monkeypatch.setenv("FACTCHECK_STUDIO_URL", url)
        monkeypatch.setenv("FACTCHECK_TOKEN", ADMIN_TOKEN)
        yield Desk(tmp_path, fake, monkeypatch)


def with_versions(desk: Desk) -> None:
    """A desk with four versions, a file of each kind that a guide imports, and a tag to release."""
    made = desks.make(desk.folder / "made")
    desk.go(made)
    (made / "reviews.csv").write_text("claim,rating\nThe bridge cost 40 million.,False\nIt rained.,Unproven\n", "utf-8")
    (made / "feed.jsonld").write_text(
        '{"@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": "Exports fell by 3 percent.",'
        ' "url": "https://desk.example/1", "reviewRating": {"@type": "Rating", "alternateName": "False"}}',
        "utf-8",
    )
    for line in ("factcheck restore 1", "factcheck restore 2", "factcheck tag november-2026"):
        desk.type(line)


def placeholders(desk: Desk) -> dict[str, str]:
    """What the pages' examples of names are on this desk."""
    claim = str(ds.open(desk.folder / "dataset").claims().collect()["claim_id"].sort()[0])
    return {"clm_1a2b3c": claim, "FOLDER": str(desk.folder / "here")}


def test_the_quick_start_of_the_readme_runs(desk: Desk) -> None:
    shutil.copytree(articles_folder(), desk.folder / "factcheck" / "samples" / "articles")
    (start,) = [block for block in blocks(ROOT / "README.md") if "factcheck init" in block.text]
    for line in start.lines:
        desk.type(line)
    typed = [line.split()[1] for line in start.lines if line.startswith("factcheck")]
    assert typed == ["init", "ingest", "claims", "push", "push", "pull", "status", "export"]
    assert ds.open(desk.folder / "dataset").head == 1


def test_the_tutorial_leads_to_a_verdict(desk: Desk) -> None:
    for block in blocks(ROOT / "docs" / "tutorial.md"):
        for line in block.lines:
            desk.type(line)
    found = ds.open(desk.folder / "dataset")
    assert found.claims().collect()["claimant"].to_list() == ["The mayor", None]
    assert found.verdicts().collect().sort("version")["status"].to_list()[-1] == "decided"
    (page,) = (desk.folder / "for-a-chat").glob("verdicts-v*.md")
    assert "## Verified" in page.read_text("utf-8")
    assert list((desk.folder / "exports").glob("*.xlsx"))


@pytest.mark.parametrize("page", FREE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_other_block_runs(page: Path, desk: Desk) -> None:
    found = [block for block in blocks(page) if block.lines and "factcheck init" not in block.text]
    if not found:
        return
    with_versions(desk)
    named = placeholders(desk)
    # A key is made before it is used, wherever the page explains how.
    for block in sorted(found, key=lambda block: "openssl" not in block.text):
        for line in block.lines:
            for example, real in named.items():
                line = line.replace(example, real)  # noqa: PLW2901
            desk.type(line)
