"""Which cells of a sheet of verdicts are links: an address, or a piece of evidence that names one."""

from __future__ import annotations

import re
from typing import Any, Final

import polars as pl

from factcheck import evidence, web
from factcheck.exporters import addresses

MAX_URL: Final = 2_079
"""Characters of an address, as Excel counts them: escaped."""
_EVIDENCE: Final = ("evidence", "evidence_urls")


def links(table: pl.DataFrame, most: int) -> tuple[pl.DataFrame, int]:
    """The cells that are links, as `row` (from 0), `column`, `text` and `target`, and how many had to stay texts.

    A cell holds one link. `most` is how many a sheet takes; those of the first rows are made.
    """
    found = [
        _targets(table, name).with_columns(column=pl.lit(number, pl.Int64))
        for number, name in enumerate(table.columns)
        if name == "url" or name in _EVIDENCE
    ]
    if not found:
        return pl.DataFrame(schema={"row": pl.UInt32, "column": pl.Int64, "text": pl.String, "target": pl.String}), 0
    every = pl.concat(found).sort("row", "column")
    long = every.filter(pl.col("target").str.len_chars() > MAX_URL // len("%XX"))
    unfit = [target for target in long["target"].unique() if _is_too_long(target)]
    good = every.filter(~pl.col("target").is_in(pl.Series(unfit, dtype=pl.String).implode())).head(most)
    return good, every.height - good.height


def _targets(table: pl.DataFrame, name: str) -> pl.DataFrame:
    text = pl.col("text")
    cells = table.select(text=name).with_row_index("row").filter(text.is_not_null())
    if name == "url":
        plain, target = cells.select(addresses.is_plain(text)).to_series(), text
        read: Any = _itself
    else:
        cells = cells.filter(~text.str.contains("\n", literal=True))
        plain, target = addresses.is_taught(cells["text"]), text.str.splitn(" | ", 2).struct.field("field_0")
        read = _named
    cells = cells.with_columns(plain=plain)
    odd = cells.filter(~pl.col("plain"))["text"].unique()
    known = {line: address for line in odd if (address := read(line))}
    others = pl.col("text").replace_strict(known, default=None, return_dtype=pl.String) if known else pl.lit(None)
    return cells.select("row", "text", target=pl.when("plain").then(target).otherwise(others)).drop_nulls("target")


def _itself(text: str) -> str | None:
    return text if web.is_web_address(text) else None


def _named(text: str) -> str | None:
    found = evidence.parse(text).addresses
    return found[0] if len(found) == 1 else None


def _is_too_long(target: str) -> bool:
    # The library escapes these, and the escaped address counts against Excel's limit.
    address, _, anchor = target.partition("#")
    return max(len(_escaped(address)), len(_escaped(anchor))) > MAX_URL


def _escaped(text: str) -> str:
    return re.sub(r"""["<>\[\]`^{}%\s\x00]""", "%XX", text)
