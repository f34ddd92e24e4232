"""A language is one folder: what each has, what it lacks, and that a key which nothing would read is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from factcheck import languages
from factcheck.claims.affiliations import AffiliationData
from factcheck.claims.grammar import GrammarData
from factcheck.cli import app
from factcheck.languages import folders
from factcheck.languages.shapes import SHAPES
from factcheck.pipeline.ingest import ingest
from factcheck.settings import load
from factcheck.studio.page import guide
from factcheck.studio.page.task_words import TASK_WORDS
from factcheck.studio.page.translations import WORDINGS
from tests.answers import answer

ROOT = Path(languages.__file__).parent
CODES = sorted(path.name for path in ROOT.iterdir() if path.is_dir() and path.name != "__pycache__")
FILES = sorted(ROOT.glob("*/*"))
RUSSIAN = "Министр сказал, что мост построен за сорок дней и стоил двенадцать миллионов рублей.\n" * 3


def forget() -> None:
    folders.known.cache_clear()
    folders.read.cache_clear()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in the place of the package's."""
    monkeypatch.setattr(folders, "folder", lambda: tmp_path)
    forget()
    yield tmp_path
    forget()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_of_a_folder_is_a_part_and_says_what_its_model_knows(path: Path) -> None:
    part = next(part for part in languages.PARTS if f"{part}.toml" == path.name)
    found = languages.read(path.parent.name, part)
    assert found
    if part == "grammar":
        GrammarData.model_validate(found)
    if part == "affiliations":
        AffiliationData.model_validate(found)


@pytest.mark.parametrize("part", sorted(SHAPES))
def test_a_key_that_nothing_reads_is_refused(own: Path, part: folders.Part) -> None:
    text = (ROOT / "fa" / f"{part}.toml").read_text("utf-8")
    (own / "xx").mkdir()
    (own / "xx" / f"{part}.toml").write_text(f"unread = 1\n{text}", "utf-8")
    with pytest.raises(ValueError, match=rf"languages/xx/{part}\.toml(.|\n)*unread"):
        languages.read("xx", part)


def test_the_languages_of_a_desk_are_those_with_all_their_parts() -> None:
    assert {code for code, missing in languages.gaps().items() if not missing} == {*get_args(languages.Language)}
    assert set(languages.SPOKEN) == {*get_args(languages.Language)} == {*WORDINGS} == {*TASK_WORDS}


@pytest.mark.parametrize("language", languages.SPOKEN)
def test_the_pages_of_every_language_say_as_much(language: languages.Language) -> None:
    assert {*TASK_WORDS[language].signals} == {*TASK_WORDS["en"].signals}
    assert [bool(part) for part in guide.sentences(language)] == [True] * len(guide.Guide._fields)


def test_gaps_are_told_by_part(own: Path) -> None:
    for code, part in (("aa", "dates"), ("bb", "guide"), ("bb", "dates")):
        (own / code).mkdir(exist_ok=True)
        (own / code / f"{part}.toml").write_text("", "utf-8")
    assert languages.gaps() == {
        "aa": [part for part in languages.PARTS if part != "dates"],
        "bb": [part for part in languages.PARTS if part not in {"dates", "guide"}],
    }


def test_the_command_lists_every_language_and_what_it_lacks() -> None:
    found = {one["code"]: one for one in answer(CliRunner().invoke(app, ["languages", "--json"]).stdout)["languages"]}
    assert sorted(found) == CODES
    assert [code for code, one in found.items() if not one["lacks"]] == sorted(languages.SPOKEN)
    text = CliRunner().invoke(app, ["languages"]).stdout
    assert "lacks guide (the checkers' guide)" in text.split("tr ")[1]


@pytest.mark.parametrize(("text", "warned"), [(RUSSIAN, True), ("The bridge cost 12 million pounds in May.\n", False)])
def test_ingest_says_where_claims_have_no_words(tmp_path: Path, text: str, warned: bool) -> None:
    (tmp_path / "factcheck.toml").write_text('[desk]\nname = "Desk"\nlanguages = ["en", "ru"]\n', "utf-8")
    (tmp_path / "one.txt").write_text(text, "utf-8")
    report = ingest(load(tmp_path, {}), [str(tmp_path / "one.txt")], now=datetime(2026, 1, 1, tzinfo=UTC))
    assert report.accepted == 1
    assert any("'ru', which has no word lists" in warning for warning in report.warnings) == warned
