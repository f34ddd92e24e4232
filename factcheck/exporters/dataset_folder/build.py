"""The dataset folder: four tables in Parquet, a card, Croissant, a data package. Pure."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any, Final

import polars as pl

from factcheck.exporters.as_parquet import metadata
from factcheck.exporters.contract import Draft, ExportContext, Rendered
from factcheck.exporters.dataset_folder.card import card
from factcheck.exporters.dataset_folder.croissant import croissant
from factcheck.exporters.dataset_folder.datapackage import datapackage
from factcheck.exporters.dataset_folder.facts import File, facts
from factcheck.exporters.flat_tables import Tables, refuse_withdrawn, tables
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile

_ROW_GROUP: Final = 100_000
"""Small enough to be read by anybody, and the same whatever the frame is made of."""


FILES: Final = (
    *(f"{table}.parquet" for table in Tables._fields),
    *("README.md", "croissant.json", "datapackage.json"),
)
"""What the folder holds."""


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """The files of the folder; each names version, profile, rule and the version's time.

    Raises ConfigError where the profile shows what was withdrawn, which stands in the status history alone.
    """
    refuse_withdrawn(profile)
    found = tables(rows, profile, context)
    folder = profile.file_name(context, FORMAT.suffix)
    content: dict[str, bytes] = {}
    files = []
    for table, frame in found._asdict().items():
        name = f"{table}.parquet"
        content[name] = _parquet(frame, table, profile, context)
        digest = hashlib.sha256(content[name]).hexdigest()
        files.append(File(name, table, frame, len(content[name]), digest))
    known = facts(found, rows, profile, context)
    content["README.md"] = card(known, files).encode()
    content["croissant.json"] = _json(croissant(known, files))
    content["datapackage.json"] = _json(datapackage(known, files))
    return Draft([Rendered(f"{folder}/{name}", data) for name, data in content.items()])


def _parquet(frame: pl.DataFrame, table: str, profile: Profile, context: ExportContext) -> bytes:
    said = {"factcheck.table": table} | metadata(profile, context)
    buffer = io.BytesIO()
    frame.rechunk().write_parquet(buffer, metadata=said, row_group_size=_ROW_GROUP)
    return buffer.getvalue()


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


FORMAT = Format("dataset-folder", "", render, needs=frozenset({"status_history"}))
