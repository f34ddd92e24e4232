"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Project = Annotated[
    str | None,
    typer.Option(help="Name of one project in factcheck.toml; default: all of them."),
]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="A version number, a tag or a date; write `tag:NAME` if a tag looks like a number or date.",
        metavar="VERSION|TAG|DATE",
    ),
]
