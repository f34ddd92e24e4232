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
        help="A version number, a tag, a date, `yesterday` or `7d`; write `tag:NAME` if a tag looks like another.",
        metavar="VERSION|TAG|DATE",
    ),
]

Since = Annotated[
    str | None,
    typer.Option(
        "--since",
        help="Only what came after this version, tag or date; `7d` and `yesterday` count from now.",
        metavar="VERSION|TAG|DATE",
    ),
]
