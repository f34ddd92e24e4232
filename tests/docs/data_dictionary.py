"""docs/data.md: every column of every table, from the records and a dataset of today's format, and how to join them."""

from __future__ import annotations

import json
import tarfile
import tempfile
import types
import typing
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl

from factcheck.dataset import Dataset
from factcheck.frames import schema
from factcheck.models import (
    AnnotationEvent,
    Article,
    Claim,
    ClaimEvent,
    EditorialChange,
    Record,
    Tag,
    VerdictChange,
    Version,
)

GOLDEN = Path(__file__).parents[1] / "dataset" / "golden" / "format-6.tar.gz"
TABLES: dict[str, type[Record]] = {
    "articles": Article,
    "claims": Claim,
    "annotations": AnnotationEvent,
    "verdicts": VerdictChange,
    "claim_events": ClaimEvent,
    "editorial": EditorialChange,
    "versions": Version,
    "tags": Tag,
}
_METHODS = {"verdicts": "verdict_changes", "editorial": "editorial_changes", "claims": "claim_changes"}
_LONGEST = 44
AROUND = Path(__file__).with_name("data.md")
"""What stands before and behind the tables."""


def page() -> str:
    """The page."""
    with tempfile.TemporaryDirectory() as folder, tarfile.open(GOLDEN) as archive:
        archive.extractall(folder, filter="data")
        root = next(path.parent for path in Path(folder).rglob("versions") if path.is_dir())
        data = Dataset.open(root)
        sections = [_section(name, record, _rows(data, name)) for name, record in TABLES.items()]
    return AROUND.read_text("utf-8").replace("{tables}\n", "\n".join([*sections, ""]))


def _rows(data: Dataset, name: str) -> pl.DataFrame:
    found: pl.DataFrame | pl.LazyFrame = getattr(data, _METHODS.get(name, name))()
    return found.collect() if isinstance(found, pl.LazyFrame) else found


def _section(name: str, record: type[Record], rows: pl.DataFrame) -> str:
    lines = [f"## `{name}`", "", f"{(record.__doc__ or '').strip()}", ""]
    lines += ["| column | type | may be null | what it is | example |", "| --- | --- | --- | --- | --- |"]
    types_ = schema(record)
    for column, field in record.model_fields.items():
        cells = (
            f"`{column}`",
            _type(types_[column]),
            "yes" if _is_optional(field.annotation) else "no",
            f"{field.description}{_values(field.annotation)}",
            _example(rows, column),
        )
        lines.append("| " + " | ".join(_cell(cell) for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _type(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Datetime):
        return "timestamp (UTC)"
    if isinstance(kind, pl.List):
        return f"list of {_type(kind.inner) if isinstance(kind.inner, pl.DataType) else kind.inner}"
    if isinstance(kind, pl.Struct):
        return f"struct ({', '.join(one.name for one in kind.fields)})"
    return {"String": "text", "Int64": "integer", "Float64": "number", "Boolean": "boolean", "Date": "date"}.get(
        str(kind), str(kind)
    )


def _is_optional(annotation: Any) -> bool:
    return type(None) in typing.get_args(annotation) and typing.get_origin(annotation) in {
        typing.Union,
        types.UnionType,
    }


def _values(annotation: Any) -> str:
    for one in (annotation, *typing.get_args(annotation)):
        if isinstance(one, type) and issubclass(one, StrEnum):
            return f" One of {', '.join(f'`{member}`' for member in one)}."
    return ""


def _example(rows: pl.DataFrame, column: str) -> str:
    if column not in rows.columns:
        return ""
    found = next((value for value in rows[column] if value is not None and not _is_empty(value)), None)
    if found is None:
        return ""
    if isinstance(found, datetime):
        return found.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(found, pl.Series):
        found = found.to_list()
    if isinstance(found, date):
        return found.isoformat()
    said = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False, default=str)
    said = " ".join(said.split())
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"


def _is_empty(value: object) -> bool:
    return isinstance(value, str | list | pl.Series) and len(value) == 0


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
