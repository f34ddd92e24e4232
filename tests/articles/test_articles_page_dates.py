"""Of several dates in a page the article's is found by where it stands: not a comment's, a card's or a change's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck.articles import Ingested, dates

TEXT = (
    "<p>The harbour of Lindow was closed for nine weeks after a survey found cracks in two of its piers.</p>"
    "<p>Repairs will cost four million pounds, the county said in a letter to the traders of the quay.</p>"
)
CARD = (
    "<li><a href='/2'>The bridge at Marrow is to be rebuilt</a>"
    "<meta itemprop='datePublished' content='2020-01-01'><time datetime='2020-01-01'>1 January 2020</time></li>"
)
COMMENT = "<div itemprop='comment' itemscope><meta itemprop='datePublished' content='2024-10-09'>Well said.</div>"
OWN = {
    "a list of facts": "<ul><li>By <a href='/by/1'>Ann Marsh</a></li><li><time datetime='2024-10-03'>x</time></ul>",
    "microdata in words": "<div>Filed <span itemprop='datePublished'>3 October 2024</span></div>",
    "microdata of the body": "<div><meta itemprop='datePublished' content='2024-10-03'></div>",
    "a line": "<div class='dateline'>Thursday, 3 October 2024</div>",
    "a lead": "",
}


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("before", [True, False])
def test_the_date_of_the_article_is_told_from_those_around_it(
    ingest: Callable[..., Ingested], name: str, before: bool
) -> None:
    others = f"<ul>{CARD}</ul>"
    lead = (
        "<p>LINDOW, 3 October 2024 - The harbour is closed, and nobody knows for how long.</p>"
        if name == "a lead"
        else ""
    )
    article = f"<article><h1>Harbour closed</h1>{OWN[name]}{lead}{TEXT}</article>"
    body = f"{others}{article}{COMMENT}" if before else f"{article}{COMMENT}{others}"
    (row,) = ingest(f"<html lang='en'><body>{body}</body></html>", "p.html").articles.to_dicts()
    assert (row["published_day"], "date_disagrees" in row["warnings"]) == (date(2024, 10, 3), False)


@given(
    st.integers(631_152_000, 1_760_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.sampled_from(["Z", "+03:30", "-0500", "+0000", "+14:00"]),
    st.booleans(),
)
def test_a_moment_in_iso_is_the_same_with_a_blank_for_its_t(at: datetime, zone: str, has_fraction: bool) -> None:
    """The shape that machines write is read by a short way; the other one is not."""
    written = at.strftime("%Y-%m-%dT%H:%M:%S") + (".250" if has_fraction else "")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    found = dates.published(written + zone, now=now, lang=None)
    assert found == dates.published(f"{written.replace('T', ' ')} {zone}", now=now, lang=None)
    assert found.at is not None
    assert found.day == at.date()
