"""Types that are no pydantic models as models: named tuples, dataclasses, and rows of polars frames."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, get_type_hints

import polars as pl
from pydantic import BaseModel, ConfigDict, create_model

from factcheck.models import Record

_STRICT = ConfigDict(extra="forbid")
_PLAIN: dict[Any, type] = {
    pl.String: str,
    pl.Boolean: bool,
    pl.Date: date,
    pl.Datetime: datetime,
    pl.Float64: float,
}


def of_fields(kind: type, /, *, without: Collection[str] = (), **other: Any) -> type[BaseModel]:
    """A named tuple or dataclass as an object with its fields, each of which is there.

    `other` are fields whose type says less than is known, or that are added.
    """
    hints = {name: hint for name, hint in get_type_hints(kind).items() if not name.startswith("_")} | other
    return _model(kind.__name__, {name: hint for name, hint in hints.items() if name not in without}, kind.__doc__)


def of_row(name: str, schema: Mapping[str, Any], *, known: Collection[str] = ()) -> Any:
    """A row of a frame of this schema; every value may be null but those of the `known` columns."""
    fields = {column: _python(f"{name}_{column}", dtype) for column, dtype in schema.items()}
    return _model(name, {column: kind if column in known else kind | None for column, kind in fields.items()}, None)


def of_record(record: type[Record], *, without: Collection[str] = (), **other: Any) -> type[BaseModel]:
    """A row of the table that keeps a record: what has a default may be null, in rows of an older format."""
    fields: dict[str, Any] = {}
    for name, field in record.model_fields.items():
        if name not in without:
            kind = field.annotation if field.is_required() else field.annotation | None  # type: ignore[operator]
            described = copy.copy(field)
            described.default, described.default_factory = ..., None
            fields[name] = (kind, described)
    given: Any = fields | {name: (kind, ...) for name, kind in other.items()}
    made: type[BaseModel] = create_model(f"{record.__name__}Row", __config__=_STRICT, __doc__=record.__doc__, **given)
    return made


def _model(name: str, fields: Mapping[str, Any], doc: str | None) -> type[BaseModel]:
    given: Any = {field: (kind, ...) for field, kind in fields.items()}
    made: type[BaseModel] = create_model(name, __config__=_STRICT, __doc__=doc, **given)
    return made


def _python(name: str, dtype: Any) -> Any:
    if isinstance(dtype, pl.List):
        return list[_python(name, dtype.inner) | None]  # type: ignore[misc]
    if isinstance(dtype, pl.Struct):
        return of_row(name, {field.name: field.dtype for field in dtype.fields})
    kind: type[pl.DataType] = dtype if isinstance(dtype, type) else type(dtype)
    return int if kind.is_integer() else _PLAIN[kind]
