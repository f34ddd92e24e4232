from __future__ import annotations

from factcheck.pipeline.progress import progress


def test_it_tells_every_other_second_and_at_the_end_how_long_it_will_take() -> None:
    times, said = iter([0.0, 1.0, 3.0, 4.0, 240.0, 241.0, 241.5]), list[str]()
    advance = progress("main", said.append, clock=lambda: next(times))
    for done in (10, 30, 40, 2400, 4790, 4800):
        advance(done, 4800)
    assert said == [
        "main: 30 of 4,800, about 8 min left",
        "main: 2,400 of 4,800, about 4 min left",
        "main: 4,800 of 4,800",
    ]


def test_a_step_that_fails_to_advance_is_no_division_by_nothing() -> None:
    times, said = iter([0.0, 5.0]), list[str]()
    progress("main", said.append, clock=lambda: next(times))(0, 7)
    assert said == ["main: 0 of 7"]
