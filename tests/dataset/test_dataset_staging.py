"""Staged articles and claims, and the cursor of a pull without news."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from factcheck.dataset import staged_parts
from factcheck.dataset.staging import Staging
from factcheck.errors import Corrupt

if TYPE_CHECKING:
    from tests.dataset.conftest import Rows


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path / "staging")


def test_nothing_is_staged_at_first(staging: Staging) -> None:
    assert staging.articles().is_empty()
    assert staging.claims().is_empty()
    assert staging.cursor(None) is None


def test_articles_are_staged_once(staging: Staging, rows: Rows) -> None:
    assert staging.add_articles(rows.articles([1, 2, 2])) == 2
    assert staging.add_articles(rows.articles([2, 3])) == 1
    assert staging.articles().equals(rows.articles([1, 2, 3]))


def test_what_was_committed_is_taken_out_and_the_rest_stays(staging: Staging, rows: Rows) -> None:
    staging.add_articles(rows.articles([1, 2]))
    staging.set_claims(rows.claims([1, 2]))
    committed = staging.articles()["article_id"]
    staging.add_articles(rows.articles([3]))
    staging.clear(articles=committed, claims=rows.claims([1])["claim_id"])
    assert staging.articles().equals(rows.articles([3]))
    assert staging.claims().equals(rows.claims([2]))


def test_a_cursor_belongs_to_its_version(staging: Staging) -> None:
    staging.save_cursor("a" * 64, {"main": {"updated_at": "2026"}})
    assert staging.cursor("a" * 64) == {"main": {"updated_at": "2026"}}
    assert staging.cursor("b" * 64) is None
    (staging.folder / "cursor.json").write_bytes(b'{"version_hash":')
    assert staging.cursor("a" * 64) is None


def test_a_damaged_file_is_named(staging: Staging, rows: Rows) -> None:
    staging.add_articles(rows.articles([1]))
    (path,) = staging.folder.glob("articles.*/*.parquet")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Corrupt) as caught:
        staging.articles()
    assert caught.value.subject == str(path)


def test_no_temporary_file_stays(staging: Staging, rows: Rows) -> None:
    staging.add_articles(rows.articles([1]))
    staging.set_claims(pl.DataFrame(rows.claims([1])))
    staging.set_claims(pl.DataFrame(rows.claims([2])))
    assert sorted(path.name for path in staging.folder.rglob("*")) == [
        ".lock", "00000001.parquet", "00000001.parquet", "articles.00000000", "claims.00000002",
    ]  # fmt: skip


def test_what_an_older_release_staged_is_read_first_and_taken_out_like_the_rest(staging: Staging, rows: Rows) -> None:
    staging.folder.mkdir()
    rows.articles([1, 2]).drop("published_day").write_parquet(staging.folder / "articles.parquet")
    rows.claims([1, 2]).write_parquet(staging.folder / "claims.parquet")
    assert staging.add_articles(rows.articles([2, 3])) == 1
    assert staging.articles()["article_id"].to_list() == rows.articles([1, 2, 3])["article_id"].to_list()
    assert staging.claims().equals(rows.claims([1, 2]))
    assert (staging.article_count(), staging.claim_count()) == (3, 2)
    staging.clear(articles=rows.articles([1])["article_id"], claims=rows.claims([1])["claim_id"])
    assert staging.articles()["article_id"].to_list() == rows.articles([2, 3])["article_id"].to_list()
    assert staging.claims().equals(rows.claims([2]))
    staging.set_claims(rows.claims([3]))
    assert staging.claims().equals(rows.claims([3]))
    staging.clear(articles=rows.articles([2, 3])["article_id"], claims=rows.claims([3])["claim_id"])
    assert staging.articles().is_empty()
    assert staging.claims().is_empty()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.integers(1, 60), max_size=40), max_size=8), out=st.sets(st.integers(1, 60)))
def test_however_rows_come_together_the_same_is_staged(rows: Rows, batches: list[list[int]], out: set[int]) -> None:
    every = list(dict.fromkeys(number for batch in batches for number in batch))
    left = [number for number in every if number not in out]
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(staged_parts, "ROWS", 7)
        patch.setattr(staged_parts, "_SMALL_ROWS", 3)
        staging = Staging(Path(folder))
        assert sum(staging.add_articles(rows.articles(batch)) for batch in batches if batch) == len(every)
        assert staging.articles(["article_id"])["article_id"].to_list() == _ids(rows, every)
        if out:
            staging.clear(articles=rows.articles(sorted(out))["article_id"])
        assert staging.articles().equals(rows.articles(left)) if left or not out else staging.articles().is_empty()
        assert staging.article_count() == len(left if out else every)
        pieces = list(staging.article_pieces(5))
        assert all(piece.height <= 5 for piece in pieces)
        assert [one for piece in pieces for one in piece["article_id"]] == _ids(rows, left if out else every)


def _ids(rows: Rows, numbers: list[int]) -> list[str]:
    return rows.articles(numbers)["article_id"].to_list() if numbers else []


def test_claims_that_never_come_to_their_end_leave_those_before_them(staging: Staging, rows: Rows) -> None:
    staging.set_claims(rows.claims([1, 2]))

    def stopped() -> Iterator[pl.DataFrame]:
        yield rows.claims([3])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        staging.set_claims(stopped())
    assert staging.claims().equals(rows.claims([1, 2]))
    assert not [path for path in staging.folder.iterdir() if path.name.endswith(".tmp")]


def test_a_folder_that_a_killed_run_left_is_not_read_and_goes_with_the_next(staging: Staging, rows: Rows) -> None:
    staging.set_claims(rows.claims([1]))
    dead = staging.folder / ".claims.1.tmp"
    dead.mkdir()
    rows.claims([2]).write_parquet(dead / "00000001.parquet")
    assert staging.claims().equals(rows.claims([1]))
    staging.set_claims(rows.claims([3]))
    assert not dead.exists()
    assert staging.claims().equals(rows.claims([3]))


def test_only_what_is_asked_for_is_read(staging: Staging, rows: Rows) -> None:
    staging.set_claims(rows.claims([1, 2, 3]))
    first = rows.claims([1])["claim_id"].item()
    found = staging.claims(["quote"], pl.col("claim_id") == first)
    assert found.equals(rows.claims([1]).select("quote"))
