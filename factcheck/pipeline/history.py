"""`log`, `show`, `diff`, `tag`: what the versions of the dataset tell."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import exporters, frames, names
from factcheck.dataset import Dataset, Life, anonymous, editorial
from factcheck.errors import UnknownClaim
from factcheck.exporters.contract import Rendered
from factcheck.exporters.diff_page import Side, claim_pages, diff_page
from factcheck.models import AnnotationEvent, Article, Claim, ClaimEvent, Record, Tag, VerdictChange
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings

_SHORTEST_ID = 8
_NEAR = 3


def log(settings: Settings, *, limit: int, as_of: str | None, since: str | None = None) -> list[dict[str, Any]]:
    """The newest versions after `since` and up to `as_of`, newest first, each with its tags."""
    data = Desk(settings).committed()
    if data is None:
        return []
    named: dict[int, list[str]] = {}
    for row in data.tags().iter_rows(named=True):
        named.setdefault(row["version"], []).append(names.shown(row["name"]))
    first = 0 if since is None else begun(data, since)
    rows = data.versions(as_of).filter(pl.col("version") > first).tail(limit).reverse().drop("cursor")
    return [
        row
        | {"counts": json.loads(row["counts"]), "tags": named.get(row["version"], [])}
        | {name: anonymous.rule(row[name]) for name in ("policy", "message")}
        for row in rows.iter_rows(named=True)
    ]


def show(settings: Settings, given: str, *, as_of: str | None) -> list[Life]:
    """The whole lives of the claims that are meant, staged ones too where no version is named; mostly one.

    `given` is the id of a claim (or of the group that it leads), or of an article, which means its claims in their
    order; or the beginning of one. Raises UnknownClaim for a stranger, with the ids nearest to it.
    """
    desk = Desk(settings)
    data = version_of(desk, as_of)
    claims, articles = known_claims(desk, data, as_of), known_articles(desk, data, as_of)
    ids = meant(given, claims)
    named = claims.filter(pl.col("claim_id").is_in(ids)).sort("article_id", "start")
    groups = named.unique("group_id", keep="first", maintain_order=True)
    return [_life(data, row, claims, articles, as_of) for row in groups.to_dicts()]


def show_article(settings: Settings, given: str, *, as_of: str | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The one article whose id begins with `given`, and its claims; raises UnknownClaim as `show` does."""
    desk = Desk(settings)
    data = version_of(desk, as_of)
    claims, articles = known_claims(desk, data, as_of), known_articles(desk, data, as_of)
    found = articles.filter(pl.col("article_id").str.starts_with(given.strip().lower()))
    if found.height != 1 or len(given.strip()) < _SHORTEST_ID:
        meant(given, claims)  # raises for what is no article
    return found, claims.join(found, on="article_id", how="semi", maintain_order="left")


def version_of(desk: Desk, as_of: str | None) -> Dataset | None:
    """The desk's dataset to be read as of that version; None where there is none, or none is whole."""
    data = desk.committed() if as_of is None else desk.readable(as_of)
    return data if data is not None and data.last_good else None


def known_claims(desk: Desk, data: Dataset | None, as_of: str | None) -> pl.DataFrame:
    """Every claim with `version`, which is null in those that are staged; of a version that is named, only its own."""
    lazy = None if data is None else data.claims(as_of)
    return _known(Claim, "claim_id", desk.staging.claims(), lazy, as_of)


def known_articles(
    desk: Desk, data: Dataset | None, as_of: str | None, ids: Collection[str] | None = None
) -> pl.DataFrame:
    """The articles of those ids, or all, as `known_claims` has claims."""
    mine = None if ids is None else pl.col("article_id").is_in(list(ids))
    lazy = None if data is None else data.articles(as_of)
    lazy = lazy if lazy is None or mine is None else lazy.filter(mine)
    return _known(Article, "article_id", desk.staging.articles(where=mine), lazy, as_of)


def _known(
    record: type[Record], key: str, staged: pl.DataFrame, lazy: pl.LazyFrame | None, as_of: str | None
) -> pl.DataFrame:
    columns = [*frames.schema(record), "version"]
    rows = staged.with_columns(version=pl.lit(None, pl.Int64)).select(columns)
    if lazy is None:
        return rows
    there = lazy.select(columns).collect()
    new = rows.join(there, on=key, how="anti", maintain_order="left")
    return there if as_of is not None else pl.concat([there, new])


