"""The charts of the site: that they count what is there, in the desk's own days, weeks, months or years."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck.days import Clock
from factcheck.exporters import find, render
from factcheck.exporters.site.bars import Chart, Series, drawn, highest, steps
from factcheck.exporters.site.periods import MOST, Periods, Size, fitting
from factcheck.languages import SPOKEN, Language
from factcheck.models import Calendar
from tests.exporters import site_rows
from tests.exporters.export_rows import row, rows

PROFILE = find("public-site", None)
DAYS = st.dates(date(1930, 1, 1), date(2070, 1, 1))
SIZES = ("day", "week", "month", "year")


def page(frame: Any, **changes: Any) -> str:
    folder = render(frame, PROFILE, dataclasses.replace(site_rows.CONTEXT, **{"language": "en"} | changes)).folder
    assert folder is not None
    return next(one for one in folder.pages if one.name == "charts.html").make().decode()


def table(text: str, name: str) -> list[list[str]]:
    """The cells of the table under the chart of that name."""
    section = text.split(f'<h2 id="{name}">')[1].split("</section>", maxsplit=1)[0]
    return [
        re.findall(r"<t[hd][^>]*>(?:<bdi>)?([^<]*)", line) for line in re.findall(r"<tr>.*?</tr>", section, re.DOTALL)
    ]


def day(number: int) -> datetime:
    return datetime(2026, 11, number, 12, tzinfo=UTC)


def test_each_chart_counts_what_there_is() -> None:
    def claim(number: int, on: int, article: int, **fields: Any) -> dict[str, Any]:
        dated = {"first_published_at": day(on), "decided_at": day(on), "published_at": day(article)}
        return row(claim_id=site_rows.claim_id(number), **dated | fields)

    frame = rows(
        claim(1, 10, 8, verdict="verified", agreement=1.0),
        claim(2, 10, 4, verdict="disputed", agreement=0.5),
        claim(3, 12, 9, verdict=None, status="unproven", agreement=None),
        row(claim_id=site_rows.claim_id(4), status="contested", verdict=None, first_published_at=None,
            decided_at=None, published_at=day(11)),
        claim(5, 10, 8, state="withdrawn", verdict="opinion"),
    )  # fmt: skip
    history = site_rows.changes(
        [
            {
                "claim_id": site_rows.claim_id(1),
                "before_verdict": "disputed",
                "verdict": "verified",
                "committed_at": day(14),
            }
        ]
    )
    text = page(frame, history=history)
    assert table(text, "verdicts") == [
        ["Day", "Verified", "False or misleading", "Unproven"],
        ["2026-11-10", "1", "1", "0"],
        ["2026-11-11", "0", "0", "0"],
        ["2026-11-12", "0", "0", "1"],
    ]
    assert table(text, "days") == [
        ["Day", "Days to a verdict"], ["2026-11-10", "4"], ["2026-11-11", "0"], ["2026-11-12", "3"],
    ]  # fmt: skip
    assert table(text, "agreement")[1:] == [["2026-11-10", "75"]]
    assert table(text, "undecided") == [["Day", "Contested"], ["2026-11-11", "1"]]
    assert table(text, "corrected") == [["Day", "Corrections"], ["2026-11-14", "1"]]
    for name in ("verdicts", "days", "agreement", "undecided", "corrected"):
        assert f'<title id="{name}-title">' in text
        assert f'<desc id="{name}-about">' in text
    assert "style=" not in text


def test_a_desk_without_claims_has_an_empty_page() -> None:
    assert "There is nothing here yet." in page(rows())


def test_days_are_those_of_the_desk_and_months_those_of_its_calendar() -> None:
    clock = Clock("Asia/Tehran", Calendar.JALALI)
    late = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    frame = rows(row(first_published_at=late, decided_at=late, published_at=late - timedelta(days=1)))
    assert table(page(frame, clock=clock, language="fa"), "verdicts")[1] == ["۳۰ آبان ۱۴۰۵", "۱"]
    long = Periods("month", clock)
    assert long.start(date(2026, 11, 20)) == date(2026, 10, 23)
    assert long.label(date(2026, 10, 23), "fa") == "آبان ۱۴۰۵"
    assert long.label(date(2026, 10, 23), "en") == "1405/08"
    assert Periods("year", clock).label(date(2026, 3, 21), "fa") == "۱۴۰۵"
    assert Periods("week", clock).start(date(2026, 11, 27)).strftime("%A") == "Saturday"
    assert Periods("week", Clock()).start(date(2026, 11, 27)).strftime("%A") == "Monday"
    assert Periods("month", Clock()).label(date(2026, 11, 1), "fa") == "2026-11"


@settings(max_examples=200, deadline=None)
@given(days=st.lists(DAYS, min_size=1, max_size=30), calendar=st.sampled_from(Calendar), size=st.sampled_from(SIZES))
def test_every_day_lies_in_one_period(days: list[date], calendar: Calendar, size: str) -> None:
    periods = Periods(cast("Size", size), Clock("UTC", calendar))
    bins = periods.between(min(days), max(days))
    assert bins == sorted(set(bins))
    assert len(bins) <= MOST
    for one in days:
        start = periods.start(one)
        assert start <= one
        assert periods.start(start) == start
        assert start in bins or start < bins[0]
    assert len(bins) == MOST or bins[0] == periods.start(min(days))


@given(days=st.lists(st.dates(), max_size=20), calendar=st.sampled_from(Calendar))
def test_any_dates_are_counted_in_few_periods(days: list[date], calendar: Calendar) -> None:
    periods = fitting(days, Clock("UTC", calendar))
    for one in (min(days), max(days)) if days else ():
        assert periods.start(one) <= one


AMOUNTS = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)


@settings(max_examples=200, deadline=None)
@given(first=AMOUNTS, other=st.integers(0, 50), language=st.sampled_from(SPOKEN))
def test_bars_stand_on_each_other_inside_the_picture(first: list[int], other: int, language: Language) -> None:
    chart = Chart(
        "verdicts", "t", "a", "Day", [str(at) for at in range(len(first))],
        [Series("verified", "v", [float(one) for one in first]), Series("disputed", "d", [float(other)] * len(first))],
    )  # fmt: skip
    if not highest(chart):
        return
    found = drawn(chart, language)
    assert 2 <= len(found["lines"]) <= 6
    assert steps(chart) >= 1
    per_unit = (found["lines"][0]["y"] - found["lines"][-1]["y"]) / (steps(chart) * (len(found["lines"]) - 1))
    for bar in found["bars"]:
        assert found["from"] <= bar["x"] + 0.1
        assert bar["x"] + bar["w"] <= found["to"] + 0.1
        assert 0 <= bar["y"] <= found["base"]
    tall = [bar["h"] for bar in found["bars"] if bar["key"] == "verified"]
    wanted = [one * per_unit for one in first if one]
    assert tall == pytest.approx(wanted, abs=0.11)
    newest = max(bar["x"] for bar in found["bars"]) if language == "en" else min(bar["x"] for bar in found["bars"])
    if first[-1]:
        assert any(bar["x"] == newest and bar["key"] == "verified" for bar in found["bars"])


def test_topics_that_an_editor_signed_have_pages_and_drafts_have_none() -> None:
    frame = rows(
        row(claim_id=site_rows.claim_id(1), topic="Energy", editorial_state="published"),
        row(claim_id=site_rows.claim_id(2), topic=" energy", editorial_state="approved"),
        row(claim_id=site_rows.claim_id(3), topic="Secret plan", editorial_state="draft"),
        row(claim_id=site_rows.claim_id(4)),
    )
    folder = render(frame, PROFILE, dataclasses.replace(site_rows.CONTEXT, language="en")).folder
    assert folder is not None
    pages = {
        one.name: one.make().decode(errors="replace") for one in folder.pages if one.name.endswith((".html", ".js"))
    }
    assert 'Energy</bdi></a> <span class="count">2<' in pages["topics.html"]
    (listed,) = [text for name, text in pages.items() if name.startswith("topics/")]
    assert [number for number in (1, 2, 3, 4) if site_rows.claim_id(number) in listed] == [1, 2]
    assert not [name for name, text in pages.items() if "Secret plan" in text]
    assert 'href="../topics.html"' in pages[f"claims/{site_rows.claim_id(4)}.html"]
    without = render(frame.tail(1), PROFILE, site_rows.CONTEXT).folder
    assert without is not None
    assert not [one.name for one in without.pages if "topic" in one.name]
