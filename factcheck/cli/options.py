"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

Project = Annotated[
    str | None,
    typer.Option(help="Name of one project of factcheck.toml; without it, all of them."),
]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="A version number, a tag, or a date; `tag:NAME` where both could be meant.",
        metavar="VERSION|TAG|DATE",
    ),
]
