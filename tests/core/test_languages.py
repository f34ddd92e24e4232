"""A language is one folder: what each has, what it lacks, and that a key which nothing would read is refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from factcheck import languages
from factcheck.claims.affiliations import AffiliationData
from factcheck.claims.grammar import GrammarData
from factcheck.cli import app
from factcheck.evidence import Kind
from factcheck.languages import folders
from factcheck.languages.desk_words import EVIDENCE, LABELS, RATINGS, SITE, Months
from factcheck.languages.shapes import SHAPES
from factcheck.models import Calendar, EditorialState, Reason, Status, Verdict
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
    whole = {code for code, missing in languages.gaps().items() if not {*missing} & {*languages.OF_DESKS}}
    assert whole == {*languages.SPOKEN} == {*get_args(languages.Language)} == {*WORDINGS} == {*TASK_WORDS}
    assert whole >= {"ar", "en", "fa", "tr", "ur"}
    assert ("en", *sorted(whole - {"en"})) == languages.SPOKEN


def test_no_language_lacks_a_word_or_has_one_that_nothing_reads() -> None:
    assert [f"{code}: {fault}" for code, faults in languages.faults().items() for fault in faults] == []


def _texts(part: folders.Part, code: str) -> list[tuple[str, str]]:
    """The tables and names of every text of a file that has no use for fewer."""
    found = languages.read(code, part) or {}
    return [(table, name) for table in sorted({*found} & {*DESK_WORDS[part]}) for name in found[table]]


DESK_WORDS: dict[folders.Part, dict[str, str]] = {"labels": LABELS, "ratings": RATINGS, "site": SITE}


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_word_that_a_file_lacks_or_has_too_many_is_named(data: st.DataObject) -> None:
    code, part = data.draw(st.sampled_from(languages.SPOKEN)), data.draw(st.sampled_from(sorted(DESK_WORDS)))
    table, name = data.draw(st.sampled_from(_texts(part, code)))
    whole = languages.read(code, part) or {}
    words = {key: text for key, text in whole[table].items() if key != name}
    with pytest.raises(ValueError, match=rf"languages/xx/{part}\.toml: {table}: lacks {name}$"):
        folders._check("xx", part, whole | {table: words})
    more = {**whole[table], f"{name}x": "a"}
    with pytest.raises(ValueError, match=rf"languages/xx/{part}\.toml: {table}: has {name}x, which nothing reads$"):
        folders._check("xx", part, whole | {table: more})
    with pytest.raises(ValueError, match=rf"languages/xx/{part}\.toml: {table}\.{name}: says nothing$"):
        folders._check("xx", part, whole | {table: {**whole[table], name: " "}})


@pytest.mark.parametrize(
    ("part", "table", "name", "text"),
    [
        ("labels", "feeds", "verdicts_of", "Verdicts"),
        ("labels", "feeds", "what_changed", "{}: {version}"),
        ("labels", "articles", "legend", "From {part} on"),
        ("labels", "sheet", "page", "Page"),
        ("site", "words", "found", "{count} checks"),
    ],
)
def test_a_text_that_loses_what_is_put_into_it_is_refused(part: folders.Part, table: str, name: str, text: str) -> None:
    whole = languages.read("en", part) or {}
    with pytest.raises(ValueError, match=f"{table}: has {name} without"):
        folders._check("xx", part, whole | {table: whole[table] | {name: text}})


def test_the_words_that_files_have_to_have_are_those_of_the_records() -> None:
    def names(tables: dict[str, str], table: str) -> list[str]:
        return tables[table].split()

    assert names(LABELS, "verdicts") == names(RATINGS, "verdicts") == [*Verdict]
    assert {*names(LABELS, "statuses")} == {*Status}
    assert {*names(RATINGS, "reasons")} == {*Reason}
    assert {*names(LABELS, "editorial_states")} == {*EditorialState}
    assert {*names(RATINGS, "meanings")} == {*Verdict, *Reason, Status.UNPROVEN}
    assert EVIDENCE.split() == [*Kind]
    assert {*Months.model_fields} == {*Calendar} - {Calendar.GREGORIAN}


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
    assert [code for code, one in found.items() if one["desk"]] == sorted(languages.SPOKEN)
    assert {code: one["parts"] for code, one in found.items()} == {
        code: [part for part in languages.PARTS if (ROOT / code / f"{part}.toml").is_file()] for code in CODES
    }
    text = CliRunner().invoke(app, ["languages"]).stdout
    assert "lacks dates (the dates that claims speak of)" in text.split("\nur ")[1]
    assert "has structure, signals, grammar, affiliations" in text.split("\nur ")[1]


def test_the_command_tells_what_is_wrong_with_a_file(own: Path) -> None:
    whole = (ROOT / "en" / "ratings.toml").read_text("utf-8")
    (own / "xx").mkdir()
    (own / "xx" / "ratings.toml").write_text(whole.replace('outdated = "Outdated"\n', ""), "utf-8")
    text = CliRunner().invoke(app, ["languages"]).stdout
    assert "lacks" in text
    assert "languages/xx/ratings.toml: reasons: lacks outdated" in text


@pytest.mark.parametrize(("text", "warned"), [(RUSSIAN, True), ("The bridge cost 12 million pounds in May.\n", False)])
def test_ingest_says_where_claims_have_no_words(tmp_path: Path, text: str, warned: bool) -> None:
    (tmp_path / "factcheck.toml").write_text('[desk]\nname = "Desk"\nlanguages = ["en", "ru"]\n', "utf-8")
    (tmp_path / "one.txt").write_text(text, "utf-8")
    report = ingest(load(tmp_path, {}), [str(tmp_path / "one.txt")], now=datetime(2026, 1, 1, tzinfo=UTC))
    assert report.accepted == 1
    assert any("'ru', which has no word lists" in warning for warning in report.warnings) == warned
