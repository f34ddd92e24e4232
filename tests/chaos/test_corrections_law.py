"""Over random histories of verdicts, releases and withdrawals, corrections are what a reader of each release sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factcheck import dataset as ds
from factcheck.exporters import view
from tests.dataset.conftest import new, rows
from tests.dataset.test_dataset_corrections import publish, told

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows

__all__ = ["new", "rows"]


def by_full_reads(dataset: ds.Dataset, released: list[int], number: int) -> list[tuple[str, str, str | None]]:
    """What a reader of each release in turn, and then of the version, sees change."""
    said: dict[str, str | None] = {}
    found = []
    for point in [*sorted(one for one in released if one < number), number]:
        now = dict(dataset.verdicts(point).select("claim_id", "verdict").collect().iter_rows())
        there = dataset.claims(point).filter(pl.col("state") == "active").collect()["group_id"]
        now = {claim: verdict if claim in there else None for claim, verdict in now.items()}
        for claim, verdict in now.items():
            before = said.get(claim)
            if before is not None and before != verdict:
                found.append((claim, before, verdict))
        said |= now
    return sorted(found, key=str)


def exported(dataset: ds.Dataset, number: int) -> int:
    rows = view(
        dataset.articles(number).collect(),
        dataset.claims(number).collect(),
        dataset.verdict_changes(number).collect(),
        dataset.versions(number),
        dataset.corrections(number),
    )
    return int(rows["n_corrections"].sum())


VERDICTS = st.sampled_from(["verified", "disputed", "opinion", None])


@pytest.mark.slow
@settings(max_examples=12)  # each makes and reads up to six versions and releases
@given(
    history=st.lists(st.dictionaries(st.integers(0, 3), VERDICTS, min_size=1, max_size=4), min_size=2, max_size=6),
    gone=st.lists(st.sets(st.integers(0, 3)), min_size=6, max_size=6),
    data=st.data(),
)
def test_release_command_and_export_count_the_same(
    new: Callable[[], ds.Dataset],
    rows: Rows,
    tmp_path_factory: pytest.TempPathFactory,
    history: list[dict[int, str | None]],
    gone: list[set[int]],
    data: st.DataObject,
) -> None:
    dataset, folder = new(), tmp_path_factory.mktemp("releases")
    released: list[int] = []
    for number, changes in enumerate(history):
        frames = [rows.verdicts([claim], verdict) for claim, verdict in changes.items()]
        ds.commit(
            dataset,
            articles=rows.articles(range(4)),
            claims=pl.concat(
                rows.claims([claim], state="withdrawn" if claim in gone[number] else "active") for claim in range(4)
            ),
            verdicts=pl.concat(frames),
            cause="pull",
            now=rows.at(number),
        )
        if dataset.head not in released and data.draw(st.booleans(), label="released"):
            file = publish(dataset, dataset.head, folder, rows)
            assert told(file) == told(dataset.corrections())
            assert file.height == exported(dataset, dataset.head)
            released.append(dataset.head)
    for number in range(1, dataset.head + 1):
        found = dataset.corrections(number)
        assert sorted(((one, was, now) for one, _, was, now in told(found)), key=str) == by_full_reads(
            dataset, released, number
        )
        assert exported(dataset, number) == found.height
        assert dataset.history(number).height >= found.height
