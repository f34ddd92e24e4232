"""The typer application: every command, and the options that all of them share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck import __version__
from factcheck.cli import (
    articles,
    demo,
    desk,
    doctor,
    exports,
    importing,
    judging,
    keeping,
    migrate,
    releasing,
    schemas,
    studio,
    sync,
    versions,
    watch,
)

app = typer.Typer(
    name="factcheck",
    help="From news articles to checked claims: cut claims out, have people check them in Label Studio, "
    "keep the verdicts in a versioned dataset, export them.",
    epilog="A new desk starts with:  factcheck init",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # it prints local variables, and a token may be one
    rich_markup_mode=None,  # rich help takes 0.4 s of CPU, plain help 0.2 s
)


def _version(value: bool) -> None:
    if value:
        typer.echo(f"factcheck {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    ctx: typer.Context,
    folder: Annotated[
        Path,
        typer.Option("--desk", "-C", help="Folder of the desk (where factcheck.toml is).", envvar="FACTCHECK_DESK"),
    ] = Path(),
    _show_version: Annotated[
        bool,
        typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True),
    ] = False,
) -> None:
    ctx.obj = {"folder": folder}


for room in (
    desk,
    articles,
    studio,
    migrate,
    sync,
    watch,
    doctor,
    versions,
    judging,
    importing,
    exports,
    releasing,
    keeping,
    schemas,
    demo,
):
    room.register(app)
