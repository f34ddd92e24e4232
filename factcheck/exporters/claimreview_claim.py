"""What a ClaimReview says of its claim and its sources, by expressions: where it was made, by whom, and what is cited.

Each function gives JSON text for every row of a view, at a depth or on one line (`json_columns`), and says of nothing
that a review of `as_claimreview` would not say.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from factcheck import web
from factcheck.exporters import addresses, json_columns
from factcheck.exporters.claimants import INSTITUTIONS
from factcheck.exporters.json_columns import Member, Perhaps
from factcheck.folding import match_key

ROW: Final = "__row"
Depth = int | None
_KNOWN = pl.col("url").is_not_null() | pl.col("headline").is_not_null()


def said(text: str) -> pl.Expr:
    """The column's text, null where it is empty."""
    return pl.when(pl.col(text) != "").then(text)


def works(rows: pl.DataFrame, desk_url: str, depths: Iterable[Depth]) -> pl.DataFrame:
    """By row the works in which the claim appeared: `works_D` as a list of JSON texts for each depth D.

    Pages on the desk's own site are no appearance, and neither is a copy that nothing is known of. Each address that is
    not plain is looked at once, however many claims appeared there.
    """
    copies = (
        rows.select(ROW, "appearances")
        .explode("appearances", empty_as_null=False, keep_nulls=False)
        .unnest("appearances")
        .select(
            ROW,
            url=said("url"),
            headline=json_columns.text(said("title")),
            date=json_columns.moment(pl.col("published_at")),
            lang=json_columns.text(said("lang")),
            name=json_columns.text(said("publisher")),
        )
    )
    own = web.site(desk_url)
    # A plain host is in ASCII letters as they are compared: it can be within the desk's only where that stands in it.
    plain = addresses.is_plain(pl.col("url")) & ~pl.col("url").str.contains(own, literal=True)
    odd = copies.filter(~plain)["url"].unique().drop_nulls()
    none = pl.Series([url for url in odd if not web.is_web_address(url)], dtype=pl.String)
    dropped = pl.Series(
        [url for url in odd if web.is_within(url, desk_url) and web.is_web_address(url)], dtype=pl.String
    )
    kept = copies.filter(~pl.col("url").is_in(dropped.implode()) | pl.col("url").is_null()).with_columns(
        url=json_columns.text(pl.when(~pl.col("url").is_in(none.implode())).then("url"))
    )
    made = kept.filter(_KNOWN).select(ROW, *(_work(depth).alias(f"works_{depth}") for depth in depths))
    return made.group_by(ROW, maintain_order=True).agg(pl.all())


def _work(depth: Depth) -> pl.Expr:
    inner = None if depth is None else depth + 1
    publisher = json_columns.parts_of({"@type": '"Organization"', "name": pl.col("name")}, inner)
    return json_columns.joined(
        json_columns.parts_of(
            {
                "@type": '"CreativeWork"',
                "url": Perhaps(pl.col("url")),
                "headline": Perhaps(pl.col("headline")),
                "datePublished": Perhaps(pl.col("date")),
                "inLanguage": Perhaps(pl.col("lang")),
                "publisher": Perhaps(pl.when(pl.col("name").is_not_null()).then(json_columns.joined(publisher))),
            },
            depth,
        )
    )


def citations(rows: pl.DataFrame, depths: Iterable[Depth]) -> pl.DataFrame:
    """By row the addresses of its evidence, each once: `cited_D` as a list of JSON texts for each depth D."""
    named = (
        addresses.with_sources(rows.select(ROW, pl.col("^(evidence|sources)$")))
        .select(ROW, "sources")
        .explode("sources", empty_as_null=False, keep_nulls=False)
        .unnest("sources")
        .filter(pl.col("url").is_not_null())
        .unique([ROW, "url", "archived_url"], maintain_order=True)
    )
    made = named.select(
        ROW,
        archived=pl.col("archived_url").is_not_null() & (pl.col("archived_url") != pl.col("url")),
        url=json_columns.text(pl.col("url")),
        kept=json_columns.text(pl.col("archived_url")),
    )
    return (
        made.select(ROW, *(_citation(depth).alias(f"cited_{depth}") for depth in depths))
        .group_by(ROW, maintain_order=True)
        .agg(pl.all())
    )


def _citation(depth: Depth) -> pl.Expr:
    work: dict[str, Member] = {"@type": '"CreativeWork"', "url": pl.col("url"), "archivedAt": pl.col("kept")}
    return pl.when("archived").then(json_columns.joined(json_columns.parts_of(work, depth))).otherwise("url")


def claimants(rows: pl.DataFrame) -> pl.DataFrame:
    """By row `name`, who made the claim (null where nobody knows), its match key `key`, and `kind`, as schema.org says.

    Each name is folded once, however many claims have it.
    """
    of = rows.select(
        ROW,
        name=pl.coalesce(said("claimant"), said("publisher")),
        outlet=said("publisher"),
        role=said("claimant_role"),
        organisation=said("claimant_organisation"),
        chain="source_chain",
    )
    texts = pl.concat(
        [
            *(of[column] for column in ("name", "outlet", "role", "organisation")),
            of["chain"].explode(empty_as_null=False, keep_nulls=False),
        ]
    )
    names = texts.unique().drop_nulls()
    folded = pl.Series([match_key(name) for name in names], dtype=pl.String)

    def key(value: pl.Expr) -> pl.Expr:
        return value.replace_strict(names, folded, default=None, return_dtype=pl.String)

    made = of.select(
        ROW,
        "name",
        key=key(pl.col("name")),
        outlet=key(pl.col("outlet")),
        role=key(pl.col("role")),
        organisation=key(pl.col("organisation")),
        chain=pl.col("chain").list.eval(key(pl.element())),
    )
    has_role = (pl.col("role") != "") & pl.col("key").str.contains(pl.col("role"), literal=True)
    is_body = (pl.col("organisation") != "") & (pl.col("organisation") == pl.col("key").str.strip_prefix("the "))
    institution = (
        (pl.col("outlet") == pl.col("key"))
        | pl.col("chain").list.contains(pl.col("key"))
        | pl.col("key").str.extract(r"^(\S+)").is_in(list(INSTITUTIONS))
        | (pl.col("key").str.extract(r"(\S+)$") == "ministry")
    )
    kind = (
        pl.when(has_role)
        .then(pl.lit("Person"))
        .when(is_body | institution.fill_null(value=False))
        .then(pl.lit("Organization"))
        .otherwise(pl.lit("Person"))
    )
    return made.select(ROW, "name", "key", kind=kind)
