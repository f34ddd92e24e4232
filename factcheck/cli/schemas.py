"""`factcheck schemas`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck schemas --folder schemas --force")
def schemas(
    run: Run,
    *,
    folder: Annotated[Path, typer.Option(help="Where to write them.")] = Path("schemas"),
    force: Annotated[bool, typer.Option(help="Replace existing files.")] = False,
) -> Output:
    """Write the JSON Schemas of records, rows, files and answers, and the labeling config."""
    from factcheck.cli.answer_schemas import answer_schemas
    from factcheck.pipeline import schemas as pipeline

    target = folder if folder.is_absolute() else run.folder / folder
    written = pipeline.schemas(target, answer_schemas(), force=force)
    return Output(data={"files": [str(path) for path in written]}, lines=[str(path) for path in written])
