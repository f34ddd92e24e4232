"""What the site says of itself: how the desk works, which version this is, and the table of all checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import polars as pl

from factcheck import licences
from factcheck.exporters import as_csv
from factcheck.exporters.contract import Page
from factcheck.exporters.site import naming, words
from factcheck.exporters.site.claims import lines
from factcheck.exporters.site.entries import Entry, both
from factcheck.exporters.site.frame import Site

TABLE = (
    *("claim_id", "quote", "lang", "claimant", "publisher", "url", "published_at", "verdict", "reason"),
    *("verdict_label", "rationales", "n_votes", "agreement", "policy", "decided_at", "first_published_at"),
    "modified_at",
)
"""Columns of the table that readers may take with them, where the profile names none; sources stand on the pages."""


def method_page(site: Site, rows: pl.DataFrame) -> Page:
    """The page on how claims are chosen, decided and corrected, in the desk's words or ours."""
    w = site.words
    headings = {
        "selection": w["selection"],
        "method": w["deciding"],
        "corrections": w["correcting"],
        "contact": w["contact"],
        "funding": w["funding"],
    }
    policies = rows["policy"].drop_nulls().value_counts(sort=True).sort("count", "policy", descending=[True, False])
    values = {
        "title": w["method"],
        "parts": [(heading, found) for name, heading in headings.items() if (found := paragraphs(site, name))],
        "meanings": [(key, site.rating(key), text[site.language]) for key, text in words.MEANINGS.items()],
        "policies": list(policies.iter_rows()),
    }
    return site.page("method.html", "method", site.inputs(values), lambda: values)


def data_pages(site: Site, rows: pl.DataFrame, entries: Sequence[Entry]) -> Iterator[Page]:
    """What version this is, the table of all checks, and how many there are of each verdict."""
    context, w = site.context, site.words
    licence = licences.of(context.licence)
    counted = Counter(one.key for one in entries)
    ratings = {one.key: one.rating for one in entries}
    facts = [
        (w["site_version"], str(context.version)),
        (w["site_tag"], context.tag or ""),
        (w["site_hash"], context.version_hash),
        (w["site_date"], both(context.committed_at, context.clock, site.language)),
        (w["count"], str(len(entries))),
        (w["licence"], licence.name if licence else ""),
    ]
    values = {
        "title": w["data"],
        "facts": [(name, value) for name, value in facts if value],
        "counts": [(key, ratings[key], counted[key]) for key in words.MEANINGS if key in counted],
    }
    yield site.page("data.html", "data", site.inputs(values), lambda: values)
    columns = naming.columns(site.profile.columns or TABLE, site.profile)
    table = site.profile.model_copy(update={"columns": columns, "file": ""})
    version = (context.version, context.version_hash, context.tag, context.committed_at)
    yield Page(
        "data/claims.csv",
        site.inputs(version, lines(rows)),
        lambda: as_csv.render(rows, table, context).files[0].content,
    )


def paragraphs(site: Site, name: str) -> list[str]:
    """The desk's own text of that name in paragraphs, else ours; none where there is neither."""
    own = site.context.texts.get(name) or words.METHOD.get(name, {}).get(site.language, "")
    return [part.strip() for part in own.split("\n\n") if part.strip()]
