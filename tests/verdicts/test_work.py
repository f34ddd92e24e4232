"""The work of the checkers beside a count by hand."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from statistics import median
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from factcheck import frames
from factcheck.models import AnnotationEvent
from factcheck.verdicts import by_checker, open_claims, outlook
from tests.verdicts.histories import START, claim, event, person

STATES = ("submitted", "skipped", "deleted", "put_aside")
NEEDED = {"main": 2, "second": 1}
SENT = pl.DataFrame(
    [(project, claim(number)) for project in NEEDED for number in range(1, 6)],
    {"project": pl.String(), "claim_id": pl.String()},
    orient="row",
)
ONE = st.tuples(
    st.sampled_from([*NEEDED, "elsewhere"]),
    st.integers(1, 6),
    st.integers(1, 3),
    st.sampled_from(STATES),
    st.none() | st.floats(1, 500),
    st.integers(0, 50),
)


def frame(rows: list[Any]) -> pl.DataFrame:
    events = [
        event(number, claim_number=which, who=who, state=state, minute=minute, project=project).model_copy(
            update={"lead_time": seconds}
        )
        for number, (project, which, who, state, seconds, minute) in enumerate(rows, 1)
    ]
    return frames.from_records(AnnotationEvent, events)


def by_hand(rows: list[Any]) -> tuple[dict[tuple[str, str], int], dict[str, tuple[Any, ...]]]:
    """The same, one answer at a time."""
    answered: dict[tuple[str, str], set[str]] = defaultdict(set)
    skipped: dict[tuple[str, str], set[str]] = defaultdict(set)
    seconds: dict[str, list[float]] = defaultdict(list)
    for project, which, who, state, took, _ in rows:
        if project not in NEEDED:
            continue
        if state == "submitted":
            answered[project, claim(which)].add(person(who))
            if took is not None:
                seconds[person(who)].append(took)
        if state == "skipped":
            skipped[project, claim(which)].add(person(who))
    missing = {}
    for project, which in SENT.iter_rows():
        if (left := NEEDED[project] - len(answered[project, which])) > 0:
            missing[project, which] = left
    people: dict[str, tuple[Any, ...]] = {}
    for one in {who for found in (*answered.values(), *skipped.values()) for who in found}:
        done = {place for place, who in answered.items() if one in who}
        passed = {place for place, who in skipped.items() if one in who} - done
        projects = {project for project, _ in done | passed}
        open_ = {place for place in missing if place[0] in projects} - done - passed
        times = seconds[one]
        people[one] = (len(done), len(passed), len(open_), median(times) if times else None)
    return missing, people


@given(st.lists(ONE, max_size=40))
def test_it_counts_what_a_count_by_hand_counts(rows: list[Any]) -> None:
    states = frame(rows)
    missing, people = by_hand(rows)
    found = open_claims(SENT, states, NEEDED)
    assert {(project, which): left for project, which, left in found.iter_rows()} == missing
    counted = by_checker(SENT, states, NEEDED)
    assert counted["annotator_id"].to_list() == sorted(people)
    for who, done, passed, left, seconds, _ in counted.iter_rows():
        assert (done, passed, left, pytest.approx(seconds)) == people[who]


@given(st.lists(ONE, max_size=30), st.randoms())
def test_neither_order_nor_a_row_that_comes_twice_matters(rows: list[Any], dice: Any) -> None:
    states = frame(rows)
    mixed = pl.concat([states, states]).unique("event_id").sample(fraction=1.0, shuffle=True, seed=dice.randrange(99))
    assert by_checker(SENT, mixed, NEEDED).equals(by_checker(SENT, states, NEEDED))


def times(*days_ago: float) -> pl.Series:
    return pl.Series([START - timedelta(days=days) for days in days_ago], dtype=frames.UTC_MICROSECONDS)


def test_the_pace_is_that_of_the_last_seven_days() -> None:
    ahead = outlook(30, times(*[20] * 100, *[3] * 14), now=START)
    assert (ahead.per_day, ahead.days) == (2.0, 15.0)


def test_a_desk_that_began_lately_goes_by_the_days_since_and_by_one_at_least() -> None:
    assert outlook(30, times(*[2] * 10), now=START).per_day == 5.0
    assert outlook(30, times(*[0.1] * 10), now=START).per_day == 10.0


def test_too_little_says_nothing_but_that_nothing_is_left() -> None:
    assert outlook(30, times(*[2] * 9, *[8] * 50), now=START).days is None
    assert outlook(0, times(), now=START).days == 0.0
    assert outlook(5, times(*[-1] * 20), now=START).days is None, "answers of a clock that goes before ours"
