"""The formats by name, and `render`: a view and a profile in, files out. A new format is a module and a line here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import polars as pl

from factcheck import frames
from factcheck.errors import ConfigError, UsageError
from factcheck.exporters import addresses, columns, editorial, plugged, write_streamed
from factcheck.exporters.as_changes import FORMAT as CHANGES
from factcheck.exporters.as_claimreview import FORMAT as CLAIMREVIEW
from factcheck.exporters.as_community_notes import FORMAT as COMMUNITY_NOTES
from factcheck.exporters.as_csv import FORMAT as CSV
from factcheck.exporters.as_evidence import FORMAT as EVIDENCE
from factcheck.exporters.as_feed import FORMAT as FEED
from factcheck.exporters.as_google_api import FORMAT as GOOGLE_API
from factcheck.exporters.as_jsonl import FORMAT as JSONL
from factcheck.exporters.as_label_studio import FORMAT as LABEL_STUDIO
from factcheck.exporters.as_markdown import FORMAT as MARKDOWN
from factcheck.exporters.as_parquet import FORMAT as PARQUET
from factcheck.exporters.as_xlsx import FORMAT as XLSX
from factcheck.exporters.contract import ExportContext, Exported, Streamed
from factcheck.exporters.dataset_folder.build import FORMAT as DATASET_FOLDER
from factcheck.exporters.explore.build import FORMAT as SQLITE
from factcheck.exporters.format import Format
from factcheck.exporters.large_view import OF_A_VIEW, LargeView, Order, large_view
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import Selected, descending, select, sort_keys, without_withdrawn_verdicts
from factcheck.exporters.site.build import FORMAT as SITE
from factcheck.exporters.view import SCHEMA
from factcheck.models import Rejection

_FORMATS: dict[str, Format] = {
    output.name: output
    for output in (
        CHANGES,
        CLAIMREVIEW,
        COMMUNITY_NOTES,
        CSV,
        DATASET_FOLDER,
        EVIDENCE,
        FEED,
        GOOGLE_API,
        JSONL,
        LABEL_STUDIO,
        MARKDOWN,
        PARQUET,
        SITE,
        SQLITE,
        XLSX,
    )
}


_CITING = frozenset({"claimreview", "site"})
"""Formats with a ClaimReview in them, whose `citation` has no place for what is no address."""
_HINTS = {
    "since": "add --since last, or --since with a version, a tag or a date",
    "history": "give the context the dataset's history",
    "status_history": "give the context the dataset's status history",
    "corrections": "give the context the dataset's corrections",
}


def formats() -> list[str]:
    """The names of the output formats, with those that other distributions add."""
    return sorted({*_FORMATS, *plugged.names()})


def format_of(profile: Profile) -> Format:
    """The profile's format, a built-in one before an added one; raises ConfigError where there is none of that name."""
    if found := _FORMATS.get(profile.format) or plugged.format_named(profile.format):
        return found
    raise ConfigError(
        f"no such format: {profile.format}", subject=profile.name, hint=f"use one of {', '.join(formats())}"
    )


def render(view: pl.DataFrame | LargeView, profile: Profile | str, context: ExportContext) -> Exported:
    """The files of one export of a view (`exporters.view.SCHEMA`), the same bytes each time.

    `profile` may be a format's name. Of a large view the file is streamed where the format can do that; its `notes`
    are then complete when it is written. Raises ConfigError where the profile asks for what its format cannot do, and
    UsageError where the format needs more than the context has.
    """
    chosen = Profile(name=profile, format=profile) if isinstance(profile, str) else profile
    output, context = format_of(chosen), chosen.signed(context)
    if missing := sorted(need for need in output.needs if getattr(context, need) is None):
        raise UsageError(f"{output.name} needs {missing[0]}", subject=chosen.name, hint=_HINTS[missing[0]])
    if chosen.filters.withdrawn and chosen.columns and "state" not in chosen.columns:
        # A verdict of a claim that was withdrawn would read as one that stands.
        chosen = chosen.model_copy(update={"columns": [*chosen.columns, "state"]})
    if isinstance(view, LargeView):
        if output.stream is not None and output.streams(chosen):
            return _streamed(view, chosen, context, output)
        view = view.whole()
    selected = _selected(view, chosen, context, output)
    rows = _read(selected.rows, chosen, output)
    draft = output.render(shown(rows, output), chosen, context)
    rejections = frames.from_records(Rejection, draft.rejections)
    unfit = rejections if draft.left_out is None else pl.concat([rejections, draft.left_out])
    return Exported(
        files=list(draft.files),
        seen=view.height,
        accepted=rows.height - unfit.height,
        rejected=pl.concat([selected.rejected, unfit]),
        notes=[*draft.notes, *_told(_evidence_as_text(_left(rows, unfit), chosen), chosen)],
        folder=draft.folder,
        streamed=draft.streamed,
    )


