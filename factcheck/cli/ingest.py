"""`factcheck ingest`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.mending import system_user
from factcheck.cli.run import Output, Run


@verb(example="factcheck ingest articles/ https://example.org/news/1.html")
def ingest(
    run: Run,
    *,
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="PATH|URL...", help="Files, folders, archives or URLs.")
    ] = None,
    urls: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help="Also read the web addresses in this file (- for standard input)."),
    ] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FIELD=COLUMN,...",
            help="Columns of a table: text (or claim, claimant), title, publisher, date, url, lang.",
        ),
    ] = None,
    publisher: Annotated[str | None, typer.Option(help="Publisher of the one article given.")] = None,
    date: Annotated[str | None, typer.Option(help="Date of the one article given, in any calendar.")] = None,
    url: Annotated[str | None, typer.Option(help="Web address of the one article given.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the one article given, as an ISO 639 code.")] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Withdraw the claims of an older text even if people voted on them.")
    ] = False,
    keep: Annotated[bool, typer.Option("--keep", help="Keep both texts and say nothing.")] = False,
) -> Output:
    """Read articles from files (text, HTML, feeds, tables, Telegram, WhatsApp, subtitles, DOCX, ODT, PDF) or URLs."""
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError
    from factcheck.pipeline import ingest as pipeline
    from factcheck.pipeline.changed_texts import Choice

    if replace and keep:
        raise UsageError("--replace and --keep contradict each other", subject="ingest", hint="give one of them")
    if not sources and urls is None:
        raise UsageError("nothing to read was given", hint="factcheck ingest FOLDER, or factcheck ingest --urls FILE")
    now = run.now
    addresses: list[str] = []
    if urls == "-":
        if sys.stdin is None:
            raise UsageError("standard input is closed", subject="--urls -", hint="give a file with the addresses")
        addresses = pipeline.listed(sys.stdin.buffer)
    elif urls is not None:
        addresses = pipeline.listed(urls)
    with run.working("ingest") as progress:
        report = pipeline.ingest(
            run.settings,
            sources or [],
            now=now,
            addresses=addresses,
            columns=pipeline.mapping(columns or []),
            given=pipeline.about(publisher=publisher, date=date, url=url, lang=lang, now=now),
            changed=Choice(replace if replace or keep else None, system_user()),
            progress=progress,
        )
    return of_report(report)
