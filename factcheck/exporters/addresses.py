"""The evidence of a view's rows, read: which addresses it names, and which lines name none."""

from __future__ import annotations

import polars as pl

from factcheck import evidence, web_archives

EVIDENCE_AS_TEXT = "{} evidence entries name no web address and are kept as text, first {!r} of {}"
SOURCE = pl.Struct({"url": pl.String(), "kind": pl.String(), "quote": pl.String(), "archived_url": pl.String()})
"""A piece of evidence: an address, or null where the line names none; its kind; the quote or page beside it.

`archived_url` is the address that was given where that is a copy in a public archive; `url` is then the address of
what was copied, and the copy's own where that cannot be told.
"""


def with_sources(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `sources` (a list of `SOURCE`, one per address) and `evidence` without invisible marks."""
    lines = rows["evidence"].to_list()
    return rows.with_columns(
        pl.Series("sources", [[one for line in some for one in sources_of(line)] for some in lines], pl.List(SOURCE)),
        pl.Series("evidence", [[evidence.visible(line) for line in some] for some in lines], pl.List(pl.String)),
    )


def sources_of(line: str) -> list[dict[str, str | None]]:
    """The parts of one line of evidence as structs of `SOURCE`: one per address, one without where it names none."""
    found = evidence.parse(line)
    beside: dict[str, str | None] = {"kind": found.kind, "quote": found.quote or None}
    return [beside | _address(url) for url in found.addresses] or [beside | {"url": None, "archived_url": None}]


def _address(url: str) -> dict[str, str | None]:
    kept = web_archives.copy(url)
    return {"url": (kept and kept.original) or url, "archived_url": kept and kept.archived}


def evidence_as_text(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Claim id and entry for each entry of `evidence` that names no address; `rows` has both columns."""
    entries = rows.select("claim_id", "evidence").explode("evidence", empty_as_null=False, keep_nulls=False)
    return [(claim, entry) for claim, entry in entries.iter_rows() if not evidence.parse(entry).addresses]


def told(found: list[tuple[str, str]]) -> list[str]:
    """The sentence that says so; none where there is nothing to say."""
    if not found:
        return []
    claim, entry = found[0]
    return [EVIDENCE_AS_TEXT.format(f"{len(found):,}", entry[:80], claim)]
