"""The formats by name, and `render`: a view and a profile in, files out. A new format is a module and a line here."""

from __future__ import annotations

import polars as pl

from factcheck import frames
from factcheck.errors import ConfigError
from factcheck.exporters import addresses
from factcheck.exporters.as_claimreview import FORMAT as CLAIMREVIEW
from factcheck.exporters.as_csv import FORMAT as CSV
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
        CLAIMREVIEW,
        CSV,
        JSONL,
        PARQUET,
        SITE,
        XLSX,
    )
}


def formats() -> list[str]:
    """The names of the output formats."""
    return sorted(_FORMATS)


def render(view: pl.DataFrame, profile: Profile | str, context: ExportContext) -> Exported:
    """The files of one export of a view (`exporters.view.SCHEMA`); pure, and the same bytes each time.

    `profile` may be a format's name. Raises ConfigError where the profile asks for what its format cannot do.
    """
    chosen = Profile(name=profile, format=profile) if isinstance(profile, str) else profile
    output = _FORMATS.get(chosen.format)
    if output is None:
        raise ConfigError(
            f"no such format: {chosen.format}", subject=chosen.name, hint=f"use one of {', '.join(formats())}"
        )
    if chosen.filters.withdrawn and chosen.columns and "state" not in chosen.columns:
        # A verdict of a claim that was withdrawn would read as one that stands.
        chosen = chosen.model_copy(update={"columns": [*chosen.columns, "state"]})
    selected = select(view, chosen, tombstones=output.tombstones)
    draft = output.render(selected.rows, chosen, context)
    return Exported(
        files=list(draft.files),
        seen=view.height,
        accepted=selected.rows.height - len(draft.rejections),
        rejected=pl.concat([selected.rejected, frames.from_records(Rejection, draft.rejections)]),
        notes=[*draft.notes, *_on_evidence(selected.rows, chosen)],
        folder=draft.folder,
    )


def _on_evidence(rows: pl.DataFrame, profile: Profile) -> list[str]:
    """What is to be said of evidence that is no web address, where the export shows evidence."""
    if profile.format == "site" or (profile.columns and "evidence" not in profile.columns):
        return []
    said = addresses.told(addresses.evidence_as_text(rows))
    return [f"{note}; a ClaimReview cites only addresses" for note in said] if profile.format == "claimreview" else said
