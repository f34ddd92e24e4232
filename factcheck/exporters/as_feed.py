"""Feeds of verdicts or of corrections, one set of files for each profile: RSS 2.0, Atom and JSON Feed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

import polars as pl

from factcheck.exporters import feed_atom, feed_json, feed_rss, pages
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.feed_entries import Feed, feed, published
from factcheck.exporters.filters import rules
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import counts_for_corrections
from factcheck.frames import schema
from factcheck.models import Rejection

_ENCODERS: Final[Mapping[str, tuple[str, Callable[[Feed, str], bytes]]]] = {
    "rss": (".rss", feed_rss.encode),
    "atom": (".atom", feed_atom.encode),
    "json": (".json", feed_json.encode),
}


SUFFIXES: Final[Mapping[str, str]] = {kind: suffix for kind, (suffix, _) in _ENCODERS.items()}
"""How the file of each kind of feed ends."""


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """The files that the profile asks for, in its order, with the newest entries.

    What has none is said: no verdict or another desk's (NO_VERDICT), too old for the feed's length (OLDER), never
    corrected (NOT_CORRECTED). Raises ConfigError where the address of a page is no web address.
    """
    pages.check(profile, context)
    if profile.feed.of == "verdicts":
        shown = published(rows, profile, context)
        older = _left_out(shown.slice(profile.feed.entries), "OLDER", "the feed has newer ones")
        none = rows.join(shown, on="claim_id", how="anti")
        left_out = pl.concat([older, _left_out(none, "NO_VERDICT", "this desk has published no verdict on it")])
    else:
        assert context.corrections is not None
        shown = rows
        never = rows.join(context.corrections.select(claim_id="page"), on="claim_id", how="anti")
        left_out = _left_out(never, "NOT_CORRECTED", "its published verdict did not change")
    made = feed(shown, profile, context)
    stem = PurePosixPath(profile.file_name(context, FORMAT.suffix))
    files = []
    for kind in profile.feed.files:
        suffix, encode = _ENCODERS[kind]
        name = stem.with_suffix(suffix).name
        files.append(Rendered(name, encode(made, profile.pointer(suffix))))
    return Draft(files, _notes(profile), left_out=left_out)


def _notes(profile: Profile) -> list[str]:
    """Which filters a feed of corrections does not ask."""
    if profile.feed.of == "verdicts":
        return []
    found = rules(profile.filters, subject=profile.name)
    other = [rule.words for rule in found if rule.code != "WITHDRAWN" and not counts_for_corrections(rule)]
    return [f"of corrections only language and claimant are asked, not: {'; '.join(other)}"] if other else []


def _left_out(rows: pl.DataFrame, code: str, reason: str) -> pl.DataFrame:
    return rows.select(
        stage=pl.lit(STAGE),
        code=pl.lit(code),
        subject="claim_id",
        reason=pl.lit(reason),
        payload=pl.lit(None, pl.String),
    ).cast(schema(Rejection))


FORMAT = Format("feed", ".atom", render, needs=frozenset({"history", "corrections"}))
