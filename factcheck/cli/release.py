"""`factcheck release`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck release november-2026 --as-of 2026-11-week-47")
def release(
    run: Run,
    *,
    name: Annotated[
        str,
        typer.Argument(help="The release's name; also becomes a tag."),
    ],
    as_of: AsOf = None,
    out: Annotated[Path | None, typer.Option(help="Folder of releases; default: `releases/` in the desk.")] = None,
    signing: Annotated[
        Path | None,
        typer.Option("--sign-with", help="File with an Ed25519 private key (PEM), readable only by you."),
    ] = None,
) -> Output:
    """Publish a version as a folder: Parquet files, manifest with digests, datasheet, signature with your key."""
    from factcheck.cli.output import announced
    from factcheck.pipeline import release as pipeline
    from factcheck.pipeline.verify import exposed

    with run.working("release"):
        made = pipeline.release(run.settings, name, as_of=as_of, out=out, signing_key=signing, now=run.now)
    counts = ", ".join(f"{rows:,} {part}" for part, rows in made.manifest["counts"].items())
    return Output(
        data={"folder": str(made.folder), "manifest": made.manifest},
        lines=[
            announced(made.manifest["version"], f"released in {made.folder}"),
            f"  {counts}",
            *exposed(run.settings),
        ],
        next_steps=[f"factcheck verify {made.folder}"],
    )
