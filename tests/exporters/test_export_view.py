from __future__ import annotations

import json

import polars as pl
import pytest

from factcheck.dataset.editorial import SCHEMA as EDITORIAL_SCHEMA
from factcheck.errors import Corrupt
from factcheck.exporters import editorial, render, view
from factcheck.exporters.view import SCHEMA
from tests.exporters import export_rows
from tests.golden.export_release import NOW, TEXTS, Release, id_of, release


def shown(frames: Release) -> pl.DataFrame:
    return view(frames.articles, frames.claims, frames.verdicts, frames.versions)


def one(rows: pl.DataFrame, name: str) -> dict[str, object]:
    return rows.row(by_predicate=pl.col("claim_id") == id_of(name), named=True)


def test_one_row_per_group_in_the_columns_promised() -> None:
    rows = shown(release())
    assert rows.schema == SCHEMA
    assert rows.height == len(TEXTS) - 1
    assert sorted(rows["claim_id"]) == sorted(id_of(name) for name in TEXTS if name != "fa_copy")


def test_editors_words_stand_beside_their_group_and_are_null_elsewhere() -> None:
    frames = release()
    mine, copy = id_of("fa_plain"), id_of("fa_copy")
    words = pl.DataFrame(
        {
            "claim_id": [mine, copy],
            "claim_reviewed": ["ادعا", "از گروهی که رفت"],
            "headline": [None, "x"],
            "summary": [None, "x"],
            "page_url": ["https://desk.example/1", None],
            "topic": [None, "x"],
            "editorial_state": ["draft", "published"],
        },
        schema_overrides=EDITORIAL_SCHEMA,
    )
    rows = view(frames.articles, frames.claims, frames.verdicts, frames.versions, editorial=words)
    told = one(rows, "fa_plain")
    assert (told["claim_reviewed"], told["page_url"], told["editorial_state"]) == (
        "ادعا",
        words["page_url"][0],
        "draft",
    )
    assert rows["topic"].null_count() == rows["headline"].null_count() == rows.height
    assert rows["editorial_state"].null_count() == rows.height - 1


@pytest.mark.parametrize(
    ("state", "words", "address"),
    [
        (None, False, False),
        ("draft", False, False),
        ("approved", True, True),
        ("published", True, True),
        ("needs_review", False, True),
        ("withdrawn", False, False),
    ],
)
def test_readers_get_the_words_that_somebody_signed(state: str | None, words: bool, address: bool) -> None:
    row = {name: name for name in ("claim_reviewed", "headline", "summary", "topic")}
    rows = export_rows.rows(export_rows.row(**row, page_url="https://desk.example/1", editorial_state=state))
    (told,) = editorial.for_readers(rows).to_dicts()
    assert [told[name] for name in row] == [name if words else None for name in row]
    assert (told["page_url"] is not None) == address
    (file,) = render(rows, "jsonl", export_rows.CONTEXT).files
    assert json.loads(file.content)["headline"] == ("headline" if words else None)


def test_the_newest_article_comes_first_and_one_without_a_date_last() -> None:
    rows = shown(release())
    dates = rows["published_at"].to_list()
    dated = [date for date in dates if date is not None]
    assert dated == sorted(dated, reverse=True)
    assert len(set(dated)) > 1
    assert dates == [*dated, None]
    assert rows["claim_id"][-1] == id_of("ar_plain")
    of_one_day = rows.group_by("published_at").agg("claim_id")["claim_id"].to_list()
    assert all(ids == sorted(ids) for ids in of_one_day)


def test_a_syndicated_copy_is_an_appearance_of_the_first() -> None:
    found = one(shown(release()), "fa_plain")["appearances"]
    assert isinstance(found, list)
    assert [copy["claim_id"] for copy in found] == [id_of("fa_plain"), id_of("fa_copy")]
    assert [copy["url"] for copy in found] == ["https://news.example.com/fa/0", "https://news.example.com/fa/1"]


