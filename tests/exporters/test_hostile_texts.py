"""Hostile texts in every field through every format: read back equal, and the file is otherwise as of a plain word."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Callable
from pathlib import Path, PurePosixPath

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import web
from factcheck.exporters import Profile, as_csv, editorial, profiles, registry, render
from factcheck.exporters.view import SCHEMA
from factcheck.importers import xlsx_cells
from tests import libreoffice
from tests.exporters.export_rows import row, rows
from tests.exporters.hostile_texts import (
    EVIDENCE_MARK,
    MARK,
    NOT_READ,
    TEXTS,
    all_of_them,
    in_its_place,
    leaves,
    named,
    one_line,
    release,
    rendered,
    spaced,
    unmarked,
)

Rule = Callable[[str], str]


def as_it_is(text: str) -> str:
    return text


def readable(text: str) -> str:
    """What no document can hold is U+FFFD; a direction that a text leaves open is closed at its end."""
    held = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]", "\ufffd", text)
    return re.sub("[\u2068\u2069\u202c]+", "", held)


def on_pages(text: str) -> str:
    """As a page shows it: white space is one space, and the text is set in its own direction."""
    return spaced(readable(unmarked(text)))


def in_a_note(text: str) -> str:
    """As a note says it: words with spaces between them, nothing that cannot be seen, and no address."""
    without = re.sub("https?://[^\\s»]*", "", re.sub("[\x00-\x1f\x7f-\x9f]", " ", text))
    return spaced(unmarked(without)).replace(" »", "»").replace("« ", "«")


def in_a_message(text: str) -> str:
    """As a message of lines says it: a control is a space as well."""
    return spaced(re.sub("[\x00-\x1f\x7f-\x9f\u2068\u2069\u202c]+", " ", unmarked(text)))


def in_a_title(text: str) -> str:
    """As the title of a dataset has it: on one line, without white space at the ends of the desk's name."""
    return re.sub(" (?=[:.(])", "", on_pages(text))


RULES: dict[str, dict[str, Rule]] = {
    "changes": {".md$": in_a_message},
    "claimreview": {"[.](claimReviewed|headline)$": one_line, ".txt$": spaced},
    "community-notes": {"info[.]text$": in_a_note, ".txt$": spaced},
    "csv": {},
    "dataset-folder": {"[.](pretty_name|alternateName|title|citeAs)$": in_a_title, ".md$": in_a_title},
    "evidence": {".txt$": spaced},
    "feed": {"": readable},
    "google-api": {"[.]claimReviewed$": one_line, ".txt$": spaced},
    "jsonl": {},
    "label-studio-json": {},
    "markdown": {"": readable},
    "parquet": {},
    "site": {"": on_pages},
    "sqlite": {},
    "xlsx": {},
}
"""By format and place (of the file's end and the leaf), how a text may differ; exports/README.md says the same."""
SHORTENED = {"changes", "community-notes", "site"}
"""Formats that show the beginning of a long text, with an ellipsis."""
DERIVED = re.compile("contentSize|sha256|hash|bytes|weighted_length|shortened|Long texts")
CODES = {
    "claim_id",
    "lang",
    "state",
    "status",
    "verdict",
    "reason",
    "policy",
    "verdict_origin",
    "article_id",
    "editorial_state",
}
OTHERWISE = {
    ("xlsx", "40 kB"): "",
    ("site", "line ends"): "method|corrections",
    ("site", "Markdown"): "method|corrections",
    ("community-notes", "C1 controls"): "",
}
"""Files that have other places than that of a plain word. A text over a cell's size stands in parts on a sheet of its
own, the desk's own texts have paragraphs, and a note without words is none; what they show is text all the same."""
ALL = {
    **profiles(None),
    **{f"all of {name}": Profile(name="all", format=name) for name in ("csv", "xlsx")},
}


def test_every_format_has_its_rules() -> None:
    """A new format has to say here what it does to texts."""
    assert set(registry.formats()) == RULES.keys() == {profile.format for profile in ALL.values()}


def test_every_field_that_holds_words_holds_a_hostile_one() -> None:
    view, context = release(MARK)
    words = {name for name, kind in SCHEMA.items() if kind in (pl.String(), pl.List(pl.String))} - CODES
    row = view.row(0, named=True)
    assert [
        name
        for name in words
        if not {MARK, EVIDENCE_MARK} & {*([row[name]] if isinstance(row[name], str) else row[name] or [])}
    ] == []
    assert {context.desk_name, *context.texts.values()} == {MARK}
    assert all(
        place[name] == MARK for place in row["appearances"][:1] for name in ("publisher", "url", "title", "quote")
    )


def test_a_lone_surrogate_comes_as_far_as_no_view() -> None:
    with pytest.raises(UnicodeEncodeError):
        release("a\ud800b")


def differences(profile: Profile, kind: str, base: dict[str, bytes], folder: Path) -> list[str]:
    """Where the export of the text is not the one of a plain word with the text in its place."""
    text = TEXTS[kind]
    made = {named(name): content for name, content in rendered(text, profile, folder).items()}
    if made.keys() != base.keys():
        return [f"{kind}: files {sorted(made.keys() ^ base.keys())}"]
    found = []
    otherwise = OTHERWISE.get((profile.format, kind))
    for name, content in base.items():
        suffix = PurePosixPath(name).suffix
        if suffix in NOT_READ or (otherwise is not None and re.search(otherwise, name)):
            continue
        plain, told = leaves(name, content), leaves(name, made[name])
        if [place for place, _ in plain] != [place for place, _ in told]:
            found.append(f"{kind}: other places in {name}")
            continue
        for (place, word), (_, said) in zip(plain, told, strict=True):
            if not DERIVED.search(place) and not same(profile.format, f"{suffix} {place}", word, said, text):
                found.append(f"{kind}: {name} {place}: {in_its_place(word, text)[:60]!r} became {said[:60]!r}")
    return found


