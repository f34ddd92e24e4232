"""What the numbers of answers say of a server that was put back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from factcheck.studio.sync.numbers import Numbers

T = datetime(2026, 11, 5, 12, tzinfo=UTC)
NOTHING = pl.DataFrame(schema={"annotation_id": pl.Int64, "created_at": pl.Datetime("us", "UTC")})


def states(*answers: tuple[int, datetime]) -> pl.DataFrame:
    return pl.DataFrame(list(answers), schema=NOTHING.schema, orient="row")


@pytest.mark.parametrize(
    ("number", "after", "known", "twice"),
    [
        (8, 60, False, False),  # the next one
        (6, 60, False, True),
        (7, 1, False, True),  # the very number
        (7, 0, False, False),  # the very answer
        (6, 9, False, False),  # saved at once, by two
        (6, 11, False, True),
        (6, 60, True, False),  # the clock was set back when it was known already
        (3, -60, False, False),  # an older one that was not seen before
    ],
)
def test_a_number_that_was_given_before(number: int, after: float, known: bool, twice: bool) -> None:
    for numbers in (
        Numbers({"newest_answer": [7, T.isoformat()]}, NOTHING),
        Numbers({}, states((9, T - timedelta(days=1)), (7, T))),
    ):
        numbers.see(number, T + timedelta(seconds=after), known=known)
        assert numbers.handed_out_twice is twice


def test_nothing_is_known_at_first() -> None:
    numbers = Numbers({}, NOTHING)
    numbers.see(5, T, known=False)
    numbers.see(4, T + timedelta(days=1), known=False)
    assert not numbers.handed_out_twice
    again = Numbers(Numbers({}, NOTHING).cursor(everything=True, waits=False), states((9, T)))
    again.see(1, T + timedelta(days=1), known=False)
    assert not again.handed_out_twice, "the cursor goes before what is known"


def test_the_next_pull_goes_by_the_newest_and_by_what_is_there_once_all_was_read() -> None:
    before = {"newest_answer": [7, T.isoformat()]}
    older, newer = (5, T - timedelta(hours=1)), (9, T + timedelta(hours=1))
    numbers = Numbers(before, NOTHING)
    numbers.see(*older, known=True)
    assert numbers.cursor(everything=False, waits=False) == before
    assert numbers.cursor(everything=True, waits=False) == {"newest_answer": [5, older[1].isoformat()]}
    numbers.see(*newer, known=False)
    assert numbers.cursor(everything=False, waits=False) == {"newest_answer": [9, newer[1].isoformat()]}
    assert numbers.cursor(everything=True, waits=True) == before


@pytest.mark.parametrize(
    ("ours", "known", "twice"),
    [(None, False, False), (T - timedelta(days=1), False, False), (T, False, True), (T, True, False)],
)
def test_a_number_under_which_another_answer_stands_here_was_given_twice(
    ours: datetime | None, known: bool, twice: bool
) -> None:
    """Whichever of the two is the older one: a backup of another course of things may have been put in place."""
    numbers = Numbers({"newest_answer": [7, T.isoformat()]}, NOTHING)
    numbers.see(3, T - timedelta(days=1), known=known, ours=ours)
    assert numbers.handed_out_twice is twice
