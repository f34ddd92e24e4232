"""The index is a cache: without it, with an old or a damaged one, commits are the same."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.dataset.key_index import code_of, decode, row_hash
from factcheck.dataset.layout import DATA
from factcheck.models import Status, Verdict

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


def damage(folder: Path) -> None:
    for path in folder.iterdir():
        data = bytearray(path.read_bytes())
        data[-3] ^= 4
        path.write_bytes(data)


@pytest.mark.parametrize("harm", [shutil.rmtree, damage])
def test_a_lost_or_damaged_index_changes_nothing(three: ds.Dataset, rows: Rows, harm: object) -> None:
    assert callable(harm)
    harm(Path(three.uri) / "_index")
    again = ds.open(three.uri)
    known = rows.verdicts([0, 2], "verified", n_votes=3)
    assert ds.commit(again, events=rows.events(range(20)), verdicts=known, cause="pull", now=rows.now) is None
    version = ds.commit(again, verdicts=rows.verdicts([0, 1], "opinion"), cause="pull", now=rows.at(50))
    assert version is not None
    found = again.verdict_changes().filter(pl.col("version") == 4).sort("claim_id").collect()
    before = dict(found.select("claim_id", "before_verdict").iter_rows())
    assert before == {rows.claim(0).claim_id: "verified", rows.claim(1).claim_id: None}
    assert found.sort("before_version")["before_version"].to_list() == [2, 3]


def test_statuses_and_verdicts_survive_their_code() -> None:
    pairs = [(str(status), verdict) for status in Status for verdict in (None, *map(str, Verdict))]
    frame = pl.DataFrame(pairs, schema={"status": pl.String, "verdict": pl.String}, orient="row")
    codes = frame.select(code_of(pl.col("status"), pl.col("verdict")).alias("code"))
    status, verdict = decode(pl.col("code"))
    assert codes["code"].is_unique().all()
    assert codes.select(status.alias("status"), verdict.alias("verdict")).rows() == pairs


def test_rows_that_differ_have_different_hashes(rows: Rows) -> None:
    verdicts = [
        rows.verdicts([0]),
        rows.verdicts([0], rationales=["دلیل", ""]),
        rows.verdicts([0], rationales=[]),
        rows.verdicts([0], n_votes=3),
        rows.verdicts([0], "disputed"),
    ]
    assert len({row_hash(DATA["verdicts"], frame).item() for frame in verdicts}) == len(verdicts)
