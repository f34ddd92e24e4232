"""The tasks of a project are the same, and in the same order, whatever the batches are."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from factcheck import frames, settings
from factcheck.claims import context
from factcheck.models import Article, Claim
from factcheck.pipeline import task_batches
from factcheck.pipeline.desk import Desk
from factcheck.studio.page.tasks import tasks
from tests.fake_studio.props import NOW

CLAIM = st.tuples(
    st.integers(0, 4), st.integers(0, 9), st.sampled_from([0.5, 0.61, 0.7, 0.9]), st.booleans(), st.booleans()
)


def desk_with(folder: str, made: list[tuple[int, int, float, bool, bool]]) -> tuple[Desk, pl.DataFrame]:
    """A desk with five articles, and claims: article, group, check-worthiness, withdrawn, whether it is the head."""
    desk = Desk(settings.Settings(root=Path(folder)))
    articles = [
        Article(article_id=f"art_{n:020x}", source=f"{n}.txt", text=f"Report {n} said. " * 20, fetched_at=NOW)
        for n in range(5)
    ]
    desk.staging.add_articles(frames.from_records(Article, articles))
    named: set[int] = set()
    claims = []
    for number, (article, group, worth, gone, is_head) in enumerate(made):
        head = is_head and group not in named
        named |= {group} if head else set()
        claims.append(
            Claim(
                claim_id=f"clm_{group if head else number + 100:020x}",
                article_id=f"art_{article:020x}",
                group_id=f"clm_{group:020x}",
                start=number * 3,
                end=number * 3 + 8,
                quote="Report 1",
                check_worthiness=worth,
                state="withdrawn" if gone else "active",
                extractor="test-1",
            )
        )
    return desk, frames.from_records(Claim, claims).select(task_batches.CLAIM)


@how(max_examples=150, deadline=None)
@given(made=st.lists(CLAIM, max_size=14), size=st.sampled_from([1, 2, 3, 100]))
def test_batches_make_no_difference(made: list[tuple[int, int, float, bool, bool]], size: int) -> None:
    def tasks_of(some: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
        around = context(articles, some.unique("claim_id", maintain_order=True))
        return tasks(some, around, articles, project="main", language="en", overlap=2)

    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(task_batches, "ARTICLES", size)
        desk, claims = desk_with(folder, made)
        found = task_batches.tasks_in_batches(desk, claims, tasks_of)
        assert found.equals(tasks_of(claims, desk.articles()))
