"""The verb of this stage: sources in, a frame of articles and a frame of rejections out."""

from __future__ import annotations

import io
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from factcheck import web
from factcheck.articles import archives, files, people, plugged
from factcheck.articles.about import Given
from factcheck.articles.assemble import finish
from factcheck.articles.documents import is_document
from factcheck.articles.draft import Candidate, Draft, Limits, Origin, TableClaim, reject, unexpected
from factcheck.articles.files_read import Earlier, FileRead, FilesLeft, Met, not_known
from factcheck.articles.links import web_link
from factcheck.articles.sniff import candidates, document_candidates
from factcheck.errors import Rejected, Stop, UsageError
from factcheck.models import Article, Rejection
from factcheck.text import storable, strip_controls

if TYPE_CHECKING:
    import polars as pl

Found = Candidate | Met | FileRead | FilesLeft
Read = Article | TableClaim | Rejection | Met | FileRead | FilesLeft
"""What a run of `reading` tells of: what became of a candidate, and how far it is with the files."""

_DEFAULT = Limits()
_NONE: Mapping[str, str] = {}
_LARGE = frozenset({".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".tab", ".parquet", ".pdf"})
_SHOWN = 500  # bytes of a rejected source that are kept beside the reason
_OF_ALIAS = 65_536  # bytes of a chat that its alias is made of


class Ingested(NamedTuple):
    """`articles` (columns of Article) + `rejected` (columns of Rejection) are all candidates that were seen."""

    articles: pl.DataFrame
    rejected: pl.DataFrame
    warnings: list[str]


@dataclass(frozen=True)
class _Plan:
    """How all sources of a run are read."""

    now: datetime
    limits: Limits
    columns: Mapping[str, str]
    notes: list[str]
    allow_private_addresses: bool
    route: web.Route
    earlier: Earlier
    max_files: int | None

    def origin(self, source: str, **about: Any) -> Origin:
        """The origin of one file or page."""
        return Origin(source=source, now=self.now, limits=self.limits, columns=self.columns, notes=self.notes, **about)


def read(
    sources: Sequence[str | Path],
    *,
    now: datetime,
    languages: Sequence[str],
    limits: Limits = _DEFAULT,
    allow_private_addresses: bool = False,
    route: web.Route = web.DIRECT,
    columns: Mapping[str, str] = _NONE,
    given: Given | None = None,
    publisher: str | None = None,
) -> Ingested:
    """All that `reading` finds, at once."""
    from factcheck import frames

    notes: list[str] = []
    articles: list[Article] = []
    rejected: list[Rejection] = []
    for one in reading(
        sources,
        now=now,
        languages=languages,
        notes=notes,
        limits=limits,
        allow_private_addresses=allow_private_addresses,
        route=route,
        columns=columns,
        given=given,
        publisher=publisher,
    ):
        if isinstance(one, Rejection):
            rejected.append(one)
        elif isinstance(one, Article | TableClaim):
            articles.append(one.article if isinstance(one, TableClaim) else one)
    return Ingested(
        articles=frames.from_records(Article, articles),
        rejected=frames.from_records(Rejection, rejected),
        warnings=notes + summary(Counter(code for one in articles for code in one.warnings), len(articles)),
    )


def reading(
    sources: Sequence[str | Path],
    *,
    now: datetime,
    languages: Sequence[str],
    notes: list[str],
    addresses: Sequence[str] = (),
    limits: Limits = _DEFAULT,
    allow_private_addresses: bool = False,
    route: web.Route = web.DIRECT,
    columns: Mapping[str, str] = _NONE,
    given: Given | None = None,
    publisher: str | None = None,
    earlier: Earlier = not_known,
    max_files: int | None = None,
) -> Iterator[Read]:
    """The articles of files, folders and http(s) addresses, in the order given; a folder in the order of its names.

    One candidate is a file that holds one article, each article of a file that holds several, each item of a feed,
    row of a table and message of an export; archives (zip, tar, WARC; gzip) are read as the files and pages in them,
    one level deep. Each is yielded once, as what it became, when it has been read; `notes` get what there is to say.
    Whatever a source does to its reader, it costs that source alone: it is rejected as UNEXPECTED, with the
    exception's class and place. A row of a table of claims is a claim and no article.
    An article that was met before in the same run is rejected as DUPLICATE.
    `addresses` come after the sources; what is no address there is rejected and never read as a file's name.
    `languages` are the ISO 639 codes that the desk reads, `now` becomes `fetched_at`, `columns` name the columns of
    tables by field, `given` is what somebody said about the one article of the sources, `publisher` is the outlet of
    articles that name none.
    Before the first and after the last candidate of a file of the disk comes a `FileRead`. What `earlier` says of a
    file stands for reading it; at most `max_files` are read in one run, and the last that comes is how many are left.
    Raises ConfigError for an unknown language code, UsageError where `given` is not about one article.
    """
    met: dict[str, str] = {}
    plan = _Plan(now, limits, columns, notes, allow_private_addresses, route, earlier, max_files)
    found: Iterable[Found] = itertools.chain(_candidates(sources, plan), _listed(addresses, plan))
    for candidate in found if given is None else _about_one(list(found), given):
        if isinstance(candidate, Met):
            met[candidate.article_id] = candidate.source
        if isinstance(candidate, Met | FileRead | FilesLeft):
            yield candidate
            continue
        done = _finished(candidate, now=now, languages=languages, limits=limits, publisher=publisher)
        of_claims = candidate if isinstance(candidate, Draft) and candidate.is_claim else None
        if isinstance(done, Article):
            if first := met.get(done.article_id):
                what = "claim" if of_claims else "article"
                done = reject("DUPLICATE", done.source, f"is the same {what} as {first}", done.text)
            else:
                met[done.article_id] = done.source
        if of_claims and isinstance(done, Article):
            yield TableClaim(done, of_claims.publisher or publisher, of_claims.claimant)
        else:
            yield done


def _about_one(found: list[Found], given: Given) -> list[Found]:
    """The candidates, of which one is an article, with what was said about it."""
    drafts = [one for one in found if isinstance(one, Draft)]
    if len(drafts) > 1:
        raise UsageError(
            f"the sources hold {len(drafts)} articles, and --publisher, --date, --url and --lang are about one",
            hint="give one file, or write the same as header lines or columns; nothing was read",
        )
    return [given.put(one) if isinstance(one, Draft) else one for one in found]


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


def _candidates(sources: Sequence[str | Path], plan: _Plan) -> Iterator[Found]:
    files_of = _Files(plan)
    for source in sources:
        if isinstance(source, str) and web.is_meant_as_address(source):
            yield from _from_web(source, plan)
        elif isinstance(source, str) and "://" in source:
            scheme = source.partition("://")[0][:_SHOWN]
            yield reject(
                "UNSUPPORTED",
                source,
                f"{scheme}: addresses cannot be read: give a file, a folder, or an http or https address",
            )
        else:
            walked = _walked(source)
            if walked.hidden:
                plan.notes.append(f"{source}: {walked.hidden} hidden files were skipped")
            yield from walked.refused
            for path in walked.files:
                yield from files_of.candidates(path)
    if files_of.left:
        plan.notes.append(f"{files_of.left:,} files are left: run the same command again to go on")
        yield FilesLeft(files_of.left)


class _Files:
    """The files of a run, each read once, as many of them as it may read."""

    def __init__(self, plan: _Plan) -> None:
        self.left = 0
        self._plan = plan
        self._read = 0
        self._met: set[str] = set()

    def candidates(self, path: Path) -> Iterator[Found]:
        plan, key = self._plan, str(path.absolute())
        if key in self._met:
            plan.notes.append(f"{path}: given twice, read once")
            return
        self._met.add(key)
        file = files.read_as(path)
        if (known := None if file is None else plan.earlier(file)) is not None:
            yield from known
            return
        if self._read == plan.max_files:
            self.left += 1
            return
        self._read += 1
        if file is None:
            yield from _from_file(path, plan)
            return
        noted = len(plan.notes)
        yield file._replace(begins=True)
        yield from _from_file(path, plan)
        yield file._replace(is_plain=len(plan.notes) == noted and files.read_as(path) == file)


def _listed(addresses: Sequence[str], plan: _Plan) -> Iterator[Candidate]:
    for address in dict.fromkeys(addresses):
        if web.is_meant_as_address(address):
            yield from _from_web(address, plan)
        else:
            yield reject("ADDRESS", address[:_SHOWN], "is not a web address: write it as https://host/page")
    if again := len(addresses) - len(set(addresses)):
        plan.notes.append(f"{again} addresses were listed twice and read once")


def _walked(source: str | Path) -> files.Walked:
    try:
        return files.walk(Path(source))
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad name costs that name
        return files.Walked([], [unexpected(error, str(source))], 0)


def _from_file(path: Path, plan: _Plan) -> Iterator[Candidate]:
    suffix, private = path.suffix.lower(), people.is_named_so(path.name)
    origin = plan.origin("chat" if private else storable(str(path)), suffix=suffix, private=private)
    try:
        with files.opened(path) as file:
            head = file.read(max(archives.HEAD, _OF_ALIAS if private else 0))
            kind = archives.kind_of(head[: archives.HEAD])
            file.seek(0)
            if private:
                origin = replace(origin, source=people.alias(head, suffix))
            added = plugged.reader(origin) is not None
            if not added and kind == "zip" and is_document(file):
                yield from _document(file, origin)
                return
            if not added and kind:
                yield from _from_archive(file, origin, plan)
                return
            data = files.whole(file, plan.limits, most=_most(origin, plan.limits))
    except Rejected as error:
        yield _as_rejection(error, origin, b"")
        return
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        yield unexpected(error, origin.source)
        return
    yield from _contents(data, origin)


def _from_web(url: str, plan: _Plan) -> Iterator[Candidate]:
    from factcheck.articles import fetch

    try:
        page = fetch.fetch(url, plan.limits, allow_private_addresses=plan.allow_private_addresses, route=plan.route)
    except Rejected as error:
        yield _as_rejection(error, plan.origin(url), b"")
        return
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad address costs that address
        yield unexpected(error, url)
        return
    origin = plan.origin(url, url=page.url, declared=page.charset, media_type=page.media_type)
    file = io.BytesIO(page.data)
    kind = archives.kind_of(page.data[: archives.HEAD])
    if kind == "zip" and is_document(file):
        yield from _document(file, origin)
    elif kind:
        yield from _from_archive(file, origin, plan)
    else:
        yield from _contents(page.data, origin)


def _from_archive(file: BinaryIO, origin: Origin, plan: _Plan) -> Iterator[Candidate]:
    """The candidates of each member, called `archive!member`, and of what cannot be read of the archive itself."""
    try:
        found = archives.members(file, source=origin.source, limits=plan.limits, notes=plan.notes)
        for number, member in enumerate(found, 1):
            called = member.subject.partition("!")[2] if isinstance(member, Rejection) else member.name
            private = origin.private or people.is_named_so(called.rpartition("/")[2])
            named = storable(f"{origin.source}!{number if private else called}")
            if isinstance(member, Rejection):
                yield member.model_copy(update={"subject": named, "payload": None}) if private else member
                continue
            inner = plan.origin(
                named,
                private=private,
                suffix=PurePosixPath(member.name).suffix.lower() if member.url is None else "",
                url=web_link(member.url).url,
                declared=member.charset,
                media_type=member.media_type,
            )
            yield from _contents(member.data, inner)
    except Rejected as error:
        yield _as_rejection(error, origin, b"")
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - what was read before stays
        yield unexpected(error, origin.source)


def _document(file: BinaryIO, origin: Origin) -> list[Candidate]:
    """The candidates of an office document, which is a zip and no archive."""
    return _guarded(lambda: document_candidates(file, origin), origin, b"")


def _contents(data: bytes, origin: Origin) -> list[Candidate]:
    """The candidates of one file or page; a rejection of it where it is none, whatever it did to its reader."""
    if added := plugged.reader(origin):
        return _guarded(lambda: added(data, origin), origin, data)
    kind = archives.kind_of(data[: archives.HEAD])
    if kind == "zip" and is_document(file := io.BytesIO(data)):
        return _document(file, origin)
    if kind:
        reason = "is an archive in an archive: unpack it and name its folder"
        return [reject("UNSUPPORTED", origin.source, reason)]
    return _guarded(lambda: candidates(data, origin), origin, data)


def _guarded(work: Callable[[], list[Candidate]], origin: Origin, data: bytes) -> list[Candidate]:
    try:
        return work()
    except Rejected as error:
        return [_as_rejection(error, origin, data)]
    except Stop:
        raise  # the desk is wrong, not this input
    except Exception as error:  # noqa: BLE001 - one bad file costs that file
        return [unexpected(error, _called(origin, data), _shown(origin, data))]


def _most(origin: Origin, limits: Limits) -> int:
    """How many bytes a file of this name may have: those that hold many articles more than a single one."""
    return limits.max_export if origin.suffix in _LARGE else limits.max_bytes


def _as_rejection(error: Rejected, origin: Origin, data: bytes) -> Rejection:
    """The rejection of a whole source."""
    reason = ": ".join(filter(None, [error.what, error.hint]))
    # A reader that calls the source by another name has a reason to keep its content to itself.
    shown = None if error.subject else _shown(origin, data)
    return reject(error.reason_code, error.subject or _called(origin, data), reason, shown)


def _called(origin: Origin, data: bytes) -> str:
    """The source's name, or an alias where it turned out to be a chat."""
    return people.alias(data, origin.suffix) if not origin.private and people.is_chat(data) else origin.source


def _shown(origin: Origin, data: bytes) -> str | None:
    """The beginning of a rejected source; bytes that are no UTF-8 are shown as escapes, nothing that holds people."""
    if origin.private or people.may_hold(origin.suffix, data):
        return None
    return strip_controls(data[:_SHOWN].decode("utf-8", "backslashreplace"))[0] or None


def summary(counts: Mapping[str, int], seen: int) -> list[str]:
    """How many of the articles have each warning."""
    return [f"{warning}: in {count} of {seen} articles" for warning, count in sorted(counts.items())]
