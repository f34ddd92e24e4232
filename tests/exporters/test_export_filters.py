"""The filters of profiles, against a slow reading of each row that is plainly right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from factcheck.days import Clock, is_bare
from factcheck.errors import ConfigError, UsageError
from factcheck.exporters import Profile, render, select
from factcheck.exporters.contract import Mark
from factcheck.exporters.filters import Filters, rules
from factcheck.folding import match_key
from factcheck.models import Calendar, EditorialState, Status, Verdict
from tests.exporters.export_rows import CONTEXT, MOMENT, appearance, row, rows

ZONES = ("UTC", "Asia/Tehran", "Asia/Kabul", "America/St_Johns", "Pacific/Kiritimati")
OUTLETS = ("خبرگزاری نمونه", "خبرگزاري نمونه", "خبر‌گزاری نمونه", "The Example", "the  example", "Example Daily")
TOPICS = ("اقتصاد", "إقتصاد", "Health")
PEOPLE = ("علی كريمي", "علی کریمی", "Jane Doe", "JANE DOE", "وزير النفط")
MOMENTS = st.datetimes(datetime(2026, 11, 10), datetime(2026, 11, 22), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
) | st.dates(date(2026, 11, 10), date(2026, 11, 22)).map(lambda day: datetime(day.year, day.month, day.day, tzinfo=UTC))
DAYS = st.sampled_from(["", "2026-11-12", "2026-11-18", "۱۴۰۵/۰۸/۲۹", "1405/08/24", "3d", "1w", "today", "yesterday"])
TAGGED = Mark(datetime(2026, 11, 15, 12, tzinfo=UTC), pl.Series(["clm_0", "clm_2", "clm_9"]))


@st.composite
def a_row(draw: st.DrawFn, number: int) -> dict[str, Any]:
    status = draw(st.sampled_from(Status))
    decided = status == Status.DECIDED
    names = st.none() | st.sampled_from(OUTLETS)
    carriers = draw(st.lists(names, max_size=3))
    return row(
        claim_id=f"clm_{number}",
        state=draw(st.sampled_from(["active", "active", "withdrawn"])),
        status=str(status),
        verdict=str(draw(st.sampled_from(Verdict))) if decided else None,
        editorial_state=draw(st.none() | st.sampled_from([str(one) for one in EditorialState])),
        topic=draw(st.none() | st.sampled_from(TOPICS)),
        lang=draw(st.sampled_from(["fa", "ar", None])),
        publisher=draw(names),
        appearances=[appearance(publisher=one) for one in carriers],
        claimant=draw(st.none() | st.sampled_from(PEOPLE)),
        published_at=draw(st.none() | MOMENTS),
        published_raw=draw(st.sampled_from([None, "2026-11-12", "۱۲:۳۰", "12٫30", "12 Nov 2026 at 00:00"])),
        decided_at=draw(st.none() | MOMENTS) if decided else None,
        modified_at=draw(st.none() | MOMENTS),
        agreement=draw(st.none() | st.sampled_from([0.3, 0.5, 1.0])),
    )


def some(values: Any) -> st.SearchStrategy[list[Any]]:
    return st.just([]) | st.lists(st.sampled_from(values), unique=True, min_size=1, max_size=2)


FILTERS = st.builds(
    Filters,
    statuses=some(list(Status)),
    verdicts=some(list(Verdict)),
    editorial_states=some(list(EditorialState)),
    topics=some(TOPICS),
    languages=some(["fa", "ar", "en"]),
    outlets=some(OUTLETS),
    claimants=some(PEOPLE),
    published_from=DAYS,
    published_to=DAYS,
    decided_from=DAYS,
    decided_to=DAYS,
    tag=st.sampled_from(["", "week-46"]),
    changed_since=st.sampled_from(["", "week-46", "36h", "3d", "2026-11-16", "yesterday"]),
    min_agreement=st.sampled_from([0.0, 0.4, 1.0]),
    withdrawn=st.booleans(),
)
CONTEXTS = st.sampled_from(ZONES).map(
    lambda zone: replace(CONTEXT, clock=Clock(zone, Calendar.JALALI), marks={"week-46": TAGGED})
)
VIEWS = st.tuples(*(a_row(number) for number in range(4))).map(lambda items: rows(*items))

NAMED = {"۱۴۰۵/۰۸/۲۹": date(2026, 11, 20), "1405/08/24": date(2026, 11, 15)}
NAMED |= {"1405/08/29": date(2026, 11, 20)}
AGO = {"3d": 3, "1w": 7, "today": 0, "yesterday": 1}


def day(text: str, zone: str) -> date:
    if text in AGO:
        return MOMENT.astimezone(ZoneInfo(zone)).date() - timedelta(days=AGO[text])
    return NAMED.get(text) or date.fromisoformat(text)


def within(moment: datetime | None, zone: str, first: str, last: str, *, bare: bool) -> bool:
    if not first and not last:
        return True
    if moment is None:
        return False
    on = moment.astimezone(UTC if bare else ZoneInfo(zone)).date()
    return (not first or day(first, zone) <= on) and (not last or on <= day(last, zone))


def since(moment: datetime | None, text: str, zone: str) -> bool:
    if not text:
        return True
    if moment is None:
        return False
    if text == "week-46":
        return moment > TAGGED.committed_at
    if text in {"36h", "3d"}:
        return moment >= MOMENT - timedelta(hours={"36h": 36, "3d": 72}[text])
    return moment.astimezone(ZoneInfo(zone)).date() >= day(text, zone)


def found_by(name: str | None, wanted: list[str]) -> bool:
    return name is not None and match_key(name) in {match_key(one) for one in wanted}


def fails(item: dict[str, Any], filters: Filters, zone: str) -> set[str]:
    """The codes of the filters that the row does not pass."""
    bare = is_bare(item["published_at"], item["published_raw"])
    carriers = [item["publisher"], *(one["publisher"] for one in item["appearances"])]
    passes = {
        "WITHDRAWN": filters.withdrawn or item["state"] == "active",
        "FILTERED_STATUS": not filters.statuses or item["status"] in filters.statuses,
        "FILTERED_VERDICT": not filters.verdicts or item["verdict"] in filters.verdicts,
        "FILTERED_EDITORIAL": not filters.editorial_states or item["editorial_state"] in filters.editorial_states,
        "FILTERED_TOPIC": not filters.topics or found_by(item["topic"], filters.topics),
        "FILTERED_LANGUAGE": not filters.languages or item["lang"] in filters.languages,
        "FILTERED_OUTLET": not filters.outlets or any(found_by(name, filters.outlets) for name in carriers),
        "FILTERED_CLAIMANT": not filters.claimants or found_by(item["claimant"], filters.claimants),
        "FILTERED_PUBLISHED": within(
            item["published_at"], zone, filters.published_from, filters.published_to, bare=bare
        ),
        "FILTERED_DECIDED": within(item["decided_at"], zone, filters.decided_from, filters.decided_to, bare=False),
        "FILTERED_TAG": not filters.tag or item["claim_id"] in set(TAGGED.standing),
        "FILTERED_CHANGED": since(item["modified_at"], filters.changed_since, zone),
        "FILTERED_AGREEMENT": not filters.min_agreement or (item["agreement"] or 0) >= filters.min_agreement,
    }
    return {code for code, passed in passes.items() if not passed}


@settings(max_examples=150, deadline=None)
@given(view=VIEWS, filters=FILTERS, context=CONTEXTS)
def test_what_is_shown_passes_every_filter_and_what_is_not_fails_the_one_it_names(
    view: pl.DataFrame, filters: Filters, context: Any
) -> None:
    selected = select(view, Profile(name="mine", format="csv", filters=filters), context)
    told = dict(selected.rejected.select("subject", "code").iter_rows())
    shown = set(selected.rows["claim_id"])
    assert shown.isdisjoint(told)
    assert len(shown) + len(told) == view.height == selected.rows.height + selected.rejected.height
    for item in view.iter_rows(named=True):
        failed = fails(item, filters, context.clock.zone)
        assert (item["claim_id"] in shown) == (not failed)
        assert item["claim_id"] in shown or told[item["claim_id"]] in failed
    assert all(reason.startswith("profile mine shows ") for reason in selected.rejected["reason"])


@settings(max_examples=100, deadline=None)
@given(view=VIEWS, one=FILTERS, two=FILTERS, context=CONTEXTS)
def test_the_order_of_filters_does_not_matter(view: pl.DataFrame, one: Filters, two: Filters, context: Any) -> None:
    def chosen(frame: pl.DataFrame, filters: Filters) -> pl.DataFrame:
        return select(frame, Profile(name="mine", format="csv", filters=filters), context).rows

    assert chosen(chosen(view, one), two).equals(chosen(chosen(view, two), one))
    turned = one.model_copy(
        update={name: value[::-1] for name, value in one if isinstance(value, list)},
    )
    assert chosen(view, turned).equals(chosen(view, one))


@settings(max_examples=100, deadline=None)
@given(view=VIEWS)
def test_no_filter_is_everything(view: pl.DataFrame) -> None:
    everything = Profile(name="mine", format="csv", filters=Filters(withdrawn=True))
    selected = select(view, everything, CONTEXT)
    assert selected.rows.equals(view)
    assert selected.rejected.is_empty()
    assert rules(everything.filters, subject="mine") == []


@settings(max_examples=100, deadline=None)
@given(view=VIEWS, filters=FILTERS, context=CONTEXTS)
def test_a_tombstone_is_left_out_only_for_what_was_claimed(view: pl.DataFrame, filters: Filters, context: Any) -> None:
    of_claim = {"FILTERED_LANGUAGE", "FILTERED_OUTLET", "FILTERED_TOPIC", "FILTERED_CLAIMANT", "FILTERED_PUBLISHED"}
    kept = select(view, Profile(name="mine", format="site", filters=filters), context, tombstones=True)
    shown = set(kept.rows["claim_id"])
    for item in view.iter_rows(named=True):
        failed = fails(item, filters, context.clock.zone)
        if item["state"] != "active" or item["status"] not in {"decided", "unproven"}:
            never = "FILTERED_EDITORIAL" in failed and item["editorial_state"] in {None, "draft"}
            assert (item["claim_id"] in shown) == (failed.isdisjoint(of_claim) and not never)
        elif item["status"] == "decided":
            assert (item["claim_id"] in shown) == (not failed)


def test_an_outlet_is_found_where_it_only_carried_the_claim() -> None:
    frame = rows(row(publisher="Elsewhere", appearances=[appearance(publisher="صحيفة المثال")]))
    made = Profile(name="mine", format="csv", filters=Filters(outlets=["صحیفة  المثال"]))
    assert select(frame, made, CONTEXT).rows.height == 1


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("published_from", "soon", "names no day"),
        ("published_from", "12h", "names hours"),
        ("decided_to", "1405-08-29", "1405/08/29"),
        ("decided_to", "2026-11-31", "day"),
        ("changed_since", "2026-11-31", "day"),
        ("outlets", ["…"], "no letter"),
    ],
)
def test_a_filter_that_means_nothing_is_refused(key: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Filters.model_validate({key: value})


def test_days_of_toml_and_numbers_of_versions_need_no_quotes() -> None:
    found = Filters.model_validate({"published_from": date(2026, 11, 12), "changed_since": 12})
    assert (found.published_from, found.changed_since, found.marks) == ("2026-11-12", "12", ["12"])


@pytest.mark.parametrize("text", ["1405/13/01", "1405/08/29"])
def test_a_day_that_the_desks_calendar_does_not_have_is_refused(text: str) -> None:
    calendar = Calendar.GREGORIAN if text == "1405/08/29" else Calendar.JALALI
    made = Profile(name="mine", format="csv", filters=Filters(published_from=text))
    with pytest.raises(ConfigError, match=f"{text} is no day of the desk's calendar"):
        select(rows(row()), made, replace(CONTEXT, clock=Clock("UTC", calendar)))


def test_a_version_that_nobody_looked_up_is_said() -> None:
    made = Profile(name="mine", format="csv", filters=Filters(tag="week-46"))
    with pytest.raises(UsageError, match="'week-46'"):
        render(rows(row()), made, CONTEXT)


@pytest.mark.parametrize(
    ("filters", "moving"),
    [({"decided_from": "7d"}, True), ({"changed_since": "yesterday"}, True), ({"changed_since": "week-46"}, False)],
)
def test_a_window_that_moves_is_known(filters: dict[str, str], moving: bool) -> None:
    assert Filters.model_validate(filters).moving is moving
