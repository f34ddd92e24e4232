"""Parquet for archives and analysis: nested, complete, and readable by every engine."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

import polars as pl
from polars.io.plugins import register_io_source

from factcheck import licences
from factcheck.exporters import columns
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.models import SCHEMA_VERSION

ROW_GROUP = 20_000
"""Rows of a file of batches that are compressed, and in memory, together."""


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """One zstd file; the file's own metadata names the version, its hash, tag and date, and the records' format."""
    buffer = io.BytesIO()
    _table(rows, profile, context).write_parquet(buffer, metadata=metadata(profile, context))
    return Draft([Rendered(profile.file_name(context, FORMAT.suffix), buffer.getvalue())])


def stream(batches: Iterator[pl.DataFrame], profile: Profile, context: ExportContext, file: IO[bytes]) -> Draft:
    """The same table of batches of rows, in groups of `ROW_GROUP` rows."""
    first = _table(next(batches), profile, context)

    def tables(*_asked: object) -> Iterator[pl.DataFrame]:  # all of them: nothing is chosen from the source
        yield first
        yield from (_table(rows, profile, context) for rows in batches)

    source = register_io_source(tables, schema=first.schema)
    source.sink_parquet(file, metadata=metadata(profile, context), row_group_size=ROW_GROUP)
    return Draft()


def _table(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> pl.DataFrame:
    language = profile.language or context.language
    return columns.chosen(rows, profile.columns or columns.RECORD, context, language)


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


FORMAT = Format("parquet", ".parquet", render, stream=stream, reads_evidence=True)