def _life(
    data: Dataset | None, row: dict[str, Any], claims: pl.DataFrame, articles: pl.DataFrame, as_of: str | None
) -> Life:
    """What is committed of the claim's group, and its staged claims."""
    staged = claims.filter(pl.col("group_id") == row["group_id"], pl.col("version").is_null())
    committed = claims.filter(pl.col("group_id") == row["group_id"], pl.col("version").is_not_null())
    about = articles.filter(pl.col("article_id").is_in(staged["article_id"].to_list()))
    if data is not None and committed.height:
        life = data.life(str(committed["claim_id"][0]), as_of)
        columns = life.claims.columns
        more = about.join(life.articles, on="article_id", how="anti").select(life.articles.columns)
        return life._replace(
            claims=pl.concat([life.claims, staged.select(columns)]), articles=pl.concat([life.articles, more])
        )
    votes = frames.empty(AnnotationEvent).with_columns(version=pl.lit(None, pl.Int64))
    before = {"before_version": pl.Int64, "before_status": pl.String, "before_verdict": pl.String}
    changes = frames.empty(VerdictChange).with_columns(
        version=pl.lit(None, pl.Int64), **{name: pl.lit(None, kind) for name, kind in before.items()}
    )
    events = frames.empty(ClaimEvent).with_columns(version=pl.lit(None, pl.Int64))
    return Life(staged, about, votes, changes, events, editorial.nothing())


def begun(data: Dataset, since: str) -> int:
    """The version that `since` names; 0, the empty dataset, for a moment before the first one.

    Raises UnknownVersion and UsageError as `Dataset.resolve` does.
    """
    try:
        moment = names.as_moment(since, data.zone)
    except ValueError:
        moment = None
    if moment is not None and data.last_good and moment < data.versions(1)["committed_at"][0]:
        return 0
    return data.resolve(since)


def diff(settings: Settings, before: str, after: str | None) -> list[dict[str, Any]]:
    """The verdicts that differ between two versions, each with the claim's quote; `after` is the newest without one."""
    data = Desk(settings).readable(after)
    first, last = begun(data, before), data.resolve(after)
    changed = data.diff(first, last)
    mine = pl.col("claim_id").is_in(changed["claim_id"].to_list())
    claims = data.claims(max(first, last)).filter(mine).select("claim_id", "quote", "lang", "claimant")
    return changed.join(claims.collect(), on="claim_id", how="left", maintain_order="left").to_dicts()


def tag(settings: Settings, name: str, *, version: int | None, note: str, force: bool, now: datetime) -> Tag:
    """The tag that names a version, the newest one without `version`."""
    names.check("tag", name)
    desk = Desk(settings)
    with desk.workspace.writing("tag", now=now):
        return desk.readable(version).tag(name, version, note, now=now, force=force)


def meant(given: str, claims: pl.DataFrame) -> list[str]:
    """The ids of the claims that an id, or the beginning of one, names."""
    given = given.strip().lower()
    if len(given) < _SHORTEST_ID:
        raise UnknownClaim(
            "is too short for an id", subject=names.shown(given), hint="give at least clm_ or art_ and four hex digits"
        )
    ordered = claims.sort("start")
    if given.startswith("art_"):
        mine = ordered.filter(pl.col("article_id").str.starts_with(given))
        found = mine["article_id"].unique().to_list()
        if len(found) == 1:
            return mine["claim_id"].to_list()
        what, known = "article", claims["article_id"].unique().to_list()
    else:
        named = pl.concat([claims["claim_id"], claims["group_id"]]).unique().to_list()
        found = [one for one in named if one.startswith(given)]
        if len(found) == 1:
            either = (pl.col("claim_id") == found[0]) | (pl.col("group_id") == found[0])
            return ordered.filter(either)["claim_id"].to_list()
        what, known = "claim", named
    if found:
        near, told = sorted(found), f"{len(found)} {what}s begin with that"
    else:
        near = difflib.get_close_matches(given, [one[: len(given)] for one in known], n=_NEAR, cutoff=0.6)
        near = sorted({one for one in known if one[: len(given)] in near})
        told = f"no such {what}"
    where = (
        "`factcheck diff 0 1` and every export list claim ids" if known else "factcheck ingest FOLDER, factcheck claims"
    )
    hint = f"did you mean {', '.join(near[:_NEAR])}?" if near else where
    raise UnknownClaim(told, subject=names.shown(given), hint=hint)


def write_diff_page(
    settings: Settings, rows: list[dict[str, Any]], path: Path, *, before: str, after: str | None, force: bool
) -> Path:
    """The path of the page that shows the rows of `diff`."""
    data = Desk(settings).readable(after)
    text = diff_page(
        rows,
        desk=settings.desk.name,
        before=_side(settings, data, begun(data, before)),
        after=_side(settings, data, data.resolve(after)),
        pages=claim_pages(settings.desk.url),
        language=settings.desk.language,
    )
    return exporters.write([Rendered(path.name, text.encode("utf-8"))], path.parent, force=force)[0]


def _side(settings: Settings, data: Dataset, version: int) -> Side:
    record = data.version(version)
    if record is None:
        return Side(version)
    tags = data.tags().filter(pl.col("version") == version)["name"].sort().to_list()
    return Side(version, settings.desk.clock.day(record.committed_at), [names.shown(name) for name in tags])
