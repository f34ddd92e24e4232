"""The verb of this stage: sources in, a frame of articles and a frame of rejections out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from factcheck.articles import files
from factcheck.articles.contents import candidates
from factcheck.articles.draft import Candidate, Draft, Limits, reject
from factcheck.articles.finish import finish
from factcheck.errors import Rejected
from factcheck.models import Article, Rejection
from factcheck.text import strip_controls

if TYPE_CHECKING:
    import polars as pl

_DEFAULT = Limits()
_SHOWN = 500  # bytes of a rejected source that are kept beside the reason
_WEB = ("http://", "https://")


class Ingested(NamedTuple):
    """`articles` (columns of Article) + `rejected` (columns of Rejection) are all candidates that were seen."""

    articles: pl.DataFrame
    rejected: pl.DataFrame
    warnings: list[str]


def read(
    sources: Sequence[str | Path],
    *,
    now: datetime,
    languages: Sequence[str],
    limits: Limits = _DEFAULT,
    allow_private_addresses: bool = False,
) -> Ingested:
    """The articles of files, folders and http(s) addresses, in the order given; a folder in the order of its names.

    One candidate is a file that holds one article, each article of a file that holds several, each item of a feed;
    `articles.height + rejected.height` is the number of candidates. An article that was met before in the same run
    is rejected as DUPLICATE. `languages` are the ISO 639 codes that the desk reads, `now` becomes `fetched_at`.
    Raises ConfigError for an unknown language code.
    """
    from factcheck import frames

    articles: dict[str, Article] = {}
    rejected: list[Rejection] = []
    notes: list[str] = []
    for candidate in _candidates(sources, now, limits, notes, allow_private_addresses=allow_private_addresses):
        done = (
            finish(candidate, now=now, languages=languages, limits=limits)
            if isinstance(candidate, Draft)
            else candidate
        )
        if isinstance(done, Rejection):
            rejected.append(done)
        elif first := articles.get(done.article_id):
            rejected.append(reject("DUPLICATE", done.source, f"is the same article as {first.source}", done.text))
        else:
            articles[done.article_id] = done
    return Ingested(
        articles=frames.from_records(Article, articles.values()),
        rejected=frames.from_records(Rejection, rejected),
        warnings=notes + _summary(articles.values()),
    )


def _candidates(
    sources: Sequence[str | Path], now: datetime, limits: Limits, notes: list[str], *, allow_private_addresses: bool
) -> Iterator[Candidate]:
    met: set[str] = set()
    for source in sources:
        if isinstance(source, str) and source.lower().startswith(_WEB):
            yield from _from_web(source, now, limits, allow_private_addresses=allow_private_addresses)
        elif isinstance(source, str) and "://" in source:
            scheme = urlsplit(source).scheme
            yield reject(
                "UNSUPPORTED", source, f"{scheme}: addresses are not read: give a file, a folder, http or https"
            )
        else:
            walked = files.walk(Path(source), limits)
            if walked.hidden:
                notes.append(f"{source}: {walked.hidden} hidden files were passed over")
            yield from walked.refused
            for path in walked.files:
                key = str(path.absolute())
                if key in met:
                    notes.append(f"{path}: named twice, read once")
                    continue
                met.add(key)
                yield from _from_file(path, now, limits)


def _from_file(path: Path, now: datetime, limits: Limits) -> list[Candidate]:
    source = str(path)
    data = b""
    try:
        data = files.load(path, limits)
        return candidates(data, source=source, suffix=path.suffix.lower(), now=now, limits=limits)
    except Rejected as error:
        return [_as_rejection(error, source, data)]


def _from_web(url: str, now: datetime, limits: Limits, *, allow_private_addresses: bool) -> list[Candidate]:
    from factcheck.articles import fetch

    data = b""
    try:
        page = fetch.fetch(url, limits, allow_private_addresses=allow_private_addresses)
        data = page.data
        return candidates(
            data,
            source=url,
            suffix="",
            now=now,
            limits=limits,
            url=page.url,
            declared=page.charset,
            media_type=page.media_type,
        )
    except Rejected as error:
        return [_as_rejection(error, url, data)]


def _as_rejection(error: Rejected, source: str, data: bytes) -> Rejection:
    """The rejection of a whole source; bytes that are no UTF-8 are shown as escapes."""
    shown = strip_controls(data[:_SHOWN].decode("utf-8", "backslashreplace"))[0] or None
    return reject(error.reason_code, error.subject or source, ": ".join(filter(None, [error.what, error.hint])), shown)


def _summary(articles: Collection[Article]) -> list[str]:
    seen = len(articles)
    counts = Counter(warning for article in articles for warning in article.warnings)
    return [f"{warning}: in {count} of {seen} articles" for warning, count in sorted(counts.items())]
