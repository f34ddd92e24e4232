from __future__ import annotations

from factcheck.pipeline.progress import in_words


def test_the_time_that_is_left_goes_by_the_pace_so_far() -> None:
    assert in_words("push", 30, 4800, 3.0) == "push: 30 of 4,800, about 8 min left"
    assert in_words("push", 2400, 4800, 240.0) == "push: 2,400 of 4,800, about 4 min left"
    assert in_words("push", 4800, 4800, 241.0) == "push: 4,800 of 4,800"


def test_a_step_that_fails_to_advance_is_no_division_by_nothing() -> None:
    assert in_words("push", 0, 7, 5.0) == "push: 0 of 7"


def test_where_nobody_knows_how_many_there_are_it_says_what_it_knows() -> None:
    assert in_words("ingest", 1200, 0, 5.0) == "ingest: 1,200 so far, 5 s"
    assert in_words("verify", 0, 0, 130.0) == "verify: working, 2 min"
