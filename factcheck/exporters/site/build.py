"""The site: every page of it from the rows of a view, each with a digest of what it is made of. Pure.

A claim with a result has a page, a result that was taken back a tombstone, and a claim that was merged into another one
a page that leads there. What was withdrawn stands in no list, no search and no table; its tombstone alone may say what
it was.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from factcheck import web
from factcheck.errors import ConfigError
from factcheck.exporters import as_claimreview
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Folder, Page
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import select
from factcheck.exporters.site import about, changes, charts, claims, lists, naming, search
from factcheck.exporters.site.changes import Row
from factcheck.exporters.site.entries import Entry, entry, is_shown, rows_of, shown
from factcheck.exporters.site.frame import Site, data
from factcheck.models import ClaimState, Rejection

ASSETS = (
    *("site.css", "embed.css", "icon.svg", "search.js", "folding.js", "minisearch.js", "minisearch-LICENSE.txt"),
    *("vazirmatn-arabic.woff2", "vazirmatn-latin.woff2", "vazirmatn-latin-ext.woff2", "vazirmatn-OFL.txt"),
)


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """The folder of the site, `PROFILE-pages`, whose pages keep their addresses from version to version.

    `rows` hold withdrawn and undecided claims too; what is not shown is left out (NO_VERDICT, WITHDRAWN), also
    where a page stays that says so.
    Raises ConfigError where the pages of reviews would not be on the desk's own site, or the profile names a file.
    """
    as_claimreview.check_site(profile, context)
    if profile.file:
        raise ConfigError(
            "a site is a folder named like its profile, so that addresses last",
            subject=profile.name,
            hint="remove `file` from the profile",
        )
    site = Site(profile, context, profile.language or context.language)
    seen = rows_of(rows)
    history = changes.by_claim(context)
    wanted = set(select(rows, profile, context).rows["claim_id"])  # `rows` has what has no result any more as well
    rows = naming.uncounted(rows, profile)
    standing = [is_shown(row) and row["claim_id"] in wanted for row in seen]
    once = claims.once(context)
    gone = [
        not stands and (row["first_published_at"] is not None or row["claim_id"] in history or row["claim_id"] in once)
        for row, stands in zip(seen, standing, strict=True)
    ]
    drafted = [
        entry(row, context.clock, site.language, context.words) if stands else None
        for row, stands in zip(seen, standing, strict=True)
    ]
    entries = _newest_first([one for one in drafted if one])
    shown_rows = rows.filter(pl.Series(standing, dtype=pl.Boolean))
    corrected = _corrected(seen, standing, gone, history)
    site = dataclasses.replace(site, has_topics=any(one.topic for one in entries))
    said: list[str] = []
    pages = [
        *map(_asset, ASSETS),
        *claims.pages(site, rows, drafted, gone, history, said),
        *_lists(site, entries),
        *_corrections(site, corrected),
        charts.page(site, rows, shown_rows, [one["committed_at"] for one, _, _ in corrected]),
        about.method_page(site, shown_rows),
        *about.data_pages(site, shown_rows, entries),
    ]
    notes = []
    if entries and web.is_placeholder(context.desk_url):
        notes.append(f"the pages name {context.desk_url}, a placeholder address: set desk.url before publishing")
    rejections = [_rejection(row, was=was) for row, stands, was in zip(seen, standing, gone, strict=True) if not stands]
    return Draft(notes=notes, rejections=rejections, folder=Folder(f"{profile.name}-pages", pages, said))


def _asset(name: str) -> Page:
    return Page(f"assets/{name}", hashlib.sha256(data(name)).hexdigest(), lambda: data(name))


def _lists(site: Site, entries: Sequence[Entry]) -> Iterator[Page]:
    """The first page with its search, all claims, and those of each outlet and claimant."""
    w = site.words
    yield from lists.pages(site, "index.html", w["home"], entries, search.filters(site, entries))
    for folder in ("outlets", "claimants", *(["topics"] if site.has_topics else [])):
        found = lists.by_name(folder, entries, site.language)
        yield lists.overview(site, f"{folder}.html", w[folder], found)
        for one in found:
            yield from lists.pages(site, one.path, shown(one.name), one.entries)
    yield from search.pages(site, entries)


Correction = tuple[Row, Mapping[str, Any], bool]
"""A change of a result that readers could see, the row of its claim, and whether the result was taken back."""


def _corrected(
    seen: Sequence[Mapping[str, Any]],
    standing: Sequence[bool],
    gone: Sequence[bool],
    history: Mapping[str, list[Row]],
) -> list[Correction]:
    """Every correction, newest first; of what was withdrawn, only that it was."""
    found: list[Correction] = []
    for row, stands, was in zip(seen, standing, gone, strict=True):
        changed = [one for one in history.get(row["claim_id"], []) if one["before_status"] in ("decided", "unproven")]
        found += [(one, row, was) for one in (changed if stands else changed[-1:] if was else [])]
    return sorted(found, key=lambda one: (one[0]["committed_at"], one[1]["claim_id"]), reverse=True)


def _corrections(site: Site, corrected: Sequence[Correction]) -> Iterator[Page]:
    """The list of corrections: what was, what is, and why."""
    told: list[dict[str, Any]] = []
    for one, row, was in corrected:
        values = changes.told(one, site.context, site.language)
        if was:
            values |= {"before": "", "after": site.words["withdrawn"]}
        listed = entry(row, site.context.clock, site.language, site.context.words)
        values |= {"path": listed.path, "words": listed.words, "lang": listed.lang, "direction": listed.direction}
        told.append(values)
    title, note = site.words["corrections"], about.paragraphs(site, "corrections")[0]
    for leaf in lists.leaves("corrections.html", told):
        values = {"title": title, "note": note, "items": leaf.items, "older": leaf.older, "newer": leaf.newer}
        yield site.page(leaf.path, "corrections", site.inputs(values), lambda values=values: values)  # type: ignore[misc]


def _newest_first(entries: list[Entry]) -> list[Entry]:
    dated = sorted((one for one in entries if one.moment), key=lambda one: (one.moment, one.claim_id), reverse=True)
    return [*dated, *sorted(one for one in entries if not one.moment)]


def _rejection(row: Mapping[str, Any], *, was: bool) -> Rejection:
    if row["state"] != ClaimState.ACTIVE:
        code, reason = "WITHDRAWN", "the claim was withdrawn"
    else:
        code, reason = "NO_VERDICT", f"a site shows claims with a result; this one is {row['status']}"
    if was:
        reason += "; its page says that there was one"
    return Rejection(stage=STAGE, code=code, subject=row["claim_id"], reason=reason)


FORMAT = Format("site", "", render, tombstones=True, keeps_evidence=False)
