"""Models as polars schemas, and the check that splits a frame into good rows and rejected rows with reasons."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeVar, Union, get_args, get_origin

import annotated_types
import polars as pl
from pydantic.fields import FieldInfo

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
    dicts = [name for name, field in model.model_fields.items() if get_origin(_bare(field.annotation)[0]) is dict]
    rows = frame.select(list(model.model_fields)).to_dicts()
    return [model.model_validate(row | {name: json.loads(row[name]) for name in dicts}) for row in rows]


class Checked(NamedTuple):
    """Good rows in the model's schema; rejected rows as they came plus `reasons`, a list of strings."""

    good: pl.DataFrame
    rejected: pl.DataFrame


def check(model: type[Record], frame: pl.DataFrame, **extra_rules: pl.Expr) -> Checked:
    """The frame split by the model's own rules (required, enum, bounds, pattern) and `extra_rules`.

    An extra rule is an expression that is true for a good row; its name is the reason. No row is lost:
    `good.height + rejected.height == frame.height`. Columns the model does not know are dropped from `good`;
    columns that are missing become null, which rejects the row where the model requires them.
    """
    target = schema(model)
    cast = frame.with_columns(
        [pl.lit(None, dtype=dtype).alias(name) for name, dtype in target.items() if name not in frame.columns],
    ).with_columns([pl.col(name).cast(dtype, strict=False) for name, dtype in target.items()])
    rules = _rules(model) | extra_rules
    reasons = pl.concat_list(
        [pl.when(rule.fill_null(value=False)).then(None).otherwise(pl.lit(name)) for name, rule in rules.items()],
    ).list.drop_nulls()
    marked = cast.with_columns(reasons.alias("reasons"))
    ok = marked["reasons"].list.len() == 0
    return Checked(
        good=marked.filter(ok).select(list(target)),
        rejected=frame.with_columns(marked["reasons"]).filter(~ok),
    )


def _row(record: Record) -> tuple[Any, ...]:
    values = record.model_dump()
    return tuple(
        canonical_json(value) if isinstance(value, dict) else (str(value) if isinstance(value, StrEnum) else value)
        for value in values.values()
    )


def _bare(annotation: Any) -> tuple[Any, bool]:
    """The type inside Annotated and Optional, and whether None is allowed."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    if get_origin(annotation) in {Union, types.UnionType}:
        inner = [arg for arg in get_args(annotation) if arg is not type(None)]
        assert len(inner) == 1, f"no column type for {annotation}"
        return _bare(inner[0])[0], True
    return annotation, False


def _dtype(annotation: Any) -> pl.DataType:
    bare, _ = _bare(annotation)
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
        (datetime, UTC_MICROSECONDS),
    ):
        if issubclass(bare, kind):
            return dtype
    raise TypeError(f"no column type for {annotation}")


def _rules(model: type[Record]) -> dict[str, pl.Expr]:
    rules: dict[str, pl.Expr] = {}
    for name, field in model.model_fields.items():
        rules |= _field_rules(name, field)
    return rules


def _field_rules(name: str, field: FieldInfo) -> dict[str, pl.Expr]:
    column = pl.col(name)
    bare, optional = _bare(field.annotation)
    rules: dict[str, pl.Expr] = {}
    if not optional:
        rules[f"{name} is missing"] = column.is_not_null()
    if isinstance(bare, type) and issubclass(bare, StrEnum):
        rules[f"{name} is unknown"] = column.is_null() | column.is_in([str(item) for item in bare])
    for item in _metadata(field):
        if isinstance(item, annotated_types.Ge):
            rules[f"{name} is below {item.ge}"] = column.is_null() | (column >= pl.lit(item.ge))
        elif isinstance(item, annotated_types.Le):
            rules[f"{name} is above {item.le}"] = column.is_null() | (column <= pl.lit(item.le))
        elif isinstance(item, annotated_types.MinLen) and bare is str:
            rules[f"{name} is empty"] = column.is_null() | (column.str.len_chars() >= item.min_length)
        elif pattern := getattr(item, "pattern", None):
            rules[f"{name} is malformed"] = column.is_null() | column.str.contains(pattern)
    return rules


def _metadata(field: FieldInfo) -> list[Any]:
    """Constraints of the field, also of an Annotated inside Optional."""
    found = list(field.metadata)
    for arg in get_args(field.annotation) or ():
        found.extend(
            inner
            for meta in getattr(arg, "__metadata__", ())
            for inner in (meta.metadata if isinstance(meta, FieldInfo) else [meta])
        )
    return found
