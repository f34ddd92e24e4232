from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from factcheck import frames, models
from factcheck.models import Claim, Report, Version

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)


def claim(quote: str = "نرخ تورم ۴۰ درصد شد", start: int = 3) -> Claim:
    article = models.article_id(url=None, publisher=None, title=None, text=quote)
    own = models.claim_id(article_id=article, start=start, end=start + len(quote), quote=quote)
    return Claim(
        claim_id=own,
        article_id=article,
        group_id=own,
        start=start,
        end=start + len(quote),
        quote=quote,
        check_worthiness=0.5,
        extractor="rules-1",
    )


def test_a_claim_whose_span_is_not_its_quote_is_no_claim() -> None:
    with pytest.raises(ValidationError, match="code points"):
        Claim.model_validate(claim().model_dump() | {"end": 99})


def test_a_report_that_loses_something_cannot_be_made() -> None:
    with pytest.raises(ValidationError, match="seen"):
        Report(stage="ingest", seen=3, accepted=1, rejected=1)


def test_times_without_a_zone_are_refused_and_others_become_utc() -> None:
    row = {"name": "t", "version": 1}
    with pytest.raises(ValidationError, match="zone"):
        models.Tag.model_validate(row | {"tagged_at": NOW.replace(tzinfo=None)})
    tehran = NOW.astimezone(timezone(timedelta(hours=3, minutes=30)))
    assert models.Tag.model_validate(row | {"tagged_at": tehran}).tagged_at.tzinfo is UTC


@given(st.text(alphabet="ابی\u200c😀 a۱", min_size=1, max_size=30), st.integers(0, 10**6))
def test_records_survive_the_way_through_a_frame(quote: str, start: int) -> None:
    records = [claim(quote, start)]
    assert frames.to_records(Claim, frames.from_records(Claim, records)) == records


def test_dictionaries_survive_the_way_through_a_frame() -> None:
    version = Version(
        version=1,
        content_hash="0" * 64,
        version_hash="1" * 64,
        cause="pull",
        counts={"claims": 2},
        cursor={"main": {"updated_at": "2026"}},
        committed_at=NOW,
    )
    assert frames.to_records(Version, frames.from_records(Version, [version])) == [version]


def test_ids_follow_the_content() -> None:
    assert claim().claim_id == claim().claim_id
    assert claim("a").claim_id != claim("b").claim_id
    one = models.event_id(annotation_key="main:1:x", seq=1, content_hash="c")
    assert one != models.event_id(annotation_key="main:1:x", seq=2, content_hash="c")


@pytest.mark.parametrize("model", models.RECORDS, ids=lambda model: model.__name__)
def test_every_record_has_a_frame_without_exotic_types(model: type[models.Record]) -> None:
    allowed = (pl.String, pl.Int64, pl.Float64, pl.Boolean, pl.Datetime, pl.Date, pl.List)
    assert all(isinstance(dtype, allowed) for dtype in frames.schema(model).dtypes())
