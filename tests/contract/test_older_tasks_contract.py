"""Tasks that an earlier release pushed, which knew no score, state and order: their votes stay votes."""

from __future__ import annotations

import json

import polars as pl

from factcheck.models import canonical_json, digest
from factcheck.studio.sync.push import push
from tests.contract.conftest import Studio
from tests.fake_studio.props import make_tasks

SINCE = ("score", "state", "order")


def as_before(wanted: pl.DataFrame) -> pl.DataFrame:
    """The same tasks as the release before made them."""
    rows = []
    for row in wanted.iter_rows(named=True):
        data = {name: value for name, value in json.loads(row["data"]).items() if name not in SINCE}
        data["about"] = data["about"].partition("<details")[0].partition('\n<p dir="ltr"><b>Worth checking')[0]
        shown = {name: value for name, value in data.items() if name not in {"claim_id", "content_hash"}}
        content = digest(shown)
        rows.append(row | {"content_hash": content, "data": canonical_json(data | {"content_hash": content})})
    return pl.DataFrame(rows, wanted.schema)


def test_votes_on_tasks_of_the_release_before_stay_votes(studio: Studio) -> None:
    wanted = make_tasks([1, 2, 3])
    before = as_before(wanted)
    first = push(studio.client, studio.project, before)
    studio.checkers[0].submit(studio.task[0], "verified")
    changed = push(studio.client, studio.project, wanted, cache=first.cache)
    assert changed.updated == 3
    assert changed.plan["doubt"].null_count() == 3, "nobody's answer is in doubt"
    studio.checkers[1].submit(studio.task[0], "disputed")
    pulled = studio.pull()
    assert pulled.events.select("choice", "state", "mark").rows() == [
        ("verified", "submitted", None),
        ("disputed", "submitted", None),
    ]
    assert push(studio.client, studio.project, wanted, cache=changed.cache).unchanged == 3
    assert studio.pull(full=True).events.is_empty()
