"""The files that say what changed: kinds and their order, words of the desk's language, texts that stay texts."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from typing import Any

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from factcheck.exporters import KINDS, ExportContext, Profile, changes, profiles, render
from factcheck.exporters.changes_message import plain
from factcheck.exporters.contract import Since
from factcheck.exporters.view import SCHEMA
from factcheck.frames import UTC_MICROSECONDS
from factcheck.languages import Language
from tests.exporters.export_rows import CONTEXT, MOMENT, TEXTS, row, rows
from tests.exporters.test_export_feeds import HOSTILE
from tests.golden.export_changes import told
from tests.golden.export_release import id_of, release

MINE = Profile(name="changes", format="changes")
SINCE = Since(5, "cd" * 32, MOMENT)
LOG = pl.DataFrame(
    {"version": [6, 7], "committed_at": [MOMENT] * 2, "cause": ["policy", "pull"], "message": ["a -> b", None]},
    schema_overrides={"committed_at": UTC_MICROSECONDS},
)
DISPUTED = {"verdict": "disputed", "reason": "false"}
NONE = {"verdict": None, "status": "contested"}
KIND_OF: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "claim_withdrawn": ({}, {"state": "withdrawn"}),
    "verdict_withdrawn": ({}, NONE),
    "left_out": ({}, {"lang": "xx"}),
    "verdict_changed": ({}, DISPUTED),
    "words_corrected": ({"claimant": "A"}, {"claimant": "B"}),
    "grounds_changed": ({"rationales": ["a"]}, {"rationales": ["b"]}),
    "verdict_new": (NONE, {}),
}


def facts(*claims: str, **values: Any) -> pl.DataFrame:
    """As of `dataset.touched`: everything in version 7, but for what is said otherwise."""
    base = {"verdict_in": 7, "grounds_in": 7, "counted_in": 7, "words_in": 7, "replaced_by": []} | values
    return pl.DataFrame(
        [{"claim_id": claim, **base} for claim in claims], schema_overrides={"replaced_by": pl.List(pl.String)}
    )


def between(before: dict[str, Any] | None, after: dict[str, Any] | None, **options: Any) -> pl.DataFrame:
    """The changes of one claim, where a side without it is None."""
    sides = [rows(*([] if one is None else [row(**one)])) for one in (before, after)]
    found = options.pop("facts", None)
    claim = facts("clm_" + "0" * 20) if found is None else found
    given_: dict[str, Any] = {"profile": MINE, "context": CONTEXT} | options
    return changes(*sides, facts=claim, log=LOG, **given_)


def with_changes(found: pl.DataFrame, **values: Any) -> ExportContext:
    return replace(CONTEXT, since=SINCE, changes=found, policy="majority()", **values)


@pytest.mark.parametrize("kind", KIND_OF)
def test_each_kind_of_change_has_its_word(kind: str) -> None:
    profile = Profile.model_validate({"name": "en", "format": "changes", "filters": {"languages": ["en"]}})
    (found,) = between(*KIND_OF[kind], profile=profile).to_dicts()
    assert found["kind"] == kind
    assert (found["before"] is None) == (kind == "verdict_new")
    assert (found["after"] is None) == (kind in KINDS[:4])


def test_a_claim_with_other_words_names_those_that_stand_in_its_place() -> None:
    heirs = facts("clm_" + "0" * 20, replaced_by=["clm_" + "5" * 20])
    (found,) = between({}, {"state": "withdrawn"}, facts=heirs).to_dicts()
    assert (found["kind"], found["replaced_by"]) == ("claim_reworded", ["clm_" + "5" * 20])


@pytest.mark.parametrize(
    ("before", "after"),
    [({}, {}), (None, None), (NONE, {"verdict": None, "status": "single"}), ({}, {"n_votes": 9, "agreement": 0.7}),
     ({"state": "withdrawn"}, {"state": "withdrawn", **DISPUTED}), (None, NONE)],
)  # fmt: skip
def test_what_no_page_shows_is_no_change(before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    assert between(before, after).is_empty()


def test_unproven_counts_where_the_profile_publishes_it() -> None:
    unproven = {"verdict": None, "status": "unproven"}
    assert between(None, unproven).is_empty()
    publishes = Profile.model_validate({"name": "u", "format": "changes", "claimreview": {"unproven": True}})
    assert between(None, unproven, profile=publishes)["kind"].to_list() == ["verdict_new"]
    changed = between({}, unproven, profile=publishes)
    assert changed["kind"].to_list() == ["verdict_changed"]
    assert changed["after"][0]["label"] == "اثبات‌نشدنی"


@pytest.mark.parametrize(("language", "words"), [("fa", "نادرست"), ("ar", "زائف"), ("en", "False")])
def test_verdicts_are_in_words_of_the_desks_language(language: Language, words: str) -> None:
    (found,) = between({}, DISPUTED, context=replace(CONTEXT, language=language)).to_dicts()
    assert found["after"]["label"] == words
    assert found["page"] == "https://example.org/claims/clm_" + "0" * 20


def test_the_version_is_that_which_brought_what_the_kind_is_about() -> None:
    some = facts("clm_" + "0" * 20, verdict_in=6, grounds_in=7, words_in=7)
    assert between({}, DISPUTED, facts=some).select("version", "cause", "message").row(0) == (6, "policy", "a -> b")
    assert between({"rationales": ["a"]}, {}, facts=some).select("version", "cause").row(0) == (7, "pull")


def test_what_comes_off_the_site_stands_first_and_the_newest_before_older() -> None:
    order = ["verdict_new", "grounds_changed", "verdict_withdrawn", "claim_withdrawn", "verdict_changed"]
    ids = [f"clm_{n:020x}" for n in range(len(order))]
    before, after = (
        rows(*(row(claim_id=one, **KIND_OF[kind][side]) for one, kind in zip(ids, order, strict=True)))
        for side in (0, 1)
    )
    found = changes(before, after, facts=facts(*ids), log=LOG, profile=MINE, context=CONTEXT)
    assert found["kind"].to_list() == [kind for kind in KINDS if kind in order]


def test_a_line_says_everything_it_is_of() -> None:
    profile = profiles(None)["weekly-changes"]
    files = {
        file.name: file.content for file in render(pl.DataFrame(schema=SCHEMA), profile, told(release(), profile)).files
    }
    lines = [json.loads(line) for line in files["changes-v1-to-v3.jsonl"].splitlines()]
    assert {(line["since_version"], line["dataset_version"], line["profile"], line["policy"]) for line in lines} == {
        (1, 3, "weekly-changes", "majority(min_votes=2,margin=1)")
    }
    assert lines[0]["claim_id"] == id_of("en_withdrawn")
    assert lines[0]["dataset_committed_at"].startswith("2026-11-20T09:30:00")
    message = files["changes-v1-to-v3.md"].decode()
    assert "majority(min_votes=2,margin=1)" in message
    assert "2026-11-20 09:30" in message


def check_hostile(text: str) -> None:
    one = {"quote": text or "x", "claimant": text, "rationales": [text], "evidence": [text], "lang": "fa"}
    found = between({**one, **DISPUTED}, one)
    context = with_changes(found)
    lines, message = (file.content for file in render(pl.DataFrame(schema=SCHEMA), MINE, context).files)
    (read,) = (json.loads(line) for line in lines.splitlines())
    assert (read["quote"], read["claimant"]) == (text or "x", text)
    assert (read["after"]["rationales"], read["after"]["evidence"]) == ([text], [text])
    check_message(message.decode(), text or "x")
    (book,) = render(rows(row(**one)), Profile(name="book", format="xlsx"), context).files
    check_book(book.content)


def check_message(message: str, text: str) -> None:
    """To a reader of Markdown it is the words, no HTML, no picture, and no link but those of the pages."""
    tokens = MarkdownIt("commonmark", {"linkify": False}).enable("table").parse(message)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    assert not kinds & {"html_block", "html_inline", "image", "fence", "code_block", "table_open", "blockquote_open"}
    inline = [child for token in tokens for child in token.children or ()]
    links = [child.attrGet("href") for child in inline if child.type == "link_open"]
    assert links == ["https://example.org/claims/clm_" + "0" * 20]
    shown = "".join(child.content for child in inline if child.type in {"text", "text_special"})
    words = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()
    assert words[:200] in shown
    headings = sum(token.type == "heading_open" for token in tokens)
    assert headings == 2


def check_book(content: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[0] == "تغییرها"
    for sheet in book:
        assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_text_in_every_field(text: str) -> None:
    check_hostile(text)


@settings(max_examples=100)
@given(TEXTS)
def test_any_text_is_text_in_every_field(text: str) -> None:
    check_hostile(text)


WORDS = st.text(st.sampled_from("ab \\`*_{}[]()<>#+-.!|~&:@=$^/'\"1سلام\u200c"), max_size=60)


@settings(max_examples=300)
@given(WORDS)
def test_a_message_reads_as_the_words_it_was_made_from(text: str) -> None:
    """CommonMark 0.31, 2.4: a backslash before punctuation is that sign and nothing else."""
    inline = MarkdownIt("commonmark").parse(f"- **x**: {plain(text)}")
    shown = "".join(
        child.content for token in inline for child in token.children or () if child.type in {"text", "text_special"}
    )
    words = " ".join(text.split())
    assert shown == f"x: \u2068{words}\u2069" if words else shown.rstrip() == "x:"


def test_a_text_too_long_for_a_cell_is_whole_on_its_own_sheet() -> None:
    long = "سطر " * 12_000
    found = between({"quote": long}, {"quote": long, "state": "withdrawn"})
    (file,) = render(rows(), Profile(name="book", format="xlsx"), with_changes(found, language="en")).files
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert "whole text on the sheet" in book["Changes"]["B2"].value
    pieces = [line[3] for line in book["Long texts"].iter_rows(values_only=True)][1:]
    assert "".join(pieces) == long


def test_an_empty_sheet_says_that_nothing_changed() -> None:
    (file,) = render(rows(row()), Profile(name="book", format="xlsx"), with_changes(between({}, {}))).files
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    assert book.worksheets[0]["A2"].value == "هیچ نتیجه‌ای تغییر نکرده است"
