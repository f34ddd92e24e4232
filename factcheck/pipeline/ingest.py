"""`ingest`: from sources to staged articles."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from factcheck import __version__, web
from factcheck import articles as articles_stage
from factcheck.articles import FIELDS, Given
from factcheck.errors import Rejected, UsageError
from factcheck.models import Report, digest
from factcheck.pipeline.changed_texts import Choice
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.keeping import Keeper
from factcheck.pipeline.languages import without_rules
from factcheck.pipeline.progress import Progress, silent
from factcheck.pipeline.table_claims import add_all
from factcheck.settings import Settings, process_environment, to_articles

_NO_COLUMNS: Mapping[str, str] = {}


def ingest(
    settings: Settings,
    sources: Sequence[str],
    *,
    now: datetime,
    addresses: Sequence[str] = (),
    columns: Mapping[str, str] = _NO_COLUMNS,
    given: Given | None = None,
    publisher: str | None = None,
    languages: Sequence[str] | None = None,
    changed: Choice = Choice(),  # noqa: B008 - a constant
    progress: Progress = silent,
) -> Report:
    """The report of reading `sources` and `addresses` into staging; articles the desk already has are unchanged.

    What was read is kept in batches and when the run is interrupted. One that was killed, or that may read no more
    files, is gone on with by the next run that is asked for the same: a file that it kept, and that has the size and
    time it had, is counted as it was and not read again.
    `columns` name the columns of tables, `given` is about the one article of the sources, `publisher` is the outlet of
    articles that name none, `languages` those the articles may be in (else the desk's). `changed` says what becomes of
    an older text of the same address or path that people have voted on.
    """
    began = time.monotonic()
    desk = Desk(settings)
    notes: list[str] = []
    with desk.workspace.writing("ingest", now=now):
        limited = settings.articles.max_files
        journal = None if given else desk.staging.journal(_key(settings, sources, columns, publisher, languages))
        keeper = Keeper(desk, journal, now, progress)
        try:
            for one in articles_stage.reading(
                sources,
                now=now,
                languages=languages or settings.desk.languages,
                notes=notes,
                addresses=addresses,
                route=_route(settings, [*sources, *addresses]),
                columns=columns,
                given=given,
                publisher=publisher,
                earlier=keeper.earlier,
                max_files=limited,
            ):
                keeper.take(one)
        finally:
            keeper.keep()
        settled = keeper.settle(changed)
        added = add_all(desk, keeper.claims, by=changed.by, now=now)
        keeper.end()
    new = keeper.new + added.new
    return Report(
        stage="ingest",
        seen=keeper.accepted + len(keeper.rejected),
        accepted=keeper.accepted,
        rejected=len(keeper.rejected),
        counts={
            "new": new,
            "unchanged": keeper.accepted - new,
            **({"claims_added": added.new} if added.new else {}),
            **({"replaced": settled.replaced} if settled.replaced else {}),
            **({"kept_beside": settled.kept} if settled.kept else {}),
        },
        rejections=keeper.rejected,
        warnings=[
            *notes,
            *articles_stage.summary(keeper.warnings, keeper.accepted),
            *without_rules(keeper.languages),
            *settled.warnings,
            *added.warnings,
        ],
        version=added.version,
        seconds=time.monotonic() - began,
        next_steps=_next_steps(keeper),
    )


def _key(
    settings: Settings,
    sources: Sequence[str],
    columns: Mapping[str, str],
    publisher: str | None,
    languages: Sequence[str] | None,
) -> str:
    """What a run is asked for, as far as it says what becomes of a file."""
    wanted = list(languages or settings.desk.languages)
    return digest(__version__, list(sources), dict(columns), publisher or "", wanted)


def _next_steps(keeper: Keeper) -> list[str]:
    if not keeper.accepted:
        return ["factcheck ingest FOLDER"]
    return ["factcheck claims"] if keeper.accepted > len(keeper.claims) else ["factcheck push"]


def about(*, publisher: str | None, date: str | None, url: str | None, lang: str | None, now: datetime) -> Given | None:
    """What was said about one article, None where nothing was; raises UsageError for what cannot be so."""
    values = {"publisher": publisher, "date": date, "url": url, "lang": lang}
    if all(value is None for value in values.values()):
        return None
    return articles_stage.given(**values, now=now)


def listed(urls: str | BinaryIO) -> list[str]:
    """The addresses of a list in a file, or in what is typed or piped in.

    Raises Rejected for what is no text or too long, UsageError where it has no address.
    """
    limits, name = articles_stage.Limits(), urls if isinstance(urls, str) else "standard input"
    try:
        data = articles_stage.load(Path(urls), limits) if isinstance(urls, str) else articles_stage.whole(urls, limits)
        found = articles_stage.listed_addresses(data)
    except Rejected as error:
        error.subject = error.subject or name
        raise
    if not found:
        raise UsageError("contains no addresses", subject=name, hint="write one web address on each line")
    return found


def mapping(columns: Sequence[str]) -> dict[str, str]:
    """Columns by field, of `text=body,title=headline`; raises UsageError for another form."""
    found: dict[str, str] = {}
    for part in (part for given in columns for part in given.split(",")):
        field, equals, name = (piece.strip() for piece in part.partition("="))
        if field not in FIELDS or not equals or not name or field in found:
            raise UsageError(
                f"cannot use {part.strip()!r}",
                subject="--columns",
                hint=f"write FIELD=COLUMN, each field once; fields are {', '.join(FIELDS)}",
            )
        found[field] = name
    return found


def _route(settings: Settings, sources: Sequence[str | Path]) -> web.Route:
    """How pages are fetched; without an address there is nothing to fetch, and no certificates are read."""
    if not any(web.is_meant_as_address(str(one)) for one in sources):
        return web.DIRECT
    return to_articles(settings, process_environment())
