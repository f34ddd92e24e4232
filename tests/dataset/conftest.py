"""Rows for the dataset's tests: small, valid, and made from a number."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from factcheck import dataset as ds
from factcheck.frames import from_records
from factcheck.models import (
    AnnotationEvent,
    Article,
    Claim,
    VerdictChange,
    article_id,
    claim_id,
    digest,
    event_id,
)

START = datetime(2026, 11, 5, 12, tzinfo=UTC)


class Rows:
    """Frames of records; the same numbers give the same rows."""

    now = START

    def at(self, days: float) -> datetime:
        return START + timedelta(days=days)

    def article(self, number: int) -> Article:
        text = f"متن شماره {number}. The minister said {number} people came."
        return Article(
            article_id=article_id(url=None, publisher="desk", title=None, text=text),
            source=f"{number}.txt",
            publisher="desk",
            source_chain=["desk", "agency"],
            lang="fa",
            text=text,
            fetched_at=START,
        )

    def articles(self, numbers: Iterable[int]) -> pl.DataFrame:
        return from_records(Article, [self.article(number) for number in numbers])

    def claim(self, number: int, **changes: Any) -> Claim:
        article = self.article(number)
        own = claim_id(article_id=article.article_id, start=0, end=3, quote=article.text[:3])
        values = {
            "claim_id": own,
            "article_id": article.article_id,
            "group_id": own,
            "start": 0,
            "end": 3,
            "quote": article.text[:3],
            "lang": "fa",
            "check_worthiness": 0.75,
            "reasons": ["number +0.5"],
            "extractor": "test/1",
        }
        return Claim.model_validate(values | changes)

    def claims(self, numbers: Iterable[int], **changes: Any) -> pl.DataFrame:
        return from_records(Claim, [self.claim(number, **changes) for number in numbers])

    def event(self, number: int, seq: int = 1, choice: str = "verified") -> AnnotationEvent:
        key = f"main:{number}:2026-11-05T12:00:00+00:00"
        found = digest(key, seq, choice)
        return AnnotationEvent.model_validate(
            {
                "event_id": event_id(annotation_key=key, seq=seq, content_hash=found),
                "claim_id": self.claim(number % 50).claim_id,
                "annotation_key": key,
                "seq": seq,
                "project": "main",
                "task_id": number % 50,
                "annotation_id": number,
                "annotator_id": f"ant_{number % 7:020x}",
                "state": "submitted",
                "choice": choice,
                "rationale": "دلیل",
                "evidence": ["https://example.org/a"],
                "confidence": "high",
                "lead_time": 12.5,
                "created_at": START,
                "updated_at": START + timedelta(seconds=seq),
                "observed_at": START + timedelta(minutes=seq),
                "content_hash": found,
            },
        )

    def events(self, numbers: Iterable[int], seq: int = 1, choice: str = "verified") -> pl.DataFrame:
        return from_records(AnnotationEvent, [self.event(number, seq, choice) for number in numbers])

    def verdict(self, number: int, verdict: str | None = "verified", **changes: Any) -> VerdictChange:
        values = {
            "claim_id": self.claim(number).claim_id,
            "status": "decided" if verdict else "contested",
            "verdict": verdict,
            "n_votes": 2,
            "agreement": 1.0 if verdict else 0.0,
            "policy": "majority(min_votes=2,margin=1)",
            "rationales": ["دلیل"],
            "evidence": ["https://example.org/a"],
            "decided_at": START,
            "origin": "adjudicator" if "adjudicator" in changes else "votes",
        }
        return VerdictChange.model_validate(values | changes)

    def verdicts(self, numbers: Iterable[int], verdict: str | None = "verified", **changes: Any) -> pl.DataFrame:
        return from_records(VerdictChange, [self.verdict(number, verdict, **changes) for number in numbers])


@pytest.fixture(scope="session")
def rows() -> Rows:
    return Rows()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dataset"


@pytest.fixture(scope="session")
def exhaustive() -> bool:
    """Whether every crash point and a thousand bit flips are tried (minutes) or a sample of them (seconds)."""
    return os.environ.get("FACTCHECK_EXHAUSTIVE") == "1"


@pytest.fixture(scope="session")
def new(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], ds.Dataset]:
    """Makes empty datasets, each in a folder of its own."""
    blank = tmp_path_factory.mktemp("blank") / "dataset"
    ds.open(blank, create=True)

    def make() -> ds.Dataset:
        folder = tmp_path_factory.mktemp("new") / "dataset"
        shutil.copytree(blank, folder)
        return ds.open(folder)

    return make


@pytest.fixture
def dataset(new: Callable[[], ds.Dataset]) -> ds.Dataset:
    return new()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, rows: Rows) -> Path:
    """Three versions: ten verdicts; one changed, one contested, two new; one back again."""
    folder = tmp_path_factory.mktemp("template") / "dataset"
    dataset = ds.open(folder, create=True)
    ds.commit(
        dataset,
        articles=rows.articles(range(10)),
        claims=rows.claims(range(10)),
        events=rows.events(range(10)),
        verdicts=rows.verdicts(range(10)),
        cause="pull",
        message="first",
        cursor={"main": {"updated_at": "2026-11-05T12:00:00Z"}},
        policy="majority(min_votes=2,margin=1)",
        now=rows.now,
    )
    ds.commit(
        dataset,
        claims=rows.claims(range(10, 12)),
        events=pl.concat([rows.events(range(10, 20)), rows.events([0], 2, "disputed")]),
        verdicts=pl.concat(
            [rows.verdicts([0], "disputed"), rows.verdicts([1], None), rows.verdicts([10, 11], "opinion")],
        ),
        cause="pull",
        now=rows.at(1),
    )
    ds.commit(dataset, verdicts=rows.verdicts([0, 2], "verified", n_votes=3), cause="pull", now=rows.at(40))
    return folder


@pytest.fixture
def three(template: Path, folder: Path) -> ds.Dataset:
    """A dataset of the template's three versions, to do with as the test likes."""
    shutil.copytree(template, folder)
    return ds.open(folder)
