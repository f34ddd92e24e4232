"""`factcheck init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run
from factcheck.languages import OTHERWISE, Language


@verb(example="factcheck init --name 'Tehran desk' --language fa")
def init(
    run: Run,
    folder: Annotated[
        Path | None, typer.Argument(help="Where to create it; without one, in this folder.", show_default=False)
    ] = None,
    *,
    name: Annotated[str, typer.Option(help="The desk's name as readers know it.")] = "Fact-checking desk",
    language: Annotated[
        Language,
        typer.Option(help="Language of the labels and hints that annotators see."),
    ] = OTHERWISE,
    url: Annotated[str, typer.Option(help="The desk's own web address.")] = "https://example.org",
    force: Annotated[bool, typer.Option(help="Replace an existing factcheck.toml.")] = False,
) -> Output:
    """Create a desk in a folder, this one or a new one: a factcheck.toml with every setting explained."""
    from factcheck.pipeline import init as pipeline

    path = pipeline.init(run.folder / (folder or ""), name=name, language=language, url=url, force=force)
    there = [] if folder is None else [f"cd {shlex.quote(str(path.parent))}"]
    return Output(
        data={"created": str(path)},
        lines=[f"created {path}"],
        next_steps=[*there, "factcheck ingest FOLDER   (articles: text, HTML, feeds; files, folders or URLs)"],
    )