def _streamed(view: LargeView, profile: Profile, context: ExportContext, output: Format) -> Exported:
    """As `render`, of rows that are never in memory together; the file is made where it will lie."""
    rejected = [pl.DataFrame(schema=frames.schema(Rejection))]

    def accepted() -> Iterator[pl.DataFrame]:
        for part in view.in_parts():
            rows, left_out = _selected(part, profile, context, output)
            rejected.append(left_out)
            yield rows

    if profile.sort:
        keys = sort_keys(pl.DataFrame(schema=SCHEMA), profile, context).schema
        order = Order([*keys, *OF_A_VIEW.columns], [*descending(profile), *OF_A_VIEW.descending])
        keyed = (rows.hstack(sort_keys(rows, profile, context)) for rows in accepted())
        kept = large_view(keyed, view.folder, order, pl.Schema({**SCHEMA, **keys}))
        n_accepted = kept.height
    else:
        kept = view
        n_accepted = sum(rows.height for rows in accepted())
    notes: list[str] = []
    late: list[pl.DataFrame] = []

    def write(path: Path) -> None:
        assert output.stream is not None
        texts: list[tuple[str, str]] = []

        def batches() -> Iterator[pl.DataFrame]:
            for batch in kept.batches():
                rows = _read(_selected(batch.select(list(SCHEMA)), profile, context, output).rows, profile, output)
                texts.extend(_evidence_as_text(rows, profile))
                yield shown(rows, output)

        with write_streamed.new_file(path) as file:
            draft = output.stream(batches(), profile, context, file)
        late[:] = [] if draft.left_out is None else [draft.left_out]
        unfit = set() if draft.left_out is None else set(draft.left_out["subject"])
        notes[:] = [*draft.notes, *_told([one for one in texts if one[0] not in unfit], profile)]

    return Exported(
        files=[],
        seen=view.height,
        accepted=n_accepted,
        rejected=pl.concat(rejected),
        notes=notes,
        streamed=[Streamed(profile.file_name(context, output.suffix), write)],
        late=late,
    )


def _selected(view: pl.DataFrame, profile: Profile, context: ExportContext, output: Format) -> Selected:
    selected = select(view, profile, context, tombstones=output.tombstones)
    if profile.filters.withdrawn and not output.tombstones:  # a tombstone shows no row's verdict
        return selected._replace(rows=without_withdrawn_verdicts(selected.rows))
    return selected


def shown(rows: pl.DataFrame, output: Format) -> pl.DataFrame:
    """The rows as the format is given them: editors' drafts for the desk's own files alone."""
    return rows if output.drafts else editorial.for_readers(rows)


def _read(rows: pl.DataFrame, profile: Profile, output: Format) -> pl.DataFrame:
    """The rows with their evidence read, where the format shows it."""
    shows = not profile.columns or columns.OF_EVIDENCE & set(profile.columns)
    return addresses.with_sources(rows) if output.reads_evidence and shows else rows


def _evidence_as_text(rows: pl.DataFrame, profile: Profile) -> list[tuple[str, str]]:
    """Claim and entry of evidence that is no web address, where the export shows or cites evidence."""
    cites = profile.format in _CITING
    shows = format_of(profile).keeps_evidence and (not profile.columns or "evidence" in profile.columns)
    return addresses.evidence_as_text(rows) if cites or shows else []


def _told(found: list[tuple[str, str]], profile: Profile) -> list[str]:
    said = addresses.told(found)
    return [f"{note}; a ClaimReview cites only addresses" for note in said] if profile.format in _CITING else said


def _left(rows: pl.DataFrame, unfit: pl.DataFrame) -> pl.DataFrame:
    """The rows that the format did show."""
    return rows.join(unfit.select(claim_id="subject"), on="claim_id", how="anti") if unfit.height else rows
