"""What the page of a claim says of how it travelled, and of other figures that the desk has checked. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl

from factcheck import web
from factcheck.days import day_of
from factcheck.exporters import spread_words
from factcheck.exporters.site.entries import Entry, both, shown
from factcheck.exporters.site.frame import Site, digest
from factcheck.exporters.site.lists import path_of
from factcheck.exporters.site.words import language_name
from factcheck.exporters.spread_picture import Mark, drawn, kind_of
from factcheck.text import direction_of_language, for_display, isolate


class Travelled(NamedTuple):
    """The rows of a claim's spread, and the entries of the site that tell other figures of the same thing."""

    rows: list[dict[str, Any]]
    beside: list[Entry]

    @property
    def key(self) -> tuple[str, ...]:
        """What a page is made of where the claim travelled or is contradicted; nothing for other claims."""
        return (digest(self.rows, self.beside),) if self.rows or self.beside else ()


NOTHING = Travelled([], [])


def by_claim(site: Site, entries: Sequence[Entry | None]) -> Mapping[str, Travelled]:
    """What there is to say of each claim that stands on the site, by its id; of most, nothing."""
    standing = {one.claim_id: one for one in entries if one}
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(site.context.spread):
        if row["group_id"] in standing:
            rows.setdefault(row["group_id"], []).append(row)
    beside: dict[str, list[Entry]] = {}
    for row in _rows(site.context.tension):
        if row["group_id"] in standing and row["other"] in standing:
            beside.setdefault(row["group_id"], []).append(standing[row["other"]])
    return {claim: Travelled(rows.get(claim, []), beside.get(claim, [])) for claim in {*rows, *beside}}


def told(site: Site, travelled: Travelled, words: str) -> dict[str, Any]:
    """What the template asks for; `words` are the claim's, which a row repeats only where its own are others."""
    own = spread_words.of(site.language)
    rows = travelled.rows if len(travelled.rows) > 1 else []
    outlets = {row["article_id"]: row["publisher"] or "" for row in rows}
    return {
        "words": own,
        "picture": drawn([Mark.of(row) for row in rows], site.language, site.context.clock) if rows else None,
        "rows": [_row(site, row, outlets, own, words) for row in rows],
        "beside": travelled.beside,
    }


def _row(
    site: Site, row: Mapping[str, Any], outlets: Mapping[str, str], own: Mapping[str, str], words: str
) -> dict[str, Any]:
    moment, bare = day_of(row)
    of = outlets.get(row["copy_of"] or "", "")
    how = own["copy_of"].format(isolate(of)) if of else own["copy" if row["copy_of"] else "own"]
    comma = "، " if direction_of_language(site.language) == "rtl" else ", "
    parts = [*([own["first"]] if row["first"] else []), how, *([own["changed"]] if row["changed"] else [])]
    return {
        "day": both(moment, site.context.clock, site.language, bare=bare) or own["no_date"],
        "iso": moment.isoformat() if moment else "",
        "outlet": shown(row["publisher"] or ""),
        "path": path_of("outlets", row["publisher"]) if row["publisher"] else "",
        "title": shown(row["title"] or ""),
        "url": row["url"] if row["url"] and web.is_web_address(row["url"]) else "",
        "language": language_name(row["lang"], site.language) if row["lang"] else "",
        "kind": kind_of(row),
        "how": comma.join(parts),
        "quote": for_display(row["quote"], row["lang"]) if row["quote"] != words else "",
        "lang": row["lang"] or "",
        "dir": direction_of_language(row["lang"]),
    }


def _rows(frame: pl.DataFrame | None) -> list[dict[str, Any]]:
    return [] if frame is None else frame.to_dicts()
