"""Two glances differ exactly where a look would find something, or might."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from factcheck.pipeline.glance import Seen, is_news

times = st.sampled_from(["10:00", "10:01", "10:02"])
moves = st.frozensets(st.tuples(st.integers(1, 3), times), max_size=4)
glances = st.dictionaries(st.sampled_from(["main", "other", "queue"]), st.builds(Seen, st.integers(0, 3), moves))


@given(glances)
def test_the_same_seen_twice_is_no_news(seen: dict[str, Seen]) -> None:
    assert not is_news(seen, seen, seen.keys())


@given(glances, st.sampled_from(["main", "other", "queue"]))
def test_a_project_that_could_not_be_compared_may_have_news(seen: dict[str, Seen], name: str) -> None:
    without = {key: value for key, value in seen.items() if key != name}
    assert is_news(without, seen, {*seen, name})
    assert is_news({**without, name: Seen(1, frozenset())}, without, {*without, name})


@given(glances, moves)
def test_a_task_more_or_less_or_one_that_moved_again_is_news(
    seen: dict[str, Seen], further: frozenset[tuple[int, str]]
) -> None:
    for name, there in seen.items():
        assert is_news(seen | {name: there._replace(tasks=there.tasks + 1)}, seen, seen.keys())
        moved = there._replace(moved=there.moved | further)
        assert is_news(seen | {name: moved}, seen, seen.keys()) == bool(further - there.moved)
        # What fell out of the time that a glance looks back is not news.
        assert not is_news(seen, seen | {name: moved}, seen.keys())


def test_where_there_is_no_project_there_is_no_news() -> None:
    assert not is_news({}, {}, [])
