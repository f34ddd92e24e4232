"""Reviews by expressions: the same files, notes and rejections as of each row by itself, whatever stands in it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import frames
from factcheck.exporters import Profile, as_claimreview, claimreview_made, claimreview_table, json_columns, json_text
from factcheck.languages import SPOKEN
from factcheck.models import Reason, Rejection
from tests.exporters import claimreview_one_by_one
from tests.exporters.export_rows import CONTEXT, MOMENT, TEXTS, appearance, row, rows

DESK = replace(CONTEXT, desk_url="https://desk.example.org", licence="CC-BY-4.0")
ODD = st.sampled_from(
    ["", " ", "\0", "\x1f", "\x85", "\u2028", "</script><!--", "🙂", "\U0010ffff", "=1+1", "???", "\ufffd", "Ã©",
     "Ø§Ù„",
     "a...", "b …", "Verified: the bridge", "درست: پل", "The bridge (FALSE)", "نادرست یا گمراه‌کننده | پل", "x" * 76,
     "پل ۱۲ دهانه دارد.", "line\n\nline", " \t\r\n a ", "\u200f", "\u00a0", "ſ", "İ", "x.com",
     "Fact-checking desk", "!"]
)  # fmt: skip
SAID = TEXTS | ODD
NAMES = st.sampled_from(
    ["Jane Doe", "وزارت کار", "Interior ministry", "the Water Board", "Water Board", "spokesman",
     "Water Board spokesman", "The Example", "x.com", "Fact-checking desk", "", " ", "!", "شرکت نفت"]
) | TEXTS  # fmt: skip
URLS = st.sampled_from(
    ["https://news.example.com/1", "https://news.example.com/پل", "https://desk.example.org/archive/1",
     "HTTPS://A.example", "https://www.desk.example.org/2", "https://a.desk.example.org",
     "https://notdesk.example.org/1", "http://x.example/a b", "https://x.example/?u=desk.example.org",
     "ftp://x.example", "https://u:p@x.example/", "https://bit.ly/1", "", "p. 3", "https://archive.ph/AbCd1",
     "https://web.archive.org/web/20200101000000/https://a.example/1", "javascript:alert(1)",
     "https://münchen.example/", "https://desk.example.org/fa/9", "https://a.example/1 | data | p. 3",
     "see b.example.com/x"]
) | TEXTS  # fmt: skip
DAYS = st.sampled_from(
    [None, MOMENT, MOMENT - timedelta(days=3), MOMENT + timedelta(days=3), MOMENT + timedelta(microseconds=7),
     datetime(622, 1, 1, tzinfo=UTC), datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
)  # fmt: skip


def none_or(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


APPEARANCES = st.builds(
    appearance, url=none_or(URLS), title=none_or(SAID), lang=none_or(st.sampled_from(["fa", "en", ""])),
    publisher=none_or(NAMES), published_at=DAYS,
)  # fmt: skip
ROWS = st.builds(
    row,
    quote=SAID,
    claim_reviewed=none_or(SAID),
    headline=none_or(SAID),
    summary=none_or(SAID),
    page_url=none_or(URLS),
    editorial_state=none_or(st.just("approved")),
    lang=none_or(st.sampled_from(["fa", "ar", "en", ""])),
    claimant=none_or(NAMES),
    claimant_role=none_or(NAMES),
    claimant_organisation=none_or(NAMES),
    publisher=none_or(NAMES),
    source_chain=st.lists(NAMES, max_size=2),
    rationales=st.lists(SAID, max_size=2),
    evidence=st.lists(URLS, max_size=4),
    appearances=st.lists(APPEARANCES, min_size=1, max_size=3),
    decided_at=DAYS,
    first_published_at=DAYS,
    modified_at=DAYS,
    verdict=none_or(st.sampled_from(["verified", "disputed", "opinion"])),
    reason=none_or(st.sampled_from([str(reason) for reason in Reason])),
    status=st.sampled_from(["decided", "unproven", "contested"]),
    state=st.sampled_from(["active", "active", "withdrawn"]),
    verdict_origin=st.sampled_from(["votes", "votes", "import"]),
    verdict_source=none_or(SAID),
)
GOOD = st.builds(
    row, quote=st.sampled_from(["پل ۱۲ دهانه دارد.", "The bridge has 12 arches."]) | SAID, claimant=none_or(NAMES),
    publisher=none_or(NAMES), evidence=st.lists(URLS, max_size=3), rationales=st.lists(SAID, max_size=2),
    appearances=st.lists(APPEARANCES, min_size=1, max_size=3).map(
        lambda found: [one | {"published_at": MOMENT} for one in found]
    ),
    verdict=st.sampled_from(["verified", "disputed"]),
)  # fmt: skip
PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "reader": st.sampled_from(["default", "default", "labeler", "duke"]),
        "opinion": st.booleans(),
        "unproven": st.booleans(),
        "rationale": st.booleans(),
        "documents": st.booleans(),
        "feed": st.booleans(),
        "review_url": st.sampled_from(["{desk_url}/claims/{claim_id}", "{desk_url}/{claim_id}/{claim_id}.html"]),
        "ratings": st.sampled_from([{"verified": 5}, {"verified": 5, "disputed": 2}, {}]),
    },
)


def check(items: list[dict[str, Any]], options: dict[str, Any], language: Any = None) -> None:
    """The same as one by one, and every row shown or left out."""
    view = rows(*(item | {"claim_id": f"clm_{number:020x}"} for number, item in enumerate(items)))
    profile = Profile.model_validate(
        {"name": "mine", "format": "claimreview", "claimreview": options, "language": language}
    )
    want = claimreview_one_by_one.render(view, profile, DESK)
    got = as_claimreview.render(view, profile, DESK)
    assert got.left_out is not None
    assert got.left_out.equals(frames.from_records(Rejection, want.rejections))
    assert list(got.files) == list(want.files)
    assert list(got.notes) == list(want.notes)
    if options.get("documents", True):
        shown = [file for file in got.files if "/" in file.name]
        assert len(shown) + got.left_out.height == view.height


@given(items=st.lists(ROWS, min_size=1, max_size=4), options=PROFILES, language=st.sampled_from(SPOKEN))
@settings(max_examples=200)
def test_whatever_stands_in_a_row(items: list[dict[str, Any]], options: dict[str, Any], language: str) -> None:
    check(items, options, language)


@given(items=st.lists(GOOD, min_size=1, max_size=5), options=PROFILES, language=st.sampled_from(["fa", "en"]))
@settings(max_examples=200)
def test_rows_of_which_most_are_written_together(
    items: list[dict[str, Any]], options: dict[str, Any], language: str
) -> None:
    check(items, options, language)


def test_every_character_is_written_as_by_the_writer() -> None:
    chars = [chr(number) for number in range(sys.maxunicode + 1) if not 0xD800 <= number < 0xE000]
    found = pl.select(json_columns.text(pl.lit(pl.Series(chars)))).to_series()
    assert [(char, text) for char, text in zip(chars, found, strict=True) if text != json_text.written(char)] == []
    assert pl.select(json_columns.text(pl.lit(None, pl.String))).item() is None


def test_ordinary_rows_are_written_together() -> None:
    """Else the files are right and slow."""
    ordinary = [
        row(),
        row(quote="«پل» ۱۲ دهانه دارد، " * 8, claimant="وزارت راه", lang="fa", rationales=["شمردیم.\nدو بار."]),
        row(appearances=[appearance(url="https://news.example.com/پل"), appearance(url=None)]),
        row(evidence=["https://stats.example.org/1 | data | p. 3", "p. 7"], summary="A <b>word</b>."),
        row(page_url="https://desk.example.org/fa/9", editorial_state="approved", claim_reviewed="Bridges",
            headline="The bridge"),
    ]  # fmt: skip
    view = rows(*ordinary).with_row_index("__row")
    profile = Profile(name="mine", format="claimreview")

    def judge(one: dict[str, Any]) -> tuple[dict[str, Any], bool] | None:
        found = as_claimreview.checked(one, profile, DESK, "fa")
        return None if isinstance(found, Rejection) else (found[0], True)

    ready, rest = claimreview_table.split(view, claimreview_table.probe(view, judge), profile, DESK)
    assert rest.is_empty()
    assert ready.height == len(ordinary)


def test_parts_of_a_long_view_are_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claimreview_made, "_AT_ONCE", 2)
    check([row(quote="???") if number % 3 == 1 else row(quote="word " * 40) for number in range(7)], {})


def test_a_desk_whose_own_reviews_break_a_rule_has_none() -> None:
    desk = replace(DESK, words={"verified": "True"})  # an English word in Persian reviews
    profile = Profile(name="mine", format="claimreview")
    view = rows(row())
    want, got = (one.render(view, profile, desk) for one in (claimreview_one_by_one, as_claimreview))
    assert got.left_out is not None
    assert got.left_out["code"].to_list() == ["CLAIMREVIEW"]
    assert got.left_out.equals(frames.from_records(Rejection, want.rejections))
    assert json.loads(got.files[0].content)["dataFeedElement"] == []
