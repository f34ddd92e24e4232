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


_LABEL = "[a-z0-9](?:[a-z0-9-]{0,40}[a-z0-9])?"
_PLAIN = rf"^https?://(?:{_LABEL}\.){{1,3}}[a-z]{{2,12}}(?:/[A-Za-z0-9/_.~=&%?#+-]{{0,200}}[A-Za-z0-9/_=])?$"
"""A line that is one address and nothing else, of the letters that most have: it needs no reading."""
_MARKS = ["://", *web_archives.ARCHIVES]
"""What a plain line does not have behind its scheme: a second address, or a public archive."""


def is_plain(line: pl.Expr) -> pl.Expr:
    """Whether the line is one address as it stands, and no copy in an archive: then `evidence.parse` says just that."""
    rest = line.str.slice(len("https://"))
    return line.str.contains(_PLAIN) & ~rest.str.contains_any(_MARKS)


def with_sources(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `sources` (a list of `SOURCE`, one per address) and `evidence` without invisible marks.

    Plain lines are taken as they are, and each of the others is read once, however many claims have it.
    """
    numbered = rows.with_row_index("__row")
    lines = numbered.select("__row", line="evidence").explode("line", empty_as_null=False, keep_nulls=False)
    found = [
        (line, evidence.visible(line), nth, one["url"], one["kind"], one["quote"], one["archived_url"])
        for line in lines.filter(~is_plain(pl.col("line")))["line"].unique()
        for nth, one in enumerate(sources_of(line))
    ]
    read = pl.DataFrame(found, _READ, orient="row")
    parts = lines.join(read, on="line", how="left", maintain_order="left_right").with_columns(
        pl.when(pl.col("nth").is_null()).then("line").otherwise("url").alias("url"),
        pl.coalesce("seen", "line").alias("seen"),
        pl.col("nth").fill_null(0),
    )
    told = parts.group_by("__row").agg(
        sources=pl.struct("url", "kind", "quote", "archived_url"), evidence=pl.col("seen").filter(pl.col("nth") == 0)
    )
    return (
        numbered.drop("evidence")
        .join(told, on="__row", how="left", maintain_order="left")
        .with_columns(
            pl.col("sources").fill_null(pl.lit([], pl.List(SOURCE))),
            pl.col("evidence").fill_null(pl.lit([], pl.List(pl.String))),
        )
        .select(*rows.columns, *(["sources"] if "sources" not in rows.columns else []))
    )


_READ = {"line": pl.String(), "seen": pl.String(), "nth": pl.Int64()} | {
    field.name: field.dtype for field in SOURCE.fields
}


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
    entries = entries.filter(~is_plain(pl.col("evidence")))
    texts = [line for line in entries["evidence"].unique() if not evidence.parse(line).addresses]
    return list(entries.filter(pl.col("evidence").is_in(texts)).iter_rows())


def told(found: list[tuple[str, str]]) -> list[str]:
    """The sentence that says so; none where there is nothing to say."""
    if not found:
        return []
    claim, entry = found[0]
    return [EVIDENCE_AS_TEXT.format(f"{len(found):,}", entry[:80], claim)]