def same(format_: str, place: str, word: str, said: str, text: str) -> bool:
    expected = in_its_place(word, text)
    if expected == said or (EVIDENCE_MARK in word and unmarked(expected) == unmarked(said)):
        return True
    suffix, _, inner = place.partition(" ")
    rules = [rule for where, rule in RULES[format_].items() if re.search(where, inner) or re.search(where, suffix)]
    for rule in rules:
        left, right = rule(expected), rule(said)
        if left == right or (format_ in SHORTENED and "…" in right and is_shortened(right, left)):
            return True
    return False


def is_shortened(short: str, whole: str) -> bool:
    """Whether the one is the other with pieces left out, each where an ellipsis stands."""
    first, *others = short.split("…")
    at = len(first)
    if not whole.startswith(first):
        return False
    for piece in others:
        at = whole.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


SLOW = {"site", "xlsx", "sqlite", "dataset-folder"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (one.format in SLOW)) for name, one in sorted(ALL.items())]
)
def test_a_hostile_text_is_a_text_like_any_other(name: str, tmp_path: Path) -> None:
    profile = ALL[name]
    base = {named(file): content for file, content in rendered(MARK, profile, tmp_path).items()}
    assert any(MARK in said for file, content in base.items() if PurePosixPath(file).suffix not in NOT_READ
               for _, said in leaves(file, content))  # fmt: skip
    found = [one for kind in TEXTS for one in differences(profile, kind, base, tmp_path)]
    assert found == []


RUNS = re.compile(r"[\s\x00-\x20]*(javascript|data|vbscript):", re.IGNORECASE)
OPENED = re.compile(
    r"(<(a|link|iframe|form|img|script|base)> (href|src|action)|@href|/link|[.](external_)?url|[.]page)$"
)


@functools.cache
def shown_to_readers() -> list[str]:
    return sorted(
        name
        for name, one in ALL.items()
        if one.format in {"site", "feed", "markdown", "changes", "claimreview", "google-api"}
    )


@pytest.mark.parametrize("kind", ["address", "data address", "script", "attribute"])
def test_no_address_that_a_reader_opens_is_a_script(kind: str, tmp_path: Path) -> None:
    for name in shown_to_readers():
        for file, content in rendered(TEXTS[kind], ALL[name], tmp_path).items():
            if PurePosixPath(file).suffix not in NOT_READ:
                opened = [said for place, said in leaves(file, content) if OPENED.search(place)]
                assert not [said for said in opened if RUNS.match(said)], (name, file)


ADDRESSES = st.builds(
    "https://{}.example/{}".format,
    st.sampled_from(["desk", "میز", "DESK"]),
    st.text(max_size=12) | st.sampled_from(["می‌خواهم?x=۱#y"]),
)


@settings(max_examples=200)
@given(ADDRESSES)
def test_every_address_that_an_editor_may_write_is_shown_to_readers(address: str) -> None:
    shown = editorial.for_readers(rows(row(page_url=address, editorial_state="published")))["page_url"][0]
    if web.is_web_address(address):
        assert shown == address
    if set(address) & set('"<> \n'):
        assert shown is None


OPENED_BY = {"xlsx": None, "csv": "CSV:44,34,76,1,,0,false,true,false,true,false"}
"""How LibreOffice is told to open a file: a CSV so that it makes as much of cells as it can."""
FIGURES = {TEXTS[kind] for kind in ("date", "number", "long number")}
"""A CSV has no types: who lets a spreadsheet look for figures gets figures."""


@pytest.mark.slow
@pytest.mark.parametrize("way", OPENED_BY)
def test_libreoffice_makes_no_formula_of_any_and_shows_every_text(way: str, tmp_path: Path) -> None:
    view, context = all_of_them()
    (file,) = render(view, Profile(name="all", format=way), context).files
    _, content = libreoffice.converted(file.content, f"all.{way}", "xlsx", tmp_path, opened_as=OPENED_BY[way])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert not [
        cell.coordinate for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"
    ]
    first, *lines = xlsx_cells.sheets(content)[0].rows.values()
    (column,) = [number for number, text in first.items() if text == "quote"]
    shown = [cells.get(column, "") for cells in lines]
    written = [text for text in TEXTS.values() for _ in range(2)]
    if way == "csv":
        written = pl.Series(written).to_frame("text").select(as_csv.guarded(pl.col("text"))).to_series().to_list()
    assert len(shown) == len(written)
    pairs = [pair for pair in zip(shown, written, strict=True) if way == "xlsx" or pair[1] not in FIGURES]
    assert [pair for pair in pairs if spreadsheet(pair[0]) != spreadsheet(pair[1])] == []


def spreadsheet(text: str) -> str:
    """As LibreOffice keeps a text: a line end is a line feed, and there are no controls."""
    return re.sub("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", "", text.replace("\r\n", "\n").replace("\r", "\n"))
