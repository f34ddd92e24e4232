"""Verdicts as Markdown (CommonMark) to read, to mail or to paste into a chat: one page, or one for each claim."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from factcheck import licences, web
from factcheck.exporters import addresses, labels, pages
from factcheck.exporters.commonmark import LOST, inline, linked, quoted
from factcheck.exporters.contract import STAGE, Draft, ExportContext, Rendered
from factcheck.exporters.format import Format
from factcheck.exporters.profiles import Profile
from factcheck.languages import Language
from factcheck.models import ClaimState, Origin, Rejection, Status

Json = dict[str, Any]


def render(rows: pl.DataFrame, profile: Profile, context: ExportContext) -> Draft:
    """The page, or a folder with a page for each claim; every page ends in the version, the profile and the policy.

    Whatever a text holds, a reader of Markdown sees that text: no markup, no HTML, no link but those of evidence,
    appearances and the claim's page. A withdrawn claim is left out (WITHDRAWN).
    Raises ConfigError where the address of a claim's page is no web address.
    """
    pages.check(profile, context)
    language = profile.language or context.language
    gone = rows.filter(pl.col("state") != ClaimState.ACTIVE)
    shown = rows.filter(pl.col("state") == ClaimState.ACTIVE)
    name = profile.file_name(context, FORMAT.suffix)
    end = ["", "---", "", *_source(profile, context, language), ""]
    lost = 0
    parts: list[tuple[str, list[str]]] = []
    for row in shown.iter_rows(named=True):
        parts.append((row["claim_id"], list(_claim(row, profile, context, language))))
        lost += any(LOST.search(said) for said in _texts(row))
    if profile.markdown.files == "each":
        folder = PurePosixPath(name).stem
        files = [_file(f"{folder}/{claim}{FORMAT.suffix}", [*lines, *end]) for claim, lines in parts]
    else:
        title = f"# {labels.VERDICTS_OF[language].format(inline(context.desk_name))}"
        files = [_file(name, [title, *(line for _, lines in parts for line in ("", *lines)), *end])]
    notes = [f"{lost:,} claims hold characters that Markdown cannot; each is written as U+FFFD"] if lost else []
    why = "the claim was withdrawn, and a page says what stands"
    rejections = [Rejection(stage=STAGE, code="WITHDRAWN", subject=one, reason=why) for one in gone["claim_id"]]
    return Draft(files, notes, rejections)


def _file(name: str, lines: list[str]) -> Rendered:
    return Rendered(name, "\n".join(lines).encode())


def _claim(row: Json, profile: Profile, context: ExportContext, language: Language) -> Iterator[str]:
    status = labels.STATUSES[row["status"]][language]
    settled = row["verdict"] is not None or row["status"] == Status.UNPROVEN
    word = labels.rating_of(row["verdict"], row["reason"], language, context.words) if settled else status
    yield f"## {word}"
    yield ""
    yield from quoted(row["quote"])
    yield ""
    for name, fact in _facts(row, context, language):
        yield f"- **{labels.COLUMNS[name][language]}**: {fact}"
    page = linked(pages.page(profile, context, row))
    yield f"- **{labels.OF_CHANGES['page'][language]}**: {page}"
    if summary := quoted(row["summary"] or ""):
        yield from ("", f"**{labels.COLUMNS['summary'][language]}**", "", *summary)
    reasons = row["rationales"] if profile.claimreview.rationale else []
    if reasons:
        yield from ("", f"**{labels.COLUMNS['rationales'][language]}**")
        for reason in reasons:
            yield from ("", *quoted(reason))
    if row["evidence"]:
        yield from ("", f"**{labels.COLUMNS['evidence'][language]}**", "")
        for line in row["evidence"]:
            yield from _evidence(line, language)


def _texts(row: Json) -> Iterator[str]:
    yield from (row[name] or "" for name in ("quote", "claimant", "claim_reviewed", "headline", "summary", "topic"))
    yield from (*row["rationales"], *row["evidence"])


def _facts(row: Json, context: ExportContext, language: Language) -> Iterator[tuple[str, str]]:
    for name in ("headline", "claim_reviewed", "topic", "claimant"):
        if told := inline(row[name] or ""):
            yield name, told
    for copy in row["appearances"]:
        address = linked(copy["url"]) if copy["url"] and web.is_web_address(copy["url"]) else ""
        day = context.clock.day(copy["published_at"]) if copy["published_at"] else ""
        if told := " · ".join(part for part in (inline(copy["publisher"] or ""), day, address) if part):
            yield "publisher", told
    if row["decided_at"]:
        yield "decided_on", context.clock.label(row["decided_at"], language) or ""
    if row["verdict_origin"] == Origin.IMPORT:
        yield "verdict_source", inline(row["verdict_source"] or "")
    if row["n_votes"]:
        agreement = "" if row["agreement"] is None else f" ({row['agreement']:.0%})"
        yield "n_votes", f"{row['n_votes']}{agreement}"
    if row["n_corrections"]:
        yield "n_corrections", f"{row['n_corrections']}"


def _evidence(line: str, language: Language) -> Iterator[str]:
    for part in addresses.sources_of(line):
        copies = [part["url"], part["archived_url"]]
        kind = labels.EVIDENCE_KINDS[part["kind"]][language] if part["kind"] else ""
        told = [*(linked(one) for one in dict.fromkeys(copies) if one), kind, inline(part["quote"] or "")]
        if said := " · ".join(one for one in told if one):
            yield f"- {said}"


def _source(profile: Profile, context: ExportContext, language: Language) -> list[str]:
    tag = f" ({inline(context.tag)})" if context.tag else ""
    held = licences.of(context.licence)
    licence = (
        " ".join(dict.fromkeys(filter(None, (inline(held.name), linked(held.url) if held.url else "")))) if held else ""
    )
    facts = [
        (labels.DESK, inline(context.desk_name)),
        (labels.COLUMNS["dataset_version"], f"{context.version}{tag}"),
        (labels.COLUMNS["dataset_committed_at"], f"{context.committed_at:%Y-%m-%d %H:%M}"),
        (labels.COLUMNS["dataset_hash"], context.version_hash[:12]),
        (labels.PROFILE, inline(profile.name)),
        (labels.COLUMNS["policy"], inline(context.policy)),
        (labels.COLUMNS["licence"], licence),
    ]
    return [f"{label[language]}: {said}  " for label, said in facts if said]


FORMAT = Format("markdown", ".md", render)
