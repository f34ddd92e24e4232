"""The formats by name, and `render`: a view and a profile in, files out. A new format is a module and a line here."""

from __future__ import annotations

import polars as pl

from factcheck import frames
from factcheck.errors import ConfigError, UsageError
from factcheck.exporters import addresses, editorial
from factcheck.exporters.as_changes import FORMAT as CHANGES
from factcheck.exporters.as_claimreview import FORMAT as CLAIMREVIEW
from factcheck.exporters.as_csv import FORMAT as CSV
from factcheck.exporters.as_feed import FORMAT as FEED
from factcheck.exporters.as_jsonl import FORMAT as JSONL
from factcheck.exporters.as_parquet import FORMAT as PARQUET
from factcheck.exporters.as_xlsx import FORMAT as XLSX
from factcheck.exporters.contract import ExportContext, Exported
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import select
from factcheck.exporters.site.build import FORMAT as SITE
from factcheck.models import Rejection

_FORMATS: dict[str, Format] = {
    output.name: output
    for output in (
        CHANGES,
        CLAIMREVIEW,
        CSV,
        FEED,
        JSONL,
        PARQUET,
        SITE,
        XLSX,
    )
}


_HINTS = {
    "since": "add --since last, or --since with a version, a tag or a date",
    "history": "give the context the dataset's history",
    "corrections": "give the context the dataset's corrections",
}


def formats() -> list[str]:
    """The names of the output formats."""
    return sorted(_FORMATS)


def format_of(profile: Profile) -> Format:
    """The profile's format; raises ConfigError where there is none of that name."""
    if profile.format not in _FORMATS:
        raise ConfigError(
            f"no such format: {profile.format}", subject=profile.name, hint=f"use one of {', '.join(formats())}"
        )
    return _FORMATS[profile.format]


def render(view: pl.DataFrame, profile: Profile | str, context: ExportContext) -> Exported:
    """The files of one export of a view (`exporters.view.SCHEMA`); pure, and the same bytes each time.

    `profile` may be a format's name. Raises ConfigError where the profile asks for what its format cannot do, and
    UsageError where the format needs more than the context has.
    """
    chosen = Profile(name=profile, format=profile) if isinstance(profile, str) else profile
    output = format_of(chosen)
    if missing := sorted(need for need in output.needs if getattr(context, need) is None):
        raise UsageError(f"{output.name} needs {missing[0]}", subject=chosen.name, hint=_HINTS[missing[0]])
    if chosen.filters.withdrawn and chosen.columns and "state" not in chosen.columns:
        # A verdict of a claim that was withdrawn would read as one that stands.
        chosen = chosen.model_copy(update={"columns": [*chosen.columns, "state"]})
    selected = select(view, chosen, tombstones=output.tombstones)
    draft = output.render(shown(selected.rows, output), chosen, context)
    rejections = frames.from_records(Rejection, draft.rejections)
    unfit = rejections if draft.left_out is None else pl.concat([rejections, draft.left_out])
    return Exported(
        files=list(draft.files),
        seen=view.height,
        accepted=selected.rows.height - unfit.height,
        rejected=pl.concat([selected.rejected, unfit]),
        notes=[*draft.notes, *_on_evidence(selected.rows, chosen)],
        folder=draft.folder,
    )


def shown(rows: pl.DataFrame, output: Format) -> pl.DataFrame:
    """The rows as the format is given them: editors' drafts for the desk's own files alone."""
    return rows if output.drafts else editorial.for_readers(rows)


def _on_evidence(rows: pl.DataFrame, profile: Profile) -> list[str]:
    """What is to be said of evidence that is no web address, where the export shows evidence."""
    if profile.format == "site" or (profile.columns and "evidence" not in profile.columns):
        return []
    said = addresses.told(addresses.evidence_as_text(rows))
    return [f"{note}; a ClaimReview cites only addresses" for note in said] if profile.format == "claimreview" else said
