"""`factcheck evidence list` and `factcheck evidence read`: the desk's own copies of evidence."""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

_OFF = "[evidence] archive is false in factcheck.toml: pulls archive nothing"


@verb(example="factcheck evidence list")
def list_(run: Run) -> Output:
    """List the addresses of evidence that were archived, and those that could not be."""
    from factcheck.cli.output import table
    from factcheck.pipeline import evidence as pipeline
    from factcheck.text import isolate

    found = pipeline.kept(run.settings)
    rows = [
        {
            "state": one["state"],
            "when": run.settings.desk.clock.time(_moment(one["at"])),
            "size": f"{one['size']:,}" if one["size"] else "",
            "address": isolate(one["address"]),
            "what": one["media_type"] if one["state"] == "archived" else one["reason"],
        }
        for one in found
    ]
    lines = table(rows, ["state", "when", "size", "address", "what"], right=["size"]) if rows else ["nothing archived"]
    if not run.settings.evidence.archive:
        lines.append(_OFF)
    first = next((one["address"] for one in found if one["state"] == "archived"), None)
    return Output(
        data={"addresses": found},
        lines=lines,
        next_steps=[f"factcheck evidence read {shlex.quote(first)} --out page.html"] if first else [],
    )


@verb(example="factcheck evidence read https://stats.example/t2 --out t2.html")
def read(
    run: Run,
    *,
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="An address as `evidence list` shows it.")],
    out: Annotated[Path, typer.Option(help="File to write the page to; only you can read it.")],
    force: Annotated[bool, typer.Option(help="Replace an existing file.")] = False,
) -> Output:
    """Write the archived copy of a page to a file, as it was on the day it was fetched."""
    from factcheck.pipeline import evidence as pipeline

    page = pipeline.read(run.settings, address, out, force=force)
    lines = [
        f"{page.path}  ({page.size:,} bytes, {page.media_type or 'no media type'})",
        f"  fetched {run.settings.desk.clock.time(page.at)} from {page.url}, {page.digest}",
    ]
    return Output(data=page._asdict(), lines=lines)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
