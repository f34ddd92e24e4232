"""Which texts are web addresses: what checkers type as evidence need not be one."""

from __future__ import annotations

import polars as pl

from factcheck import web

EVIDENCE_AS_TEXT = "{} evidence entries are not web addresses and are kept as text, first {!r} of {}"


def evidence_as_text(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Claim id and entry for each entry of `evidence` that is no web address; `rows` has both columns."""
    entries = rows.select("claim_id", "evidence").explode("evidence", empty_as_null=False, keep_nulls=False)
    return [(claim, entry) for claim, entry in entries.iter_rows() if not web.is_web_address(entry)]


def told(found: list[tuple[str, str]]) -> list[str]:
    """The sentence that says so; none where there is nothing to say."""
    if not found:
        return []
    claim, entry = found[0]
    return [EVIDENCE_AS_TEXT.format(f"{len(found):,}", entry[:80], claim)]
