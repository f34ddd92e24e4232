"""JSON by expressions: columns of texts and moments as the members of objects, just as `json_text` writes them.

An object is on one line, or at a depth (0 for the outermost) and indented by two spaces a level as
`json_text.written(value, indent=2)` has it. A member whose value is null is left out.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck.exporters import json_text

_ESCAPES: Final = {char: json_text.written(char)[1:-1] for char in "<>&\u2028\u2029\u0085"}
"""What `json_text` escapes beside what JSON has to; a law reads all of Unicode against the writer itself."""
_MOMENT: Final = '"%Y-%m-%dT%H:%M:%S+00:00"'


def text(value: pl.Expr) -> pl.Expr:
    """The texts as JSON strings, null for null."""
    encoded = pl.struct(value.alias("_")).struct.json_encode().str.strip_prefix('{"_":').str.strip_suffix("}")
    escaped = encoded.str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    return pl.when(value.is_not_null()).then(escaped)


def moment(value: pl.Expr) -> pl.Expr:
    """Moments in UTC as ISO 8601 to the second in quotes, null for null; for the years 1000 to 9999."""
    return value.dt.to_string(_MOMENT)


def constant(value: Any, depth: int | None) -> str:
    """One value as JSON text that can stand at the depth."""
    if depth is None:
        return json_text.written(value)
    return textwrap.indent(json_text.written(value, indent=2), "  " * depth).lstrip(" ")


class Perhaps(NamedTuple):
    """The value of a member that is left out where it is null."""

    value: pl.Expr


Part = str | pl.Expr
"""A piece of JSON text: the same in every row, or a column without nulls."""
Member = Part | list[Part] | Perhaps


def parts_of(members: Mapping[str, Member], depth: int | None) -> list[Part]:
    """An object of the members as pieces that stand behind each other, so that all of it is joined at once.

    The first member is in every row.
    """
    between, opening, closing = _layout(depth)
    found: list[Part] = []
    for name, value in members.items():
        before = f"{between if found else '{' + opening}{json_text.written(name)}: "
        if isinstance(value, Perhaps):
            found.append(pl.concat_str(pl.lit(before), value.value))
        else:
            found += [before, *(value if isinstance(value, list) else [value])]
    return [*found, closing + "}"]


def joined(parts: Iterable[Part]) -> pl.Expr:
    """The pieces as one text."""
    runs = itertools.groupby(parts, lambda part: isinstance(part, str))
    return pl.concat_str(
        [one for same, run in runs for one in ([pl.lit("".join(str(part) for part in run))] if same else list(run))],
        ignore_nulls=True,
    )


def list_of(items: pl.Expr, depth: int | None) -> pl.Expr:
    """A list of the JSON texts in each list of the column; null for an empty one."""
    between, opening, closing = _layout(depth)
    joined = pl.concat_str(pl.lit("[" + opening), items.list.join(between), pl.lit(closing + "]"))
    return pl.when(items.list.len() > 0).then(joined)


def _layout(depth: int | None) -> tuple[str, str, str]:
    """What stands between members, after the opening bracket, and before the closing one."""
    if depth is None:
        return ", ", "", ""
    inner = "\n" + "  " * (depth + 1)
    return f",{inner}", inner, "\n" + "  " * depth
