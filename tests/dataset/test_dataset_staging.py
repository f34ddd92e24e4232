"""Staged articles and claims, and the cursor of a pull without news."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

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
    path = staging.folder / "articles.parquet"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(Corrupt) as caught:
        staging.articles()
    assert caught.value.subject == str(path)


def test_no_temporary_file_stays(staging: Staging, rows: Rows) -> None:
    staging.add_articles(rows.articles([1]))
    staging.set_claims(pl.DataFrame(rows.claims([1])))
    assert sorted(path.name for path in staging.folder.iterdir()) == [".lock", "articles.parquet", "claims.parquet"]
