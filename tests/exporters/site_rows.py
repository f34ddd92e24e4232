"""A view of as many claims as asked for, in three languages, as a site is made of; seeded, and nobody's news."""

from __future__ import annotations

import dataclasses
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from factcheck.exporters import ExportContext
from factcheck.exporters.view import SCHEMA
from tests.bench.newspaper import _OF as PARTS
from tests.exporters.export_rows import appearance, row

START = datetime(2024, 1, 1, 8, tzinfo=UTC)
CONTEXT = ExportContext(
    version=40,
    version_hash="ab" * 32,
    committed_at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    desk_name="میز راستی‌آزمایی نمونه",
    desk_url="https://desk.example.org",
    language="fa",
    licence="CC-BY-4.0",
)
OUTLETS = {"fa": "روزنامهٔ نمونه", "ar": "صحيفة المثال", "en": "The Example"}
_RESULTS: tuple[tuple[str, str | None], ...] = (
    *(("verified", None), ("disputed", "false"), ("disputed", "misleading"), ("disputed", "partly_true")),
    *(("disputed", None), ("opinion", None)),
)


def claim_id(number: int) -> str:
    return f"clm_{number:020x}"


def view(count: int, seed: int = 1) -> pl.DataFrame:
    """A view of `count` claims that were decided in the order of their numbers."""
    rng = random.Random(seed)
    return pl.DataFrame([claim(number, rng) for number in range(count)], schema=SCHEMA, infer_schema_length=None)


def claim(number: int, rng: random.Random) -> dict[str, Any]:
    lang = ("fa", "ar", "en")[number % 3]
    parts = PARTS[lang]
    said = (rng.choice(parts.facts) + rng.choice(parts.ends)).format(f"{number}") + "."
    outlet = f"{OUTLETS[lang]} {rng.randrange(12)}"
    moment = START + timedelta(hours=2 * number)
    verdict, reason = rng.choice(_RESULTS)
    place = appearance(
        claim_id=claim_id(number), publisher=outlet, lang=lang, published_at=moment - timedelta(days=2),
        quote=said, url=f"https://news.example.com/{number}", title=rng.choice(parts.facts).format(number),
    )  # fmt: skip
    return row(
        claim_id=claim_id(number), quote=said, lang=lang, publisher=outlet, verdict=verdict, reason=reason,
        claimant=f"{rng.choice(parts.reports).strip() or '—'} {rng.randrange(60)}", url=place["url"],
        rationales=[rng.choice(parts.facts).format(number) + "."],
        evidence=[f"https://stats.example.com/{number}", f"https://web.archive.org/web/2026/https://a.example/{number}"],
        published_at=place["published_at"], appearances=[place],
        decided_at=moment, first_published_at=moment, modified_at=moment,
    )  # fmt: skip


def with_changes(frame: pl.DataFrame, numbers: list[int], version: int = 41) -> tuple[pl.DataFrame, ExportContext]:
    """The view and its context after the verdicts of these claims turned into `verified` for another reason."""
    when = CONTEXT.committed_at + timedelta(days=1)
    ids = [claim_id(number) for number in numbers]
    mine = pl.col("claim_id").is_in(ids)
    before = dict(frame.filter(mine).select("claim_id", "verdict").iter_rows())
    changed = frame.with_columns(
        verdict=pl.when(mine).then(pl.lit("verified")).otherwise("verdict"),
        reason=pl.when(~mine).then("reason"),
        modified_at=pl.when(mine).then(pl.lit(when)).otherwise("modified_at"),
    ).cast(SCHEMA)
    history = changes(
        [
            {"claim_id": one, "version": version, "committed_at": when, "before_verdict": before[one]}
            | {"verdict": "verified", "rationales": ["A second look at the tables."]}
            for one in ids
        ]
    )
    context = dataclasses.replace(
        context_of(frame), version=version, committed_at=when, history=history, brought=_brought(frame, ids, version)
    )
    return changed, context


def context_of(frame: pl.DataFrame) -> ExportContext:
    """The context of a view whose verdicts version 40 brought."""
    return dataclasses.replace(CONTEXT, brought=_brought(frame, [], 0))


def _brought(frame: pl.DataFrame, ids: list[str], version: int) -> pl.DataFrame:
    number = pl.when(pl.col("claim_id").is_in(ids)).then(version).otherwise(CONTEXT.version)
    return frame.select("claim_id", version=number.cast(pl.Int64), shown=pl.lit(value=True))


def changes(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of `Dataset.history`; what is not given is as after a pull that changed one verdict into another."""
    base = {
        "committed_at": CONTEXT.committed_at, "version": CONTEXT.version, "cause": "pull", "message": "",
        "claim_id": claim_id(0), "published_in": None, "before_version": 1, "before_status": "decided",
        "before_verdict": None, "verdict": None, "status": "decided", "policy": "majority(min_votes=2,margin=1)",
        "rationales": [], "evidence": [],
    }  # fmt: skip
    schema = {
        "committed_at": pl.Datetime("us", "UTC"), "version": pl.Int64(), "before_version": pl.Int64(),
        "rationales": pl.List(pl.String), "evidence": pl.List(pl.String),
    }  # fmt: skip
    return pl.DataFrame([base | one for one in rows], schema={name: schema.get(name, pl.String()) for name in base})
