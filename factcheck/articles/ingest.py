"""The verb of this stage: sources in, a frame of articles and a frame of rejections out."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from factcheck import web
from factcheck.articles import archives, files
from factcheck.articles.assemble import finish
from factcheck.articles.draft import Candidate, Limits, reject, unexpected
from factcheck.articles.links import web_link
from factcheck.articles.sniff import candidates
from factcheck.errors import Rejected, Stop
from factcheck.models import Article, Rejection
from factcheck.text import storable, strip_controls

if TYPE_CHECKING:
    import polars as pl

_DEFAULT = Limits()
_SHOWN = 500  # bytes of a rejected source that are kept beside the reason


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
    publisher: str | None = None,
    told: Callable[[Article | Rejection], None] = lambda _: None,
) -> Ingested:
    """The articles of files, folders and http(s) addresses, in the order given; a folder in the order of its names.

    One candidate is a file that holds one article, each article of a file that holds several, each item of a feed;
    archives (zip, tar, WARC; gzip) are read as the files and pages in them, one level deep. Whatever a source does to
    its reader, it costs that source alone: it is rejected as UNEXPECTED, with the exception's class and place.
    `articles.height + rejected.height` is the number of candidates. An article that was met before in the same run
    is rejected as DUPLICATE. `publisher` is the outlet of articles that name none. `told` gets each article and each
    rejection as soon as there is one, for whom the whole takes too long. `languages` are the ISO 639 codes that
    the desk reads, `now` becomes `fetched_at`.
    Raises ConfigError for an unknown language code.
    """
    from factcheck import frames

    articles: dict[str, Article] = {}
    rejected: list[Rejection] = []
    notes: list[str] = []
    for candidate in _candidates(sources, now, limits, notes, allow_private_addresses=allow_private_addresses):
        done = _finished(candidate, now=now, languages=languages, limits=limits, publisher=publisher)
        if isinstance(done, Article) and (first := articles.get(done.article_id)):
            done = reject("DUPLICATE", done.source, f"is the same article as {first.source}", done.text)
        if isinstance(done, Rejection):
            rejected.append(done)
        else:
            articles[done.article_id] = done
        told(done)
    return Ingested(
        articles=frames.from_records(Article, articles.values()),
        rejected=frames.from_records(Rejection, rejected),
        warnings=notes + _summary(articles.values()),
    )


def _finished(
    candidate: Candidate, *, now: datetime, languages: Sequence[str], limits: Limits, publisher: str | None
) -> Article | Rejection:
    if isinstance(candidate, Rejection):
        return candidate
    try:
        return finish(candidate, now=now, languages=languages, limits=limits, publisher=publisher)
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - whatever one article does, it costs that article
        return unexpected(error, candidate.source, candidate.text)


def _candidates(
    sources: Sequence[str | Path], now: datetime, limits: Limits, notes: list[str], *, allow_private_addresses: bool
) -> Iterator[Candidate]:
    met: set[str] = set()
    for source in sources:
        if isinstance(source, str) and web.is_meant_as_address(source):
            yield from _from_web(source, now, limits, notes, allow_private_addresses=allow_private_addresses)
        elif isinstance(source, str) and "://" in source:
            scheme = source.partition("://")[0][:_SHOWN]
            yield reject(
                "UNSUPPORTED",
                source,
                f"{scheme}: addresses cannot be read: give a file, a folder, or an http or https address",
            )
        else:
            walked = _walked(source, limits)
            if walked.hidden:
                notes.append(f"{source}: {walked.hidden} hidden files were skipped")
            yield from walked.refused
            for path in walked.files:
                key = str(path.absolute())
                if key in met:
                    notes.append(f"{path}: given twice, read once")
                    continue
                met.add(key)
                yield from _from_file(path, now, limits, notes)


def _walked(source: str | Path, limits: Limits) -> files.Walked:
    try:
        return files.walk(Path(source), limits)
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad name costs that name
        return files.Walked([], [unexpected(error, str(source))], 0)


def _from_file(path: Path, now: datetime, limits: Limits, notes: list[str]) -> Iterator[Candidate]:
    source = storable(str(path))
    try:
        with files.opened(path) as file:
            if archives.kind_of(file.read(archives.HEAD)):
                yield from _from_archive(file, source, now, limits, notes)
                return
            file.seek(0)
            data = files.whole(file, limits)
    except Rejected as error:
        yield _as_rejection(error, source, b"")
        return
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        yield unexpected(error, source)
        return
    yield from _contents(data, source=source, suffix=path.suffix.lower(), now=now, limits=limits)


def _from_web(
    url: str, now: datetime, limits: Limits, notes: list[str], *, allow_private_addresses: bool
) -> Iterator[Candidate]:
    from factcheck.articles import fetch

    try:
        page = fetch.fetch(url, limits, allow_private_addresses=allow_private_addresses)
    except Rejected as error:
        yield _as_rejection(error, url, b"")
        return
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad address costs that address
        yield unexpected(error, url)
        return
    if archives.kind_of(page.data[: archives.HEAD]):
        yield from _from_archive(io.BytesIO(page.data), url, now, limits, notes)
        return
    yield from _contents(
        page.data,
        source=url,
        suffix="",
        now=now,
        limits=limits,
        url=page.url,
        declared=page.charset,
        media_type=page.media_type,
    )


def _from_archive(file: BinaryIO, source: str, now: datetime, limits: Limits, notes: list[str]) -> Iterator[Candidate]:
    """The candidates of each member, called `archive!member`, and of what cannot be read of the archive itself."""
    try:
        for member in archives.members(file, source=source, limits=limits, notes=notes):
            if isinstance(member, Rejection):
                yield member
                continue
            yield from _contents(
                member.data,
                source=storable(f"{source}!{member.name}"),
                suffix=PurePosixPath(member.name).suffix.lower() if member.url is None else "",
                now=now,
                limits=limits,
                url=web_link(member.url).url,
                declared=member.charset,
                media_type=member.media_type,
            )
    except Rejected as error:
        yield _as_rejection(error, source, b"")
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - what was read before stays
        yield unexpected(error, source)


def _contents(data: bytes, *, source: str, **about: Any) -> list[Candidate]:
    """The candidates of one file or page; a rejection of it where it is none, whatever it did to its reader."""
    if archives.kind_of(data[: archives.HEAD]):
        reason = "is an archive in an archive: unpack it and name its folder"
        return [reject("UNSUPPORTED", source, reason)]
    try:
        return candidates(data, source=source, **about)
    except Rejected as error:
        return [_as_rejection(error, source, data)]
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        return [unexpected(error, source, _shown(data))]


def _as_rejection(error: Rejected, source: str, data: bytes) -> Rejection:
    """The rejection of a whole source."""
    reason = ": ".join(filter(None, [error.what, error.hint]))
    return reject(error.reason_code, error.subject or source, reason, _shown(data))


def _shown(data: bytes) -> str | None:
    """The beginning of a rejected source; bytes that are no UTF-8 are shown as escapes."""
    return strip_controls(data[:_SHOWN].decode("utf-8", "backslashreplace"))[0] or None


def _summary(articles: Collection[Article]) -> list[str]:
    seen = len(articles)
    counts = Counter(warning for article in articles for warning in article.warnings)
    return [f"{warning}: in {count} of {seen} articles" for warning, count in sorted(counts.items())]
