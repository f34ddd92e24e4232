"""polars schemas as Delta schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:  # deltalake is imported when a table is first touched
    import deltalake
    from deltalake.schema import DataType


def delta_schema(schema: pl.Schema, comments: Mapping[str, str]) -> deltalake.Schema:
    """The schema as Delta writes it: plain strings, signed integers, UTC microseconds; `comments` say what columns are.

    Catalogues and engines show a column's comment to whoever looks at the table.
    """
    from deltalake import Field, Schema

    return Schema(
        [
            Field(name, _delta_type(dtype), metadata={"comment": comments[name]} if comments.get(name) else None)
            for name, dtype in schema.items()
        ]
    )


def _delta_type(dtype: object) -> DataType:
    from deltalake import Field
    from deltalake.schema import ArrayType, PrimitiveType, StructType

    if isinstance(dtype, pl.List):
        return ArrayType(_delta_type(dtype.inner), contains_null=True)
    if isinstance(dtype, pl.Struct):
        return StructType([Field(field.name, _delta_type(field.dtype)) for field in dtype.fields])
    names: dict[object, str] = {
        pl.String(): "string",
        pl.Int64(): "long",
        pl.Float64(): "double",
        pl.Boolean(): "boolean",
        pl.Datetime("us", "UTC"): "timestamp",
        pl.Date(): "date",
    }
    return PrimitiveType(names[dtype])
