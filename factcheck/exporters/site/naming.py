"""Whom a page names as having checked its claim; and where names stand, no count of checkers beside them.

A count beside the names would tell that somebody is not among them, and on a small desk who that is. So a site that
names people has no counts and no agreement on any page, in no chart and not in its table, named or not.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from factcheck.exporters.profiles import Profile
from factcheck.exporters.site.entries import shown
from factcheck.exporters.site.frame import Site

COUNTS = ("n_votes", "n_verified", "n_disputed", "n_opinion", "n_unproven", "n_not_a_claim", "agreement")


def uncounted(rows: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The rows, without counts of checkers where the profile's site names any."""
    if not profile.site.credits:
        return rows
    return rows.with_columns(pl.lit(None, rows.schema[name]).alias(name) for name in COUNTS)


def columns(names: Sequence[str], profile: Profile) -> list[str]:
    """The columns of a table of the site, without counts of checkers where it names any."""
    return [name for name in names if not (profile.site.credits and name in COUNTS)]


def names(site: Site, claim_id: str) -> list[str]:
    """Who agreed to be named on the claim's page; nobody where the profile does not ask for names."""
    if not site.profile.site.credits:
        return []
    return [shown(name) for name in site.context.credits.get(claim_id, ())]
