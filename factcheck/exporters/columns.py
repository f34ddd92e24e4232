"""The columns an export may have: those of the view, some derived from it, and those that say which version it is."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from factcheck import licences
from factcheck.days import is_bare
from factcheck.exporters import labels
from factcheck.exporters.addresses import SOURCE, with_sources
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.view import SCHEMA
from factcheck.frames import UTC_MICROSECONDS
from factcheck.languages import Language
from factcheck.languages.texts import Label
from factcheck.models import Status

NESTED = frozenset({"appearances", "sources"})
"""Columns that need a format with nested values; a table has `n_appearances`, `publishers`, `appearance_urls` and
`evidence_urls`, `evidence_kinds`."""

ALWAYS = "dataset_version"
"""Every file says which version it shows (law 7), also where a profile forgot the column."""

ON_REQUEST = frozenset({"said", "published_on", "decided_on", "licence", "claimant_role", "claimant_organisation"})
"""Columns of a table only where a profile names them: for the desk's own eyes, in its own calendar, the same in each
row, or parts of what another column says whole."""

TYPES: Mapping[str, pl.DataType] = {
    **SCHEMA,
    "status_label": pl.String(),
    "verdict_label": pl.String(),
    "reason_label": pl.String(),
    "evidence_urls": pl.List(pl.String),
    "evidence_kinds": pl.List(pl.String),
    "sources": pl.List(SOURCE),
    "published_on": pl.String(),
    "decided_on": pl.String(),
    "said": pl.List(pl.String),
    "editorial_state_label": pl.String(),
    "n_appearances": pl.Int64(),
    "publishers": pl.List(pl.String),
    "appearance_urls": pl.List(pl.String),
    "licence": pl.String(),
    "dataset_version": pl.Int64(),
    "dataset_tag": pl.String(),
    "dataset_hash": pl.String(),
    "dataset_committed_at": UTC_MICROSECONDS,
}

_GIVEN = pl.coalesce(pl.element().struct.field("archived_url"), pl.element().struct.field("url"))
"""The address that the checker gave."""
OF_EVIDENCE = {"evidence", "evidence_urls", "evidence_kinds", "sources"}

TABLE = tuple(name for name in labels.COLUMNS if name not in NESTED | ON_REQUEST)
"""All columns of a flat table, in order."""

RECORD = (*SCHEMA, "sources", *(name for name in labels.COLUMNS if name.startswith("dataset_")))
"""All columns of a nested record, in order; what is derived from others is left to the reader."""


def chosen(rows: pl.DataFrame, names: Sequence[str], context: ExportContext, language: Language) -> pl.DataFrame:
    """The named columns of a view's rows in this order, with `dataset_version` last where it was not named."""
    names = names if ALWAYS in names else [*names, ALWAYS]
    if OF_EVIDENCE & set(names):
        rows = with_sources(rows)
    licence = licences.of(context.licence)
    extra: dict[str, pl.Expr | pl.Series] = {
        "status_label": _labelled("status", labels.STATUSES, language, context.words),
        "verdict_label": _labelled("verdict", labels.VERDICTS, language, context.words),
        "reason_label": _labelled("reason", labels.REASONS, language, context.words),
        "editorial_state_label": _labelled("editorial_state", labels.EDITORIAL_STATES, language, {}),
        **{name: _each_once(rows, *of) for name, of in _told_once(language).items() if name in names},
        "n_appearances": pl.col("appearances").list.len(),
        **{name: make(rows, context, language) for name, make in _FOR_PEOPLE.items() if name in names},
        "licence": pl.lit(licence and licence.address_or_id, pl.String),
        "dataset_version": pl.lit(context.version),
        "dataset_tag": pl.lit(context.tag),
        "dataset_hash": pl.lit(context.version_hash),
        "dataset_committed_at": pl.lit(context.committed_at),
    }
    return rows.select(extra.get(name, pl.col(name)).cast(TYPES[name]).alias(name) for name in names)


