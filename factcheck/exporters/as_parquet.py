"""Parquet for archives and analysis: nested, complete, and readable by every engine."""

from __future__ import annotations

import io

import polars as pl

from factcheck import licences
from factcheck.exporters import columns
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.models import SCHEMA_VERSION


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One zstd file; the file's own metadata names the version, its hash, tag and date, and the records' format."""
    language = profile.language or context.language
    table = columns.chosen(rows, profile.columns or columns.RECORD, context, language)
    buffer = io.BytesIO()
    table.write_parquet(buffer, metadata=metadata(profile, context))
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), buffer.getvalue())])


def metadata(profile: Profile, context: ExportContext) -> dict[str, str]:
    """What a file says of itself: desk, version, hash, tag, date, the records' format, profile, rule and licence."""
    said = {
        "factcheck.dataset_version": str(context.version),
        "factcheck.dataset_hash": context.version_hash,
        "factcheck.dataset_tag": context.tag or "",
        "factcheck.dataset_committed_at": context.committed_at.isoformat(),
        "factcheck.schema_version": str(SCHEMA_VERSION),
        "factcheck.desk_name": context.desk_name,
        "factcheck.profile": profile.name,
        "factcheck.policy": context.policy,
    }
    if licence := licences.of(context.licence):
        said["factcheck.licence"] = licence.address_or_id
    return said


FORMAT = Format("parquet", ".parquet", render)
