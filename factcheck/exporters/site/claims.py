"""The pages of claims: one for each that stands or stood, those that lead on, and what others show of each."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from factcheck.exporters.contract import ExportContext, Page
from factcheck.exporters.site import changes, claim_page, naming, sharing, spread
from factcheck.exporters.site.changes import Row
from factcheck.exporters.site.entries import Entry, claim_words, page_of
from factcheck.exporters.site.frame import Site
from factcheck.exporters.site.sharing import Shared


def pages(
    site: Site,
    rows: pl.DataFrame,
    entries: Sequence[Entry | None],
    gone: Sequence[bool],
    history: Mapping[str, list[Row]],
    said: list[str],
) -> Iterator[Page]:
    """The pages of the rows that have an entry or are `gone`; what a row says is read when its page is made."""
    versions, had_a_result = _versions(site.context), once(site.context)
    ids = rows["claim_id"].to_list()
    own = set(ids)
    travelled = spread.by_claim(site, entries)
    copies = rows["appearances"].list.eval(pl.element().struct.field("claim_id")).to_list()
    for at, (line, one, was) in enumerate(zip(lines(rows), entries, gone, strict=True)):
        claim_id = ids[at]
        changed = history.get(claim_id, [])
        path = page_of(claim_id)
        if was:
            card = sharing.withdrawn(site, rows.row(at, named=True))
            inputs = site.inputs("gone", line, changes.key(changed))
            yield site.page(path, "gone", inputs, _tombstone(site, rows, at, card, changed))
            yield from sharing.pages(site, card, inputs)
        if one is None:
            continue
        version = versions.get(claim_id, site.context.version)
        card = sharing.standing(one)
        way = travelled.get(claim_id, spread.NOTHING)
        named = naming.names(site, claim_id)
        inputs = site.inputs("claim", line, changes.key(changed), version, named, way.key)
        yield site.page(path, "claim", inputs, _claim(site, rows, at, card, changed, version, said, way))
        yield from sharing.pages(site, card, inputs)
        for copy in dict.fromkeys(copies[at]):
            if copy not in own and copy in had_a_result:
                card = sharing.moved(site, one, copy)
                values = claim_page.moved(site, card, claim_words(rows.row(at, named=True)))
                inputs = site.inputs("moved", card, values)
                yield site.page(page_of(copy), "gone", inputs, lambda values=values: values)  # type: ignore[misc]
                yield from sharing.pages(site, card, inputs)


def _claim(
    site: Site,
    rows: pl.DataFrame,
    at: int,
    card: Shared,
    changed: Sequence[Row],
    version: int,
    said: list[str],
    way: spread.Travelled,
) -> Any:
    return lambda: claim_page.claim(site, rows.row(at, named=True), card, changed, version, said, way)


def _tombstone(site: Site, rows: pl.DataFrame, at: int, card: Shared, changed: Sequence[Row]) -> Any:
    return lambda: claim_page.tombstone(site, rows.row(at, named=True), card, changed)


def lines(rows: pl.DataFrame) -> list[str]:
    """A digest of each row, which is what its page is made of."""
    buffer = io.BytesIO()
    rows.write_ndjson(buffer)
    written = buffer.getvalue().removesuffix(b"\n").split(b"\n") if rows.height else []
    return [hashlib.sha256(line).hexdigest() for line in written]


def once(context: ExportContext) -> set[str]:
    """The claims that ever had a result."""
    return set() if context.brought is None else set(context.brought.filter("shown")["claim_id"])


def _versions(context: ExportContext) -> dict[str, int]:
    """The version that brought what stands of each claim."""
    return {} if context.brought is None else dict(context.brought.select("claim_id", "version").iter_rows())
