"""Records as polars frames and back."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar, Union, get_args, get_origin

import polars as pl

from factcheck.models import Record, canonical_json

UTC_MICROSECONDS = pl.Datetime("us", "UTC")
R = TypeVar("R", bound=Record)


def schema(model: type[Record]) -> pl.Schema:
    """The polars schema of a record: plain strings for enums, signed 64-bit integers, UTC microseconds.

    Dictionaries are kept as canonical JSON text, because Delta has no type that every reader knows for them.
    """
    return pl.Schema({name: _dtype(field.annotation) for name, field in model.model_fields.items()})


def empty(model: type[Record]) -> pl.DataFrame:
    """A frame of the record's schema without rows."""
    return pl.DataFrame(schema=schema(model))


def from_records(model: type[Record], records: Iterable[Record]) -> pl.DataFrame:
    """The records as a frame of the model's schema, in the given order."""
    rows = [_row(record) for record in records]
    return pl.DataFrame(rows, schema=schema(model), orient="row")


def to_records(model: type[R], frame: pl.DataFrame) -> list[R]:
    """The frame's rows as validated records; for edges and tests, not for long frames."""
    dicts = [name for name, field in model.model_fields.items() if get_origin(_bare(field.annotation)) is dict]
    rows = frame.select(list(model.model_fields)).to_dicts()
    return [model.model_validate(row | {name: json.loads(row[name]) for name in dicts}) for row in rows]


def _row(record: Record) -> tuple[Any, ...]:
    values = record.model_dump()
    return tuple(
        canonical_json(value) if isinstance(value, dict) else (str(value) if isinstance(value, StrEnum) else value)
        for value in values.values()
    )


def _bare(annotation: Any) -> Any:
    """The type inside Annotated and Optional."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if get_origin(annotation) in {Union, types.UnionType}:
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        assert len(inner) == 1, f"no column type for {annotation}"
        return _bare(inner[0])
    return annotation


def _dtype(annotation: Any) -> pl.DataType:
    bare = _bare(annotation)
    origin = get_origin(bare)
    if origin is list:
        return pl.List(_dtype(get_args(bare)[0]))
    if origin is dict:
        return pl.String()
    assert isinstance(bare, type), f"no column type for {annotation}"
    if issubclass(bare, Record):
        return pl.Struct(dict(schema(bare)))
    for kind, dtype in (
        (str, pl.String()),
        (bool, pl.Boolean()),
        (int, pl.Int64()),
        (float, pl.Float64()),
        (datetime, UTC_MICROSECONDS),  # before date, of which it is a kind
        (date, pl.Date()),
    ):
        if issubclass(bare, kind):
            return dtype
    raise TypeError(f"no column type for {annotation}")
