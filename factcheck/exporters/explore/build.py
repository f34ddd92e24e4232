"""SQLite: tables with keys and full-text search in one file, and beside it what datasette shows of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import polars as pl

from factcheck.exporters.contract import Draft, ExportContext, Rendered, Streamed
from factcheck.exporters.explore import database
from factcheck.exporters.explore.metadata import metadata
from factcheck.exporters.flat_tables import Tables, history, refuse_withdrawn, tables
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile

METADATA: Final = ".metadata.json"
_SLICE: Final = 10_000


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """The file, made slice by slice where it will lie, and datasette's metadata for it.

    Raises ConfigError where the profile shows what was withdrawn, which stands in the status history alone.
    """
    refuse_withdrawn(profile)
    name = profile.file_name(context, FORMAT.suffix)
    stem = PurePosixPath(name).stem
    pointer = PurePosixPath(profile.pointer(FORMAT.suffix)).stem
    columns = tables(rows.head(0), profile, context).verdicts.columns
    about = {
        "desk": context.desk_name,
        "desk_url": context.desk_url,
        **({"licence": context.licence} if context.licence else {}),
        "dataset_id": context.dataset_id,
        "dataset_version": str(context.version),
        "dataset_hash": context.version_hash,
        "dataset_tag": context.tag or "",
        "dataset_committed_at": context.committed_at.isoformat(),
        "profile": profile.name,
        "policy": context.policy,
    }
    told = json.dumps(metadata(profile, context, [stem, pointer], columns), ensure_ascii=False, indent=1)
    became = history(profile, context)

    def slices() -> Iterator[Tables]:
        for start in range(0, max(rows.height, 1), _SLICE):
            yield tables(rows.slice(start, _SLICE), profile, context)

    return Draft(
        files=[Rendered(f"{stem}{METADATA}", f"{told}\n".encode())],
        streamed=[Streamed(name, lambda path: database.write(path, slices(), became, about))],
    )


FORMAT = Format("sqlite", ".sqlite", render, needs=frozenset({"status_history"}))
