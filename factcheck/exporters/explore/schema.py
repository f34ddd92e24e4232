"""The tables of the SQLite file, made from the same frames as the dataset folder. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from factcheck.exporters.flat_tables import APPEARANCES, EVIDENCE, KEYS, REFERRING, STATUS_HISTORY

NAMES: Final = {
    "verdicts": "claims",
    "appearances": "appearances",
    "evidence": "evidence",
    "status_history": "status_history",
}
"""Of each flat table the name it has here, where claims without a verdict stand beside the others."""
SEARCHED: Final = ("quote", "claimant", "rationales", "claim_reviewed", "headline")
"""The columns of claims that the search looks into; `parts` beside them has words with a ZWNJ taken apart."""
_INDEXED: Final = {
    "claims": ("verdict", "status", "lang", "claimant", "publisher", "published_at"),
    "appearances": ("claim_id", "publisher"),
    "evidence": ("claim_id",),
    "status_history": ("state", "current_verdict"),
}
_TYPES: Final = {pl.String: "TEXT", pl.Int64: "INTEGER", pl.Float64: "REAL", pl.Datetime: "TEXT"}
_TIME: Final = "%Y-%m-%dT%H:%M:%SZ"
_PLAIN: Final = f"""\
create table about (name text primary key, value text);
create table folding (letter text primary key, becomes text not null) without rowid;
create virtual table claims_search using fts5 (
  {", ".join(SEARCHED)}, parts, content='', tokenize='unicode61 remove_diacritics 2'
);
"""


def schemas(claims: Mapping[str, pl.DataType]) -> dict[str, Mapping[str, pl.DataType]]:
    """The columns of each table by its name; `claims` has those of the table of claims."""
    return {"claims": claims, "appearances": APPEARANCES, "evidence": EVIDENCE, "status_history": STATUS_HISTORY}


def tables(claims: Mapping[str, pl.DataType]) -> str:
    """The statements that make the empty tables; `number` ties a claim to its words in the search."""
    return "".join(_table(name, columns) for name, columns in schemas(claims).items()) + _PLAIN


def indexes(claims: Mapping[str, pl.DataType]) -> str:
    """The statements that make the indexes, once the rows are there."""
    return "".join(
        f"create index {name}_{column} on {name} ({column});\n"
        for name, columns in schemas(claims).items()
        for column in _INDEXED[name]
        if column in columns
    )


def _table(name: str, columns: Mapping[str, pl.DataType]) -> str:
    flat = next(flat for flat, here in NAMES.items() if here == name)
    lines = [f"{column} {_TYPES[dtype.base_type()]}" for column, dtype in columns.items()]
    lines += ["number INTEGER UNIQUE"] if name == "claims" else []
    lines.append(f"primary key ({', '.join(KEYS[flat])})")
    if flat in REFERRING:
        lines.append("foreign key (claim_id) references claims (claim_id)")
    return f"create table {name} (\n  " + ",\n  ".join(lines) + "\n);\n"


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with times as ISO 8601 in UTC, which SQLite's functions of dates read."""
    return frame.with_columns(pl.col(pl.Datetime).dt.to_string(_TIME))
