"""What a feed tells, whatever format it is written in: its entries, newest first, and those taken back. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any, Final, NamedTuple

import polars as pl

from factcheck import evidence, licences
from factcheck.exporters import editorial, labels, pages
from factcheck.exporters.contract import ExportContext
from factcheck.exporters.profiles import Profile
from factcheck.exporters.selection import select_corrections
from factcheck.languages import Language
from factcheck.licences import Licence
from factcheck.models import ClaimState, Origin, Status
from factcheck.text import direction_of_language, isolate

_ARROWS: Final = {"ltr": "→", "rtl": "←"}
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 (2.2) has no character for, in no spelling: NUL and other controls, surrogates, U+FFFE, U+FFFF."""


class Entry(NamedTuple):
    """One entry; `lang` is the claim's language, `html` its content, `tags` the verdict's word and the outlet."""

    id: str
    title: str
    page: str
    published: datetime
    updated: datetime
    lang: str | None
    html: str
    tags: Sequence[str]


class Deleted(NamedTuple):
    """An entry that stands no more, and since when; nothing of what it said."""

    id: str
    when: datetime


class Feed(NamedTuple):
    """A feed: `facts` say which version, profile and policy it is of; `address` is that of the file itself, or empty.

    `updated` is when the version was committed, `logo` the address of the desk's picture or empty.
    """

    id: str
    title: str
    description: str
    language: Language
    updated: datetime
    author: str
    home: str
    address: str
    entries: Sequence[Entry]
    deleted: Sequence[Deleted]
    facts: dict[str, str]
    licence: Licence | None = None
    logo: str = ""

    def at(self, file: str) -> str:
        """The address of one of the feed's files; empty where the profile says none."""
        return self.address.replace("{file}", file)


