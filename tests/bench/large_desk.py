"""Desks of a size that nobody waits for: articles on disk, staged, or with claims, votes and verdicts committed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl

from factcheck import dataset as dataset_package
from factcheck import frames, settings
from factcheck.models import AnnotationEvent, Article, Claim, Record
from factcheck.pipeline.decide import changed_verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.init import init
from factcheck.pipeline.rule import settings_rule
from tests.bench.newspaper import article

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
CLAIMS_PER_ARTICLE, SHARE_CHECKED = 10, 10
_A_VERSION = 200_000
_PAGE = (
    '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>Report {}</title></head><body><nav>'
    '<a href="/">Home</a></nav><article><h1>Report {}</h1>{}</article><footer>About us</footer></body></html>'
)


def desk_at(folder: Path) -> Desk:
    """An empty desk."""
    init(folder, name="Desk", language="en", url="https://desk.example", force=True)
    return Desk(settings.load(folder, {}))


def files(folder: Path, count: int) -> Path:
    """The folder with so many files, 63 of 100 plain text and the others pages, a thousand in each folder."""
    for number in range(count):
        at = folder / f"{number // 1000:03}"
        at.mkdir(parents=True, exist_ok=True)
        lang, text = article(number)
        if number % 100 < 37:
            body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
            (at / f"{number:06}.html").write_text(_PAGE.format(lang, number, number, body), "utf-8")
        else:
            (at / f"{number:06}.txt").write_text(f"Title: Report {number}\n\n{text}\n", "utf-8")
    return folder


def staged(desk: Desk, count: int) -> None:
    """Stage so many articles of 3 kB."""
    for at in range(0, count, 1000):
        made = [_article(number) for number in range(at, min(count, at + 1000))]
        desk.staging.add_articles(frames.from_records(Article, made))


def committed(desk: Desk, claims: int) -> None:
    """Commit so many claims, one in `SHARE_CHECKED` of them with two votes, a verdict and a task."""
    checked = []
    for version, (articles, rows) in enumerate(_versions(claims)):
        dataset_package.commit(
            desk.dataset, articles=articles, claims=rows, cause="pull", policy=desk.rule(), now=_at(version)
        )
        checked += rows["claim_id"].gather_every(SHARE_CHECKED).to_list()
    rule = settings_rule(desk)
    events = _votes(checked)
    dataset_package.commit(
        desk.dataset,
        events=events,
        verdicts=changed_verdicts(desk, events, rule),
        cause="pull",
        policy=rule.name,
        now=_at(1000),
    )
    desk.workspace.remember_pushed("main", checked)


def _at(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def _article(number: int) -> Article:
    lang, text = article(number)
    return Article(
        article_id=f"art_{number:020x}", source=f"news/{number}.txt", title=f"Report {number}", lang=lang, text=text,
        fetched_at=NOW,
    )  # fmt: skip


def _versions(claims: int) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    pattern = _article(1).model_copy(update={"url": None})
    claim = Claim(
        claim_id=f"clm_{0:020x}", article_id=f"art_{0:020x}", group_id=f"clm_{0:020x}", start=0, end=1, quote="x",
        lang="en", claimant="the minister", check_worthiness=0.5, reasons=["number +0.3"], extractor="rules-4",
    )  # fmt: skip
    for at in range(0, claims, _A_VERSION):
        number = pl.int_range(at, min(claims, at + _A_VERSION), eager=True)
        numbers = pl.DataFrame({"number": number, "of": number // CLAIMS_PER_ARTICLE})
        ids = numbers.with_columns(
            claim_id=_id("clm_", "number"), article_id=_id("art_", "of"), group_id=_id("clm_", "number"),
            start=pl.col("number") % CLAIMS_PER_ARTICLE * 100,
            quote=pl.concat_str(pl.lit("The minister said that output rose by so many per cent: "), "number"),
            check_worthiness=pl.col("number") % 7 / 10 + 0.3,
        )  # fmt: skip
        rows = ids.with_columns(end=pl.col("start") + pl.col("quote").str.len_chars())
        articles = ids.select("article_id", source="article_id", url=pl.concat_str(pl.lit("https://e.org/"), "of"))
        yield _like(pattern, articles.unique("article_id", maintain_order=True)), _like(claim, rows)


def _votes(claims: list[str]) -> pl.DataFrame:
    zero = f"{0:020x}"
    vote = AnnotationEvent(
        event_id=f"evt_{zero}", claim_id=f"clm_{zero}", annotation_key="x", seq=1, project="main", task_id=1,
        annotation_id=1, annotator_id=f"ant_{zero}", state="submitted", choice="verified", rationale="In the yearbook.",
        evidence=["https://e.org/yearbook"], created_at=NOW, updated_at=NOW, observed_at=NOW, content_hash="0" * 64,
    )  # fmt: skip
    numbered = pl.DataFrame({"claim_id": claims}).with_row_index("task_id", 1)
    two = [
        numbered.with_columns(
            pl.col("task_id").cast(pl.Int64), annotation_id=(pl.col("task_id") * 2 + user).cast(pl.Int64),
            annotator_id=pl.lit(f"ant_{user:020x}"),
        ) for user in (0, 1)
    ]  # fmt: skip
    rows = pl.concat(two).with_columns(event_id=_id("evt_", "annotation_id"), annotation_key=_id("", "annotation_id"))
    return _like(vote, rows)


def _like(record: Record, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the other columns as the record has them."""
    rest = frames.from_records(type(record), [record])
    return (
        rows.join(rest.drop(set(rest.columns) & set(rows.columns)), how="cross").select(rest.columns).cast(rest.schema)
    )


def _id(prefix: str, column: str) -> pl.Expr:
    return pl.concat_str(pl.lit(prefix), pl.col(column).cast(pl.String).str.zfill(20))


if __name__ == "__main__":
    what, at, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    if what == "files":
        files(at, size)
    elif what == "staged":
        staged(desk_at(at), size)
    elif what == "committed":
        committed(desk_at(at), size)
    else:
        desk_at(at)
