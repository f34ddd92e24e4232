"""The site: every page of it from the rows of a view, each with a digest of what it is made of. Pure.

A claim with a result has a page, a result that was taken back a tombstone, and a claim that was merged into another one
a page that leads there. What was withdrawn stands in no list, no search and no table; its tombstone alone may say what
it was.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from factcheck import licences, web
from factcheck.errors import ConfigError
from factcheck.exporters import as_claimreview, as_csv
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Folder, Page
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import select
from factcheck.exporters.site import changes, claim_page, lists, search, words
from factcheck.exporters.site.changes import Row
from factcheck.exporters.site.entries import Entry, both, claim_words, entry, is_shown, page_of, rows_of, shown
from factcheck.exporters.site.frame import Site, data
from factcheck.models import ClaimState, Rejection

ASSETS = (
    *("site.css", "search.js", "folding.js", "minisearch.js", "minisearch-LICENSE.txt"),
    *("vazirmatn-arabic.woff2", "vazirmatn-latin.woff2", "vazirmatn-OFL.txt"),
)
TABLE = (
    *("claim_id", "quote", "lang", "claimant", "publisher", "url", "published_at", "verdict", "reason"),
    *("verdict_label", "rationales", "n_votes", "agreement", "policy", "decided_at", "first_published_at"),
    "modified_at",
)
"""Columns of the table that readers may take with them, where the profile names none; sources stand on the pages."""


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
    standing = [is_shown(row) and row["claim_id"] in wanted for row in seen]
    once = _once(context)
    gone = [
        not stands and (row["first_published_at"] is not None or row["claim_id"] in history or row["claim_id"] in once)
        for row, stands in zip(seen, standing, strict=True)
    ]
    entries = _newest_first(
        [
            entry(row, context.clock, site.language, context.words)
            for row, stands in zip(seen, standing, strict=True)
            if stands
        ]
    )
    said: list[str] = []
    pages = [
        *map(_asset, ASSETS),
        *_claims(site, rows, standing, gone, history, said),
        *_lists(site, entries),
        *_corrections(site, seen, standing, gone, history),
        _method(site, rows.filter(pl.Series(standing, dtype=pl.Boolean))),
        *_data(site, rows.filter(pl.Series(standing, dtype=pl.Boolean)), entries),
    ]
    notes = []
    if entries and web.is_placeholder(context.desk_url):
        notes.append(f"the pages name {context.desk_url}, a placeholder address: set desk.url before publishing")
    rejections = [_rejection(row, was=was) for row, stands, was in zip(seen, standing, gone, strict=True) if not stands]
    return Draft(notes=notes, rejections=rejections, folder=Folder(f"{profile.name}-pages", pages, said))


def _asset(name: str) -> Page:
    return Page(f"assets/{name}", hashlib.sha256(data(name)).hexdigest(), lambda: data(name))


def _claims(
    site: Site,
    rows: pl.DataFrame,
    standing: Sequence[bool],
    gone: Sequence[bool],
    history: Mapping[str, list[Row]],
    said: list[str],
) -> Iterator[Page]:
    """A page for each claim that stands or stood; what a row says is read when its page is made."""
    versions, once = _versions(site.context), _once(site.context)
    ids = rows["claim_id"].to_list()
    own = set(ids)
    copies = rows["appearances"].list.eval(pl.element().struct.field("claim_id")).to_list()
    for at, (line, stands, was) in enumerate(zip(_lines(rows), standing, gone, strict=True)):
        if not (stands or was):
            continue
        claim_id = ids[at]
        changed = history.get(claim_id, [])
        version = versions.get(claim_id, site.context.version)
        path = page_of(claim_id)
        if was:
            inputs = site.inputs("gone", line, changes.key(changed))
            yield site.page(path, "gone", inputs, _tombstone(site, rows, at, changed))
            continue
        inputs = site.inputs("claim", line, changes.key(changed), version)
        yield site.page(path, "claim", inputs, _claim(site, rows, at, changed, version, said))
        for copy in dict.fromkeys(copies[at]):
            if copy not in own and copy in once:
                text = claim_words(rows.row(at, named=True))
                values = claim_page.moved(site, f"{claim_id}.html", text)
                yield site.page(page_of(copy), "gone", site.inputs("moved", values), lambda values=values: values)  # type: ignore[misc]


def _claim(site: Site, rows: pl.DataFrame, at: int, changed: Sequence[Row], version: int, said: list[str]) -> Any:
    return lambda: claim_page.claim(site, rows.row(at, named=True), changed, version, said)


def _tombstone(site: Site, rows: pl.DataFrame, at: int, changed: Sequence[Row]) -> Any:
    return lambda: claim_page.tombstone(site, rows.row(at, named=True), changed)


def _lists(site: Site, entries: Sequence[Entry]) -> Iterator[Page]:
    """The first page with its search, all claims, and those of each outlet and claimant."""
    w = site.words
    yield from lists.pages(site, "index.html", w["home"], entries, search.filters(site, entries))
    for folder in ("outlets", "claimants"):
        found = lists.by_name(folder, entries)
        yield lists.overview(site, f"{folder}.html", w[folder], found)
        for one in found:
            yield from lists.pages(site, one.path, shown(one.name), one.entries)
    yield from search.pages(site, entries)


def _corrections(
    site: Site,
    seen: Sequence[Mapping[str, Any]],
    standing: Sequence[bool],
    gone: Sequence[bool],
    history: Mapping[str, list[Row]],
) -> Iterator[Page]:
    """Every change of a result that readers could see, newest first; of what was withdrawn, only that it was."""
    found: list[tuple[Any, str, dict[str, Any]]] = []
    for row, stands, was in zip(seen, standing, gone, strict=True):
        changed = [one for one in history.get(row["claim_id"], []) if one["before_status"] in ("decided", "unproven")]
        for one in changed if stands else changed[-1:] if was else []:
            values = changes.told(one, site.context, site.language)
            if was:
                values |= {"before": "", "after": site.words["withdrawn"]}
            listed = entry(row, site.context.clock, site.language, site.context.words)
            values |= {"path": listed.path, "words": listed.words, "lang": listed.lang, "direction": listed.direction}
            found.append((one["committed_at"], row["claim_id"], values))
    newest = [values for _, _, values in sorted(found, key=lambda one: (one[0], one[1]), reverse=True)]
    title, note = site.words["corrections"], _paragraphs(site, "corrections")[0]
    for leaf in lists.leaves("corrections.html", newest):
        values = {"title": title, "note": note, "items": leaf.items, "older": leaf.older, "newer": leaf.newer}
        yield site.page(leaf.path, "corrections", site.inputs(values), lambda values=values: values)  # type: ignore[misc]


def _method(site: Site, rows: pl.DataFrame) -> Page:
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
        "parts": [(heading, found) for name, heading in headings.items() if (found := _paragraphs(site, name))],
        "meanings": [(key, site.rating(key), text[site.language]) for key, text in words.MEANINGS.items()],
        "policies": list(policies.iter_rows()),
    }
    return site.page("method.html", "method", site.inputs(values), lambda: values)


def _data(site: Site, rows: pl.DataFrame, entries: Sequence[Entry]) -> Iterator[Page]:
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
    table = site.profile.model_copy(update={"columns": site.profile.columns or list(TABLE), "file": ""})
    version = (context.version, context.version_hash, context.tag, context.committed_at)
    yield Page(
        "data/claims.csv",
        site.inputs(version, _lines(rows)),
        lambda: as_csv.render(rows, table, context).files[0].content,
    )


def _paragraphs(site: Site, name: str) -> list[str]:
    """The desk's own text of that name in paragraphs, else ours; none where there is neither."""
    own = site.context.texts.get(name) or words.METHOD.get(name, {}).get(site.language, "")
    return [part.strip() for part in own.split("\n\n") if part.strip()]


def _lines(rows: pl.DataFrame) -> list[str]:
    """A digest of each row, which is what its page is made of."""
    buffer = io.BytesIO()
    rows.write_ndjson(buffer)
    lines = buffer.getvalue().removesuffix(b"\n").split(b"\n") if rows.height else []
    return [hashlib.sha256(line).hexdigest() for line in lines]


def _versions(context: ExportContext) -> dict[str, int]:
    """The version that brought what stands of each claim."""
    return {} if context.brought is None else dict(context.brought.select("claim_id", "version").iter_rows())


def _once(context: ExportContext) -> set[str]:
    """The claims that ever had a result."""
    return set() if context.brought is None else set(context.brought.filter("shown")["claim_id"])


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
