"""The page of one claim, and the page that stays where a verdict was withdrawn or a claim was merged."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from factcheck import web
from factcheck.days import is_bare, written
from factcheck.exporters import as_claimreview, labels, lint
from factcheck.exporters.addresses import sources_of
from factcheck.exporters.claimreview_feed import CONTEXT
from factcheck.exporters.site import naming, sharing, spread, words
from factcheck.exporters.site.changes import Row, told
from factcheck.exporters.site.entries import both, claim_words, shown, topic_of
from factcheck.exporters.site.frame import Site
from factcheck.exporters.site.lists import path_of
from factcheck.languages import Language
from factcheck.templating import Whole
from factcheck.text import direction_of_language, for_display

_SHORT = 160
"""Code points of a description that search engines show."""


def claim(
    site: Site,
    row: Mapping[str, Any],
    shared: sharing.Shared,
    changed: Sequence[Row],
    version: int,
    said: list[str],
    travelled: spread.Travelled = spread.NOTHING,
) -> dict[str, Any]:
    """What the template `claim` asks for.

    A review that breaks a rule of our own lint is left out of the page, and `said` gets a sentence on it.
    """
    context, language = site.context, site.language
    published = row["first_published_at"] or row["decided_at"]
    modified = row["modified_at"] or row["decided_at"]
    text = claim_words(row)
    key, rating = shared.key, shared.rating
    return {
        "title": f"{rating}: {_short(row['headline'] or text)}",
        "description": f"{rating}. {_short(row['summary'] or text)}",
        "canonical": row["page_url"] or _address(site, row["claim_id"]),
        "claim_id": row["claim_id"],
        **sharing.head(site, shared),
        "markup": _markup(site, row, version, said),
        "words": for_display(text, row["lang"]),
        "headline": shown(row["headline"] or ""),
        "summary": shown(row["summary"] or ""),
        "quoted": for_display(row["quote"], row["lang"]) if text != row["quote"] else "",
        "claim_lang": row["lang"] or "",
        "claim_dir": direction_of_language(row["lang"]),
        "key": key,
        "rating": rating,
        "meaning": words.MEANINGS[key][language],
        "claimant": shown(row["claimant"] or ""),
        "claimant_path": path_of("claimants", row["claimant"]) if row["claimant"] else "",
        "topic": shown(topic_of(row)),
        "topic_path": path_of("topics", topic_of(row)) if topic_of(row) else "",
        "appearances": [_place(site, copy, row) for copy in row["appearances"]],
        "spread": spread.told(site, travelled, row["quote"]),
        "published": both(published, context.clock, language),
        "published_iso": _iso(published),
        "modified": both(modified, context.clock, language),
        "modified_iso": _iso(modified),
        "rationales": [shown(reason) for reason in row["rationales"]],
        "sources": [_source(site, part) for line in row["evidence"] for part in sources_of(line)],
        "how": _how(site, row, version),
        "credits": naming.names(site, row["claim_id"]),
        "changes": [told(one, context, language) for one in changed],
    }


def tombstone(site: Site, row: Mapping[str, Any], shared: sharing.Shared, changed: Sequence[Row]) -> dict[str, Any]:
    """What the template `gone` asks for, where a published verdict does not stand any more."""
    again = row["state"] == "active"
    note = site.words["withdrawn_why"] + (" " + site.words["again"] if again else "")
    return {
        "title": site.words["withdrawn_title"],
        "index": False,
        "words": for_display(claim_words(row), row["lang"]),
        "claim_lang": row["lang"] or "",
        "claim_dir": direction_of_language(row["lang"]),
        "note": note,
        "target": "",
        **sharing.head(site, shared),
        "changes": [told(one, site.context, site.language) for one in changed],
    }


def moved(site: Site, shared: sharing.Shared, text: str) -> dict[str, Any]:
    """What the template `gone` asks for, where the claim is answered on another page of this folder."""
    return {
        "title": site.words["moved_title"],
        "index": False,
        "words": "",
        "note": site.words["moved"],
        "target": shared.target.removeprefix("claims/"),
        **sharing.head(site, shared),
        "target_words": text,
    }


def _markup(site: Site, row: Mapping[str, Any], version: int, said: list[str]) -> Whole | None:
    """The ClaimReview as JSON for a script element: what could end the element is escaped by `encode`."""
    if as_claimreview.refusal(dict(row), site.profile) is not None:
        return None
    # As of the version that brought the verdict: the page of a claim stays the same until the claim changes.
    dated = row["modified_at"] or row["decided_at"] or site.context.committed_at
    context = dataclasses.replace(site.context, version=version, committed_at=dated)
    document = {"@context": CONTEXT, **as_claimreview.review(dict(row), site.profile, context, site.language)}
    found = lint.check(lint.Review((), document, context=CONTEXT), site=context.desk_url, page=None)
    errors = [one for one in found if one.rule.exports == "refuse"]
    if errors:
        said.append(
            f"{row['claim_id']} has no ClaimReview on its page: {errors[0].id} at {lint.json_path(errors[0].path)}"
        )
        return None
    return Whole(as_claimreview.encode(document).decode())


def _place(site: Site, copy: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    own = copy["claim_id"] == row["claim_id"]
    bare = is_bare(copy["published_at"], row["published_raw"] if own else None)
    return {
        "outlet": shown(copy["publisher"] or ""),
        "path": path_of("outlets", copy["publisher"]) if copy["publisher"] else "",
        "title": shown(copy["title"] or ""),
        "url": copy["url"] if copy["url"] and web.is_web_address(copy["url"]) else "",
        "day": both(copy["published_at"], site.context.clock, site.language, bare=bare),
        "iso": _iso(copy["published_at"]),
    }


def _source(site: Site, part: Mapping[str, str | None]) -> dict[str, str]:
    kind = part["kind"]
    return {
        "url": part["url"] or "",
        "archived": part["archived_url"] or "",
        "kind": labels.EVIDENCE_KINDS[kind][site.language] if kind else "",
        "text": shown(part["quote"] or ""),
    }


def _how(site: Site, row: Mapping[str, Any], version: int) -> list[tuple[str, str]]:
    w = site.words
    known = [
        (w["checkers"], "" if row["n_votes"] is None else str(row["n_votes"])),
        (w["agreement"], _share(row["agreement"], site.language) if row["agreement"] is not None else ""),
        (w["policy"], row["policy"] or ""),
        (w["source"], row["verdict_source"] or ""),
        (w["decided"], both(row["decided_at"], site.context.clock, site.language)),
        (w["version"], str(version)),
    ]
    return [(name, value) for name, value in known if value]


def _share(value: float, language: Language) -> str:
    """A share of 1 as per cent, as the language writes it."""
    return str(written(language)["per_cent"]).format(f"{value * 100:.0f}")


def _address(site: Site, claim_id: str) -> str:
    url = site.context.desk_url.rstrip("/")
    return site.profile.claimreview.review_url.format(desk_url=url, claim_id=claim_id)


def _short(text: str) -> str:
    line = " ".join(shown(text).split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rstrip() + "…"


def _iso(moment: Any) -> str:
    return moment.isoformat() if moment else ""
