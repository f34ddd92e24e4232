"""What the feeds of an export are made of: the newest verdicts, or the corrections; of all other claims no words."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from factcheck import exporters
from factcheck.dataset import Dataset
from factcheck.dataset.newest import outcomes
from factcheck.dataset.touched import side
from factcheck.exporters.contract import ExportContext, Exported
from factcheck.exporters.profiles import Profile
from factcheck.models import Status

_MORE = 8


def rendered(data: Dataset, profile: Profile, context: ExportContext) -> Exported:
    """The profile's feeds. `seen` counts the claims with a verdict, for corrections the corrections."""
    number = context.version
    if profile.feed.of == "corrections":
        told = replace(context, history=pl.DataFrame(), corrections=(found := _corrections(data, number)))
        done = exporters.render(pl.DataFrame(schema=exporters.VIEW), profile, told)
        shown = min(found.height, profile.feed.entries)
        return done._replace(seen=found.height, accepted=shown, older=found.height - shown)
    last, changed = outcomes(data, number)
    standing = last.filter(
        pl.col("verdict").is_not_null() | (pl.col("status") == str(Status.UNPROVEN)) & profile.claimreview.unproven
    )
    log = data.versions(number)
    told = replace(context, history=changed, corrections=pl.DataFrame())
    wanted = profile.feed.entries
    while True:
        newest = standing.head(wanted)["claim_id"]
        parts = side(data, newest, number)
        rows = exporters.view(parts.articles, parts.claims, parts.verdicts, log, editorial=parts.editorial)
        done = exporters.render(rows, profile, told)
        older = standing.height - newest.len()
        # Where the profile's filters leave too few of the newest, the next ones are looked at.
        if done.accepted >= profile.feed.entries or not older:
            break
        wanted *= _MORE
    return done._replace(seen=done.seen + older, older=older)


def _corrections(data: Dataset, number: int) -> pl.DataFrame:
    """The corrections with the claim's quote, language and claimant, and the claim whose page shows it (`page`)."""
    found = data.corrections(number)
    about = data.claims(number).filter(pl.col("claim_id").is_in(found["claim_id"].implode()))
    words = about.select("claim_id", "quote", "lang", "claimant", page="group_id").collect()
    return found.join(words, on="claim_id", how="left", maintain_order="left")
