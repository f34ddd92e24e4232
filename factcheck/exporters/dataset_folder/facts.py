"""What a dataset folder says of itself, worked out once for the card, Croissant and the data package. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from typing import NamedTuple

import polars as pl

from factcheck import licences
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.flat_tables import Tables
from factcheck.exporters.profiles import Profile
from factcheck.licences import Licence
from factcheck.models import Origin


class File(NamedTuple):
    """A table as a file: its name in the folder, the table's, and what it holds."""

    name: str
    table: str
    frame: pl.DataFrame
    n_bytes: int
    sha256: str


class Facts(NamedTuple):
    """What is known of the version and of what the folder shows; counts are those of the table of verdicts."""

    name: str
    title: str
    version: str
    licence: Licence | None
    languages: list[str]
    n_claims: int
    verdicts: dict[str, int]
    n_imported: int
    votes: tuple[int, int, float] | None
    """Least, most and mean number of checkers of a claim that was voted on."""
    said_between: tuple[datetime, datetime] | None
    policies: list[str]
    context: ExportContext
    profile: Profile


def facts(tables: Tables, rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Facts:
    """The facts on the tables that were made of the view's `rows`."""
    voted = rows.filter(pl.col("n_votes") > 0)["n_votes"]
    days = rows["published_at"].drop_nulls()
    verdicts = rows.group_by("verdict").len().filter(pl.col("verdict").is_not_null()).sort("verdict")
    return Facts(
        name=_slug(f"{profile.name}-v{context.version}"),
        title=f"{_line(context.desk_name)}: checked claims",
        version=f"{context.version}.0.0",
        licence=licences.of(context.licence),
        languages=sorted({str(lang) for lang in rows["lang"].drop_nulls()}),
        n_claims=tables.verdicts.height,
        verdicts=dict(verdicts.iter_rows()),
        n_imported=rows.filter(pl.col("verdict_origin") == str(Origin.IMPORT)).height,
        votes=None if voted.is_empty() else (*_ends(voted), round(float(voted.mean()), 2)),  # type: ignore[arg-type]
        said_between=None if days.is_empty() else (days.min(), days.max()),  # type: ignore[arg-type]
        policies=rows["policy"].drop_nulls().unique().sort().to_list(),
        context=context,
        profile=profile,
    )


def agreed(measured: Facts) -> str:
    """How far the checkers agreed, in a sentence."""
    alpha = measured.context.measured.get("krippendorff_alpha")
    if alpha is None:
        return "Agreement was not measured: too few claims have two answers."
    return f"Krippendorff's alpha over all answers of this version: {alpha:.3f}."


def _ends(values: pl.Series) -> tuple[int, int]:
    return int(values.min()), int(values.max())  # type: ignore[arg-type]


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-._") or "dataset"


def _line(text: str) -> str:
    return " ".join(text.split())
