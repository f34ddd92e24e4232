"""`log`, `show`, `diff`, `tag`: what the versions of the dataset tell."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from factcheck import exporters, names
from factcheck.dataset import Dataset, Life, anonymous
from factcheck.errors import UnknownClaim
from factcheck.exporters.contract import Rendered
from factcheck.exporters.diff_page import diff_page
from factcheck.models import Tag
from factcheck.pipeline.desk import Desk
from factcheck.settings import Settings

_SHORTEST_ID = 8


def log(settings: Settings, *, limit: int, as_of: str | None) -> list[dict[str, Any]]:
    """The newest versions up to `as_of`, newest first, each with its tags."""
    data = Desk(settings).committed()
    if data is None:
        return []
    named: dict[int, list[str]] = {}
    for row in data.tags().iter_rows(named=True):
        named.setdefault(row["version"], []).append(names.shown(row["name"]))
    rows = data.versions(as_of).tail(limit).reverse().drop("cursor")
    return [
        row
        | {"counts": json.loads(row["counts"]), "tags": named.get(row["version"], [])}
        | {name: anonymous.rule(row[name]) for name in ("policy", "message")}
        for row in rows.iter_rows(named=True)
    ]


def show(settings: Settings, claim: str, *, as_of: str | None) -> Life:
    """The claim's whole life; `claim` is its id or the beginning of it. Raises UnknownClaim for a stranger."""
    data = Desk(settings).readable(as_of)
    return data.life(_whole_id(data, claim, as_of), as_of)


def diff(settings: Settings, before: str, after: str) -> list[dict[str, Any]]:
    """The verdicts that differ between two versions, each with the claim's quote."""
    data = Desk(settings).readable(after)
    changed = data.diff(before, after)
    claims = data.claims(max(data.resolve(before), data.resolve(after)))
    quotes = claims.filter(pl.col("claim_id").is_in(changed["claim_id"].to_list())).select("claim_id", "quote", "lang")
    return changed.join(quotes.collect(), on="claim_id", how="left").to_dicts()


def tag(settings: Settings, name: str, *, version: int | None, note: str, force: bool, now: datetime) -> Tag:
    """The tag that names a version, the newest one without `version`."""
    names.check("tag", name)
    desk = Desk(settings)
    with desk.workspace.writing("tag", now=now):
        return desk.readable(version).tag(name, version, note, now=now, force=force)


def _whole_id(data: Dataset, given: str, as_of: str | None) -> str:
    if len(given) < _SHORTEST_ID:
        raise UnknownClaim("is too short for a claim id", subject=given, hint="give at least clm_ and four hex digits")
    claims = data.claims(as_of).filter(pl.col("claim_id").str.starts_with(given))
    found = claims.select("claim_id").collect()["claim_id"]
    if found.len() == 1:
        return str(found[0])
    what = "no such claim" if found.is_empty() else f"{found.len()} claims begin with that"
    raise UnknownClaim(what, subject=given, hint="`factcheck diff 0 1` and every export list claim ids")


def write_diff_page(
    settings: Settings, rows: list[dict[str, Any]], path: Path, *, before: str, after: str, force: bool
) -> Path:
    """The path of the page that shows the rows of `diff`."""
    text = diff_page(rows, before=before, after=after, language=settings.desk.language)
    return exporters.write([Rendered(path.name, text.encode("utf-8"))], path.parent, force=force)[0]
