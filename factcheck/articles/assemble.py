"""A draft to an article: controls out, bidi flagged, language and date read, sources named, id given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from factcheck.articles.dates import published
from factcheck.articles.draft import Draft, Limits, reject
from factcheck.articles.lang import Language, language
from factcheck.articles.layout import section_outlet
from factcheck.articles.source_chain import outlets, source_chain
from factcheck.models import Article, Cue, Rejection, article_id
from factcheck.text import bidi_flags, has_surrogate, strip_controls


def finish(
    draft: Draft, *, now: datetime, languages: Sequence[str], limits: Limits, publisher: str | None = None
) -> Article | Rejection:
    """The article of a draft, or why it is none: NO_TEXT, TOO_LARGE, SURROGATE.

    The text is the draft's text without C0/C1 controls (warning `controls_removed`), otherwise untouched. `publisher`
    is the outlet of an article that names none.
    """
    if any(
        has_surrogate(value)
        for value in (draft.text, draft.title, draft.publisher, draft.url, draft.published_raw, *draft.via)
        if value
    ):
        return reject("SURROGATE", draft.source, "holds half of a surrogate pair: save it again as UTF-8", draft.text)
    text, controls = strip_controls(draft.text)
    if not text.strip():
        return reject("NO_TEXT", draft.source, "contains no text", draft.title)
    if len(text) > limits.max_text:
        return reject("TOO_LARGE", draft.source, f"has {len(text)} characters, more than {limits.max_text}", text)
    title = _one_line(draft.title)
    own = _one_line(draft.publisher)
    section = None if own else section_outlet(text, outlets())
    chain = source_chain(text, publisher=own or section, via=draft.via)
    publisher = own or chain.outlet or (chain.names[0] if section else None) or _one_line(publisher)
    lang = Language(draft.lang, expected=True) if draft.lang else language(text, languages)
    dated = published(draft.dated or draft.published_raw, now=now, lang=lang.code)
    warnings = [
        *draft.warnings,
        *(["controls_removed"] if controls else []),
        *bidi_flags(text),
        *(["replacement_character"] if any("\ufffd" in value for value in (text, title, publisher) if value) else []),
        *([] if lang.expected else ["language_unexpected"]),
        *dated.warnings,
    ]
    return Article(
        article_id=article_id(url=draft.url, publisher=publisher, title=title, text=text),
        url=draft.url,
        source=draft.source,
        source_start=draft.source_start,
        publisher=publisher,
        source_chain=chain.names,
        title=title,
        lang=lang.code,
        published_at=dated.at,
        published_raw=draft.published_raw,
        published_day=dated.day,
        calendar=dated.calendar,
        text=text,
        cues=_without_controls(draft) if controls else list(draft.cues) or None,
        warnings=list(dict.fromkeys(warnings)),
        fetched_at=now,
    )


def _without_controls(draft: Draft) -> list[Cue] | None:
    """The draft's cues where they stand in its text without controls."""
    found: list[Cue] = []
    kept = read = 0
    for cue in draft.cues:
        kept += len(strip_controls(draft.text[read : cue.start])[0])
        read = cue.start
        found.append(Cue(start=kept, seconds=cue.seconds))
    return found or None


def _one_line(value: str | None) -> str | None:
    """The value without controls and with single spaces; None where nothing is left."""
    return " ".join(strip_controls(value)[0].split()) or None if value else None
