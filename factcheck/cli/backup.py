"""`factcheck backup`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck backup /mnt/backups/monday")
def backup(
    run: Run,
    *,
    folder: Annotated[Path, typer.Argument(help="A new folder; with --restore, one that this command made.")],
    restore: Annotated[
        bool, typer.Option("--restore", help="Put the backup into the desk's folder, which has to be empty.")
    ] = False,
) -> Output:
    """Back up the whole desk: settings, dataset, state, secrets, the local Label Studio; or put it back.

    The copy holds passwords and tokens, so keep it private.
    """
    from factcheck.pipeline import backup as pipeline

    if restore:
        about = pipeline.restore(run.folder / folder, run.folder.resolve())
        of = f"version {about.version}" if about.version else "no version"
        data: dict[str, Any] = {"restored": str(folder), "version": about.version, "factcheck": about.factcheck}
        lines = [f"restored {folder} ({of}, made {about.made:%Y-%m-%d %H:%M} UTC by factcheck {about.factcheck})"]
        return Output(data=data, lines=lines, next_steps=["factcheck verify", "factcheck studio up", "factcheck pull"])
    made = pipeline.backup(run.settings, run.folder / folder, now=run.now)
    lines = [f"saved {made.files:,} files ({made.size / 1_000_000:.1f} MB) in {made.folder}"]
    lines += [f"  not in it: {one}" for one in made.missing]
    data = {
        "backup": str(made.folder), "files": made.files, "bytes": made.size, "version": made.version,
        "missing": made.missing,
    }  # fmt: skip
    steps = [f"factcheck --desk NEW backup --restore {made.folder.resolve()}   (to put it back)"]
    return Output(data=data, lines=lines, next_steps=steps)
