"""What a person says about one article: it goes before what the article says of itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from factcheck.articles.dates import published
from factcheck.articles.draft import Draft
from factcheck.articles.lang import language
from factcheck.articles.links import web_link
from factcheck.errors import ConfigError, UsageError


@dataclass(frozen=True, kw_only=True)
class Given:
    """Fields of one article as somebody said them; None where nothing was said."""

    publisher: str | None = None
    date: str | None = None
    url: str | None = None
    lang: str | None = None

    def put(self, draft: Draft) -> Draft:
        """The draft with these in it."""
        return replace(
            draft,
            publisher=self.publisher or draft.publisher,
            published_raw=self.date or draft.published_raw,
            dated=None if self.date else draft.dated,
            url=self.url or draft.url,
            lang=self.lang or draft.lang,
        )


def given(*, publisher: str | None, date: str | None, url: str | None, lang: str | None, now: datetime) -> Given:
    """The fields, checked; raises UsageError for a date that cannot be read, an address or language that is none."""
    if publisher is not None and not publisher.strip():
        raise UsageError("is empty", subject="--publisher", hint="write the outlet's name")
    if date is not None and (dated := published(date, now=now, lang=lang)).at is None:
        reason = dated.warnings[0].removeprefix("date_") if dated.warnings else "unreadable"
        raise UsageError(f"{date!r} cannot be used as a date ({reason})", subject="--date", hint="write 2025-11-23")
    if url is not None and web_link(url).url is None:
        raise UsageError(f"{url!r} is not a web address", subject="--url", hint="write it as https://host/page")
    if lang is not None:
        try:
            language("", [lang])
        except ConfigError as error:
            raise UsageError(error.what, subject="--lang", hint=error.hint) from error
    return Given(publisher=publisher, date=date, url=url and web_link(url).url, lang=lang)