def _days(column: str, raw: str | None, rows: pl.DataFrame, context: ExportContext, language: Language) -> pl.Series:
    """The column's days as people of the desk read them; a date without a time stays on its day in every zone."""
    written = rows[raw] if raw else [None] * rows.height
    labels_ = [
        context.clock.label(moment, language, bare=raw is not None and is_bare(moment, text))
        for moment, text in zip(rows[column], written, strict=True)
    ]
    return pl.Series(labels_, dtype=pl.String)


def _said(rows: pl.DataFrame, context: ExportContext, language: Language) -> pl.Series:
    """What the checkers of each contested claim said, a line each: how many chose what, then each reason."""
    said = {} if context.said is None else dict(context.said.select("claim_id", "votes").iter_rows())
    found = [
        _lines(said.get(claim_id) or [], language) if status == Status.CONTESTED else []
        for claim_id, status in rows.select("claim_id", "status").iter_rows()
    ]
    return pl.Series(found, dtype=pl.List(pl.String))


def _lines(votes: Sequence[Mapping[str, Any]], language: Language) -> list[str]:
    lines = []
    for choice, label in labels.CHOICES.items():
        same = [vote for vote in votes if vote["choice"] == choice]
        if same:
            lines.append(f"{label[language]}: {len(same)}")
            lines += [f"– {' '.join(vote['rationale'].split())}" for vote in same if (vote["rationale"] or "").strip()]
    return lines


_FOR_PEOPLE: Mapping[str, Callable[[pl.DataFrame, ExportContext, Language], pl.Series]] = {
    "published_on": functools.partial(_days, "published_at", "published_raw"),
    "decided_on": functools.partial(_days, "decided_at", None),
    "said": _said,
}


def flattened(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with each list of strings as one text, an entry a line; null where the list is empty."""
    lists = [name for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    single = [name for name in lists if not (frame[name].list.len() > 1).any()]  # nothing to join
    joined = [pl.col(lists).exclude(single).list.join("\n"), pl.col(single).list.first()] if lists else []
    return frame.with_columns(pl.when(texts != "").then(texts) for texts in joined)


def headers(
    names: Sequence[str],
    language: Language | None,
    own: Mapping[str, Mapping[Language, str]] | None = None,
) -> list[str]:
    """A header for each name: the stable name itself without a language, else its label, a profile's `own` first.

    Headers are unique: a label that stands for two columns gets the stable name behind it.
    """
    if language is None:
        return list(names)
    found = [(own or {}).get(name, {}).get(language) or labels.COLUMNS[name][language] for name in names]
    return [f"{text} ({name})" if found.count(text) > 1 else text for text, name in zip(found, names, strict=True)]


def _labelled(column: str, texts: Mapping[str, Label], language: Language, own: Mapping[str, str]) -> pl.Expr:
    said = {str(key): own.get(str(key)) or text[language] for key, text in texts.items()}
    return pl.col(column).replace_strict(said, default=None)


def _told_once(language: Language) -> Mapping[str, tuple[str, pl.Expr]]:
    """Columns that say of each entry of a nested column one thing, each once: that column, and what they say."""
    copy = pl.element().struct
    return {
        "evidence_urls": ("sources", _GIVEN),
        "evidence_kinds": ("sources", _kind_label(language)),
        "publishers": ("appearances", copy.field("publisher")),
        "appearance_urls": ("appearances", copy.field("url")),
    }


def _kind_label(language: Language) -> pl.Expr:
    words = {kind: text[language] for kind, text in labels.EVIDENCE_KINDS.items()}
    return pl.element().struct.field("kind").replace_strict(words, default=None, return_dtype=pl.String)


def _each_once(rows: pl.DataFrame, nested: str, said: pl.Expr) -> pl.Series:
    found = rows[nested].list.eval(said)
    if found.explode(empty_as_null=False, keep_nulls=False).null_count():  # dropping takes long, and most have none
        found = found.list.drop_nulls()
    return found.list.unique(maintain_order=True)