def test_a_corrected_date_does_not_stand_beside_what_the_article_wrote() -> None:
    """The article's own text would say of the new moment whether it has a time."""
    frames, day = release(), NOW.replace(year=2025, hour=0, minute=0, second=0, microsecond=0)
    said = pl.when(pl.col("claim_id") == id_of("fa_plain")).then(pl.lit(day, frames.claims.schema["said_at"]))
    articles = frames.articles.with_columns(published_raw=pl.lit("2026-11-22T10:30"))
    rows = shown(frames._replace(claims=frames.claims.with_columns(said_at=said), articles=articles))
    corrected, other = one(rows, "fa_plain"), one(rows, "ar_plain")
    assert (corrected["published_at"], corrected["published_raw"]) == (day, None)
    assert other["published_raw"] == "2026-11-22T10:30"


def test_dates_come_from_the_versions_that_changed_the_verdict() -> None:
    rows = shown(release())
    changed, once, never = one(rows, "fa_plain"), one(rows, "ar_plain"), one(rows, "en_contested")
    assert changed["first_published_at"] == NOW.replace(day=10)
    assert changed["modified_at"] == NOW.replace(day=20)
    assert changed["evidence"] == ["https://example.org/statistics", "سالنامهٔ آماری، ص ۱۲"]
    assert once["first_published_at"] == once["modified_at"] == NOW.replace(day=10)
    assert never["first_published_at"] is None
    assert never["modified_at"] is None


def test_a_verdict_taken_back_keeps_its_first_date() -> None:
    frames = release()
    back = frames.verdicts.filter(pl.col("claim_id") == id_of("ar_plain")).with_columns(
        status=pl.lit("contested"), verdict=pl.lit(None, pl.String), version=pl.lit(2, pl.Int64)
    )
    row = one(shown(frames._replace(verdicts=pl.concat([frames.verdicts, back]))), "ar_plain")
    assert row["verdict"] is None
    assert (row["first_published_at"], row["modified_at"]) == (NOW.replace(day=10), NOW.replace(day=15))


def test_a_claim_without_votes_is_unreviewed() -> None:
    row = one(shown(release()), "en_withdrawn")
    assert (row["status"], row["n_votes"], row["evidence"], row["state"]) == ("unreviewed", 0, [], "withdrawn")


def test_a_withdrawn_first_claim_hands_over_to_its_copy() -> None:
    frames = release()
    claims = frames.claims.with_columns(
        state=pl.when(pl.col("claim_id") == id_of("fa_plain")).then(pl.lit("withdrawn")).otherwise("state")
    )
    row = one(shown(frames._replace(claims=claims)), "fa_plain")
    appearances = row["appearances"]
    assert isinstance(appearances, list)
    assert (row["state"], row["url"]) == ("active", "https://news.example.com/fa/1")
    assert [copy["claim_id"] for copy in appearances] == [id_of("fa_copy")]
    assert row["verdict"] == "verified"


def test_no_checker_can_be_found_in_it() -> None:
    assert not [name for name in SCHEMA if "annotator" in name or "adjudicator" in name or "edited" in name]
    frames = release()
    verdicts = frames.verdicts.with_columns(adjudicator=pl.lit("ant_" + "a" * 20))
    assert "ant_" not in shown(frames._replace(verdicts=verdicts)).write_json()


def test_the_order_of_the_input_does_not_matter() -> None:
    frames = release()
    assert shown(frames).equals(shown(frames.changed(pl.DataFrame.reverse)))


@pytest.mark.parametrize("lost", ["articles", "claims", "versions"])
def test_a_reference_into_nothing_is_said(lost: str) -> None:
    frames = release()
    with pytest.raises(Corrupt, match="that does not exist"):
        shown(frames._replace(**{lost: getattr(frames, lost).clear()}))


def test_an_empty_version_has_an_empty_view() -> None:
    nothing = release().changed(pl.DataFrame.clear)
    assert shown(nothing).equals(pl.DataFrame(schema=SCHEMA))


def test_a_copy_without_a_date_is_not_the_first_appearance() -> None:
    frames = release()
    undated = frames.articles.with_columns(
        published_at=pl.when(pl.col("url") == "https://news.example.com/fa/0").then(None).otherwise("published_at")
    )
    found = one(shown(frames._replace(articles=undated)), "fa_plain")["appearances"]
    assert isinstance(found, list)
    assert [copy["claim_id"] for copy in found] == [id_of("fa_copy"), id_of("fa_plain")]
