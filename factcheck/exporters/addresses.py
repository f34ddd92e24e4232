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


def is_plain(line: pl.Expr) -> pl.Expr:
    """Whether the line is one address as it stands, and no copy in an archive: then `evidence.parse` says just that."""
    return line.str.contains(_PLAIN) & ~line.str.contains_any(list(web_archives.ARCHIVES))


def opens_with_address(line: pl.Expr) -> pl.Expr:
    """Whether the line begins as the taught form does, so that `evidence.parse` finds an address in it for certain.

    What stands behind it, a second address or a copy in an archive, makes no difference to that.
    """
    return line.str.splitn(" | ", 2).struct.field("field_0").str.contains(_PLAIN)


def with_sources(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `sources` (a list of `SOURCE`, one per address) and `evidence` without invisible marks.

    Lines in the taught form are read by expressions, and each of the others once, however many claims have it. Rows
    that have `sources` are given back as they are.
    """
    if "sources" in rows.columns:
        return rows
    lines = rows.select("evidence").with_row_index("__row").explode("evidence", empty_as_null=False, keep_nulls=False)
    read = _simple(lines.rename({"evidence": "line"}))
    odd = read.filter(pl.col("url").is_null())
    if odd.height:
        found = [
            (line, evidence.visible(line), nth, one["url"], one["kind"], one["quote"], one["archived_url"])
            for line in odd["line"].unique()
            for nth, one in enumerate(sources_of(line))
        ]
        parts = odd.select("__row", "__line", "line").join(
            pl.DataFrame(found, _READ, orient="row"), on="line", how="left", maintain_order="left_right"
        )
        read = pl.concat([read.filter(pl.col("url").is_not_null()), parts.select(read.columns)]).sort("__line", "nth")
    told = read.group_by("__row", maintain_order=True).agg(
        sources=pl.struct("url", "kind", "quote", "archived_url"), evidence=pl.col("seen").filter(pl.col("nth") == 0)
    )
    none = pl.DataFrame({"__row": pl.int_range(rows.height, dtype=pl.get_index_type(), eager=True)})
    columns = none.join(told, on="__row", how="left", maintain_order="left").select(
        pl.col("evidence").fill_null(pl.lit([], pl.List(pl.String))),
        pl.col("sources").fill_null(pl.lit([], pl.List(SOURCE))),
    )
    return rows.with_columns(columns)


_READ = {"line": pl.String(), "seen": pl.String(), "nth": pl.Int64()} | {
    field.name: field.dtype for field in SOURCE.fields
}
_WORDS = r"[\p{L}\p{N}'(](?:[\p{L}\p{M}\p{N}\x{200c} ,'()«»؛،-]*[\p{L}\p{M}\p{N}')])?"
"""A kind, a quote or the number of a page of letters that most have: no address, nothing that nobody sees."""
_IS_WORDS = f"^{_WORDS}$"


def is_taught(lines: pl.Series) -> pl.Series:
    """Whether each line is `address | kind | quote or page`, or its beginning, so plain that each part reads itself."""
    return _parted(lines)["taught"]


def _parted(lines: pl.Series) -> pl.DataFrame:
    """The lines (`line`) with their parts `url`, `first` and `second`, and whether they are `taught`."""
    parts = pl.col("line").str.splitn(" | ", 3).struct.rename_fields(["url", "first", "second"]).struct.unnest()
    split = lines.to_frame("line").with_columns(parts)
    return split.with_columns(taught=is_plain(pl.col("url")) & _are_words(split["first"]) & _are_words(split["second"]))


def _are_words(texts: pl.Series) -> pl.Expr:
    """Whether each text of the column is words alone, or not there; each is looked at once: many say the same."""
    known = texts.unique()
    return pl.col(texts.name).is_null() | pl.col(texts.name).is_in(
        known.filter(known.str.contains(_IS_WORDS)).implode()
    )


def _simple(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with what those in the taught form say, in the columns of `_READ`, and nulls for all others.

    `lines` has `__row` and `line`; `__line` counts them.
    """
    split = pl.concat([lines.select("__row"), _parted(lines["line"])], how="horizontal").with_row_index("__line")
    split = split.with_columns(url=pl.when("taught").then("url"))
    split = split.with_columns(kind=_kinds("first", split.filter("taught")))
    late = split.filter(pl.col("taught") & pl.col("kind").is_null())
    split = split.with_columns(late=pl.when(pl.col("kind").is_null()).then(_kinds("second", late)))
    quotes = pl.concat_str(
        pl.when(pl.col("kind").is_null()).then("first"),
        pl.when(pl.col("late").is_null()).then("second"),
        separator=" | ",
        ignore_nulls=True,
    )
    return split.select(
        "__row",
        "__line",
        "line",
        seen="line",
        nth=pl.lit(0, pl.Int64),
        url="url",
        kind=pl.coalesce("kind", "late"),
        quote=pl.when(quotes != "").then(quotes),
        archived_url=pl.lit(None, pl.String),
    )


def _kinds(column: str, of: pl.DataFrame) -> pl.Expr:
    """The kinds that the column's words name, null for all others; each word of the frame `of` is looked up once."""
    words = of[column].unique().drop_nulls()
    known = {word: str(kind) for word in words if (kind := evidence.kind_of(word))}
    return pl.col(column).replace_strict(known, default=None, return_dtype=pl.String)


def sources_of(line: str) -> list[dict[str, str | None]]:
    """The parts of one line of evidence as structs of `SOURCE`: one per address, one without where it names none."""
    found = evidence.parse(line)
    beside: dict[str, str | None] = {"kind": found.kind, "quote": found.quote or None}
    return [beside | _address(url) for url in found.addresses] or [beside | {"url": None, "archived_url": None}]


def _address(url: str) -> dict[str, str | None]:
    kept = web_archives.copy(url)
    return {"url": (kept and kept.original) or url, "archived_url": kept and kept.archived}


def evidence_as_text(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Claim id and entry for each entry of `evidence` that names no address; `rows` has both columns.

    Where it has `sources` too, only claims are looked at that these say it of.
    """
    if "sources" in rows.columns:
        unnamed = pl.col("sources").list.eval(pl.element().struct.field("url").is_null())
        rows = rows.filter(unnamed.list.any())
    entries = rows.select("claim_id", "evidence").explode("evidence", empty_as_null=False, keep_nulls=False)
    entries = entries.filter(~opens_with_address(pl.col("evidence")))
    texts = [line for line in entries["evidence"].unique() if not evidence.parse(line).addresses]
    return list(entries.filter(pl.col("evidence").is_in(texts)).iter_rows())


def told(found: list[tuple[str, str]]) -> list[str]:
    """The sentence that says so; none where there is nothing to say."""
    if not found:
        return []
    claim, entry = found[0]
    return [EVIDENCE_AS_TEXT.format(f"{len(found):,}", entry[:80], claim)]