def feed(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Feed:
    """The feed that the profile asks for; `rows` are `published`, for one of verdicts; the rest is in the context."""
    language = profile.language or context.language
    of = profile.feed.of
    if of == "verdicts":
        newest = rows.head(profile.feed.entries)
        entries = [_verdict(row, profile, context, language) for row in newest.iter_rows(named=True)]
        deleted, title = _deleted(rows, profile, context), labels.VERDICTS_OF
    else:
        assert context.corrections is not None
        told = _numbered(context.corrections).sort("committed_at", "claim_id", "id", descending=[True, False, False])
        told = select_corrections(told, profile, context).rows
        newest = told.head(profile.feed.entries)
        entries = [_correction(row, profile, context, language) for row in newest.iter_rows(named=True)]
        deleted, title = [], labels.CORRECTIONS_OF
    facts = {
        "dataset_version": str(context.version),
        "dataset_hash": context.version_hash,
        "dataset_tag": context.tag or "",
        "profile": profile.name,
        "policy": context.policy,
    }
    named = (labels.COLUMNS[name][language] if name != "profile" else labels.PROFILE[language] for name in facts)
    return Feed(
        id=pages.entry_id(context, "feed", of, profile.name),
        title=title[language].format(context.desk_name),
        description=" · ".join(f"{name}: {value}" for name, value in zip(named, facts.values(), strict=True) if value),
        language=language,
        updated=context.committed_at,
        author=context.desk_name,
        home=context.desk_url,
        address=profile.feed.address.replace("{desk_url}", context.desk_url.rstrip("/")),
        entries=entries,
        deleted=deleted,
        facts={name: value for name, value in facts.items() if value},
        licence=licences.of(context.licence),
        logo=context.logo,
    )


def published(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> pl.DataFrame:
    """Of the rows of a view those with an entry in a feed of verdicts, newest first; `updated` is when it changed last.

    A verdict of another desk is not this one's to publish.
    """
    shown = pl.col("verdict").is_not_null()
    if profile.claimreview.unproven:
        shown |= pl.col("status") == str(Status.UNPROVEN)
    ours = pl.col("verdict_origin").ne_missing(pl.lit(str(Origin.IMPORT)))
    standing = rows.filter(shown & ours & (pl.col("state") == str(ClaimState.ACTIVE)))
    # A claim that was withdrawn and came back changed then, though its verdict did not.
    last = _history(context).group_by("claim_id").agg(changed=pl.col("committed_at").max())
    dated = standing.join(last, on="claim_id", how="left").with_columns(
        updated=pl.coalesce(pl.max_horizontal("changed", "modified_at"), "decided_at").fill_null(context.committed_at)
    )
    return dated.sort("updated", "claim_id", descending=[True, False]).drop("changed")


def _history(context: ExportContext) -> pl.DataFrame:
    assert context.history is not None
    return context.history


def _deleted(shown: pl.DataFrame, profile: Profile, context: ExportContext) -> list[Deleted]:
    """The claims that had a verdict and have none now, or are not there any more; newest first."""
    of_claim = _history(context).sort("version").group_by("claim_id")
    ends = of_claim.agg(
        pl.col("verdict", "committed_at").last(), had=(pl.col("before_verdict").is_not_null()).any()
    ).filter(pl.col("had") & pl.col("verdict").is_null())
    gone = ends.join(shown, on="claim_id", how="anti").sort("committed_at", "claim_id", descending=[True, False])
    rows = gone.head(profile.feed.entries).select("claim_id", "committed_at").iter_rows()
    return [Deleted(pages.entry_id(context, "verdict", claim_id), when) for claim_id, when in rows]


def _verdict(row: dict[str, Any], profile: Profile, context: ExportContext, language: Language) -> Entry:
    word = labels.rating_of(row["verdict"], row["reason"], language, context.words)
    return Entry(
        id=pages.entry_id(context, "verdict", row["claim_id"]),
        title=f"{word}: {isolate(row['headline'] or editorial.claim_words(row))}",
        page=row["page_url"] or pages.address(profile, context, row["claim_id"]),
        published=row["first_published_at"] or row["updated"],
        updated=row["updated"],
        lang=row["lang"],
        html=_html(row, [word], language),
        tags=[word, *([row["publisher"]] if row["publisher"] else [])],
    )


def _correction(row: dict[str, Any], profile: Profile, context: ExportContext, language: Language) -> Entry:
    arrow = _ARROWS[direction_of_language(language)]
    before = labels.rating_of(row["before_verdict"], None, language, context.words)
    after = (
        labels.rating_of(row["verdict"], None, language, context.words)
        if row["verdict"]
        else _status(row["status"], language, context.words)
    )
    cause = labels.CAUSES.get(row["cause"])
    why = [f"{cause[language]}: {row['message']}"] if cause and row["message"] else []
    return Entry(
        id=pages.entry_id(context, "correction", row["id"]),
        title=f"{before} {arrow} {after}: {isolate(row['quote'] or row['claim_id'])}",
        page=pages.address(profile, context, row["page"]),
        published=row["committed_at"],
        updated=row["committed_at"],
        lang=row["lang"],
        html=_html(row, [f"{before} {arrow} {after}", *why], language),
        tags=[after],
    )


def _status(status: str, language: Language, own: Mapping[str, str]) -> str:
    gone = {"withdrawn": "claim_withdrawn", "superseded": "claim_reworded"}
    said = labels.KINDS_OF_CHANGE[gone[status]] if status in gone else labels.STATUSES[status]
    return own.get(status) or said[language]


def _numbered(corrections: pl.DataFrame) -> pl.DataFrame:
    """The corrections with `id`: claim and the version of the verdict that was corrected, whatever corrects it now."""
    key = pl.concat_str("claim_id", pl.lit("|"), pl.col("before_version").cast(pl.String))
    again = pl.int_range(pl.len()).over("claim_id", "before_version")
    return corrections.sort("version", maintain_order=True).with_columns(
        id=pl.when(again == 0).then(key).otherwise(pl.concat_str(key, pl.lit("|"), again.cast(pl.String)))
    )


def _html(row: dict[str, Any], words: Sequence[str], language: Language) -> str:
    """What an entry says: the claim, an editor's words on it, who made it, the verdict, why, and the evidence.

    Links, and no script.
    """
    lang = row["lang"] or language
    said = f' lang="{escape(lang)}" dir="{direction_of_language(lang)}"'
    parts = [f"<blockquote{said}>{_escaped(row['quote'] or '')}</blockquote>"]
    written = [row.get(name) for name in ("claim_reviewed", "summary")]  # a correction has neither
    parts += [f'<p dir="auto">{_escaped(text)}</p>' for text in written if text]
    if row["claimant"]:
        parts.append(f"<p><bdi>{_escaped(row['claimant'])}</bdi></p>")
    parts += [f"<p><strong>{_escaped(word)}</strong></p>" for word in words]
    parts += [f'<p dir="auto">{_escaped(text)}</p>' for text in row["rationales"] or []]
    if lines := list(_evidence(row["evidence"] or [])):
        parts.append(f"<ul>{''.join(lines)}</ul>")
    return f'<div lang="{language}" dir="{direction_of_language(language)}">{"".join(parts)}</div>'


def _evidence(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        found = evidence.parse(line)
        links = [f'<a href="{_escaped(one)}" rel="nofollow">{_escaped(one)}</a>' for one in found.addresses]
        beside = [f"<bdi>{_escaped(found.quote)}</bdi>"] if found.quote else []
        yield f"<li>{' '.join([*links, *beside]) or f'<bdi>{_escaped(evidence.visible(line))}</bdi>'}</li>"


def _escaped(text: str) -> str:
    return escape(sound(text))


def sound(text: str) -> str:
    """The text with U+FFFD in the place of each character that no XML document can hold."""
    return _NOT_XML.sub("\ufffd", text)
