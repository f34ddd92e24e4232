"""Work of ours leaves the process as it found it, also where two threads do the same at once."""

from __future__ import annotations

import csv
import gc
import logging
import threading
from collections.abc import Callable

import pytest

from factcheck.articles import selection
from factcheck.importers import tables
from factcheck.process_wide import Lent
from factcheck.studio.sync import pull

trafilatura = logging.getLogger("trafilatura")
SETTINGS: list[tuple[Lent[int] | Lent[bool] | Lent[tuple[int, int, int]], Callable[[], object]]] = [
    (pull.COLLECTIONS, gc.get_threshold),
    (tables.LONG_CELLS, csv.field_size_limit),
    (selection.SILENCE, lambda: (trafilatura.propagate, list(trafilatura.handlers))),
]


@pytest.mark.parametrize(("lent", "now"), SETTINGS)
def test_a_setting_is_what_it_was_before_also_after_an_error(
    lent: Lent[int] | Lent[bool] | Lent[tuple[int, int, int]], now: Callable[[], object]
) -> None:
    before = now()
    seen = []

    def work() -> None:
        with lent.taken():
            seen.append(now())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        work()
    assert now() == before not in seen


@pytest.mark.parametrize(("lent", "now"), SETTINGS)
def test_the_last_of_two_threads_puts_it_back(
    lent: Lent[int] | Lent[bool] | Lent[tuple[int, int, int]], now: Callable[[], object]
) -> None:
    """The first comes out while the second is in: neither takes the other's setting for what was there before."""
    before = now()
    inside, out = threading.Event(), threading.Event()
    seen = []

    def second() -> None:
        with lent.taken():
            inside.set()
            out.wait(10)
            seen.append(now())

    other = threading.Thread(target=second)
    with lent.taken():
        changed = now()
        other.start()
        assert inside.wait(10)
    out.set()
    other.join(10)
    assert seen == [changed]
    assert now() == before != changed


def test_reading_a_table_leaves_the_limit_of_cells() -> None:
    before = csv.field_size_limit()
    rows = tables.read_csv(
        "claim,rating\n" + "x" * 200_000 + ",False\ny,True\n", "t.csv", unguarded=lambda column: column
    )
    next(rows)  # a reader who never comes back
    assert csv.field_size_limit() == before
    assert len(list(rows)) == 1
