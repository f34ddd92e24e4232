"""Over random tables of claims: no row is lost, and the second reading adds nothing."""

from __future__ import annotations

import io

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factcheck.pipeline.desk import Desk
from tests.pipeline.test_regrouping import OldDesk
from tests.pipeline.test_table_claims import read

WORDS = st.text(st.sampled_from("ab یک\u200c\u202e\x00 \n'\"،"), max_size=6)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(WORDS, WORDS, st.sampled_from(["2025-11-22", "junk", ""])), min_size=1, max_size=5))
def test_no_row_is_lost_and_the_second_reading_adds_nothing(
    rows: list[tuple[str, str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    desk = OldDesk(folder / "desk", {})
    buffer = io.BytesIO()
    pl.DataFrame(rows, ["claim", "claimant", "date"], orient="row").write_ndjson(buffer)
    (folder / "claims.jsonl").write_bytes(buffer.getvalue())
    first = read(desk, str(folder / "claims.jsonl"))
    assert (first.seen, first.accepted + first.rejected) == (len(rows), len(rows))
    claims, texts = Desk(desk.settings).claims(), Desk(desk.settings).articles()
    assert claims.height == first.counts["new"] == first.accepted
    where = dict(texts.select("article_id", "text").iter_rows())
    assert all(where[row["article_id"]][row["start"] : row["end"]] == row["quote"] for row in claims.to_dicts())
    again = read(desk, str(folder / "claims.jsonl"))
    assert (again.counts["new"], again.version) == (0, None)
    assert again.rejections == first.rejections
