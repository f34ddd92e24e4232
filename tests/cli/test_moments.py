"""`yesterday` and `7d` in place of a version: counted from now, days in the desk's zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import names
from factcheck.cli.moments import spelled_out
from factcheck.errors import FactcheckError

NOW = datetime(2026, 11, 27, 21, 30, tzinfo=UTC)  # 01:00 of the 28th in Tehran
TEHRAN = ZoneInfo("Asia/Tehran")


def said(now: datetime = NOW, zone: str = "Asia/Tehran", /, **arguments: Any) -> dict[str, Any]:
    return spelled_out(arguments, now=now, zone=lambda: zone)


@pytest.mark.parametrize(
    ("words", "back"),
    [
        ("7d", timedelta(days=7)),
        ("12h", timedelta(hours=12)),
        ("2 weeks ago", timedelta(weeks=2)),
        ("۳d", timedelta(days=3)),
    ],
)
def test_a_time_ago_counts_from_now(words: str, back: timedelta) -> None:
    for name in ("as_of", "since", "before", "after"):
        assert datetime.fromisoformat(said(**{name: words})[name]) == NOW - back


def test_a_day_is_the_desks_own_and_means_its_end_or_its_beginning() -> None:
    of_the_27th = datetime(2026, 11, 27, tzinfo=TEHRAN), datetime(2026, 11, 28, tzinfo=TEHRAN)
    just_before = timedelta(microseconds=1)
    assert datetime.fromisoformat(said(as_of="yesterday")["as_of"]) == of_the_27th[1] - just_before
    assert datetime.fromisoformat(said(since="Yesterday")["since"]) == of_the_27th[0] - just_before
    assert datetime.fromisoformat(said(since="today")["since"]) == of_the_27th[1] - just_before


def test_what_is_no_such_word_and_what_names_no_version_stays() -> None:
    given: dict[str, Any] = {"as_of": "tag:7d", "since": "2026-11-05", "note": "yesterday", "limit": 7, "before": None}
    assert said(**given) == given


@settings(max_examples=150)
@given(st.integers(1_580_000_000, 1_890_000_000), st.sampled_from(["UTC", "Asia/Tehran", "Europe/Berlin"]))
def test_yesterday_ends_where_today_begins(seconds: int, zone: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    ends = datetime.fromisoformat(said(moment, zone, as_of="yesterday")["as_of"])
    begins = datetime.fromisoformat(said(moment, zone, since="today")["since"])
    assert ends == begins < moment
    assert moment - begins <= timedelta(hours=25)


@pytest.mark.parametrize("name", ["7d", "2w", "12 hours ago", "yesterday", "۷d"])
def test_no_new_tag_is_called_so(name: str) -> None:
    with pytest.raises(FactcheckError):
        names.check("tag", name)
