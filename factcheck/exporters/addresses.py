"""Which texts are web addresses: what checkers type as evidence need not be one."""

from __future__ import annotations

from urllib.parse import urlsplit

import polars as pl

EVIDENCE_AS_TEXT = "{} entries of evidence are no web address and are kept as text, the first is {!r} of {}"


def is_web(text: str) -> bool:
    """Whether the text is an http(s) address and nothing else."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not any(char.isspace() for char in text)


def evidence_as_text(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Claim id and entry for each entry of `evidence` that is no web address; `rows` has both columns."""
    entries = rows.select("claim_id", "evidence").explode("evidence", empty_as_null=False, keep_nulls=False)
    return [(claim, entry) for claim, entry in entries.iter_rows() if not is_web(entry)]


def told(found: list[tuple[str, str]]) -> list[str]:
    """The sentence that says so; none where there is nothing to say."""
    if not found:
        return []
    claim, entry = found[0]
    return [EVIDENCE_AS_TEXT.format(f"{len(found):,}", entry[:80], claim)]
