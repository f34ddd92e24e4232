"""`factcheck demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck demo --keep")
def demo(
    run: Run,
    *,
    folder: Annotated[Path, typer.Option(help="Folder for everything the demo creates.")] = Path("factcheck-demo"),
    keep: Annotated[bool, typer.Option("--keep", help="Leave Label Studio running, to try it by hand.")] = False,
) -> Output:
    """Show the whole loop on bundled articles, with a real Label Studio and three simulated checkers."""
    from factcheck import demo as room

    done = room.run(folder if folder.is_absolute() else run.folder / folder, keep=keep, say=run.say)
    where = done.folder
    lines = [
        f"done in {sum(done.seconds.values()):.0f} s; the checkers were simulated, everything else was real",
        f"  dataset   {where / 'dataset'}  (versions {', '.join(map(str, done.versions))})",
        f"  exports   {where / 'exports'}  ({len(done.files)} files)",
    ]
    desk = f"factcheck --desk {where}"
    door = f"open {done.url}, log in as {done.email} (password: {done.password_file})"
    steps = [f"{desk} status", f"{desk} log", f"{desk} diff {' '.join(map(str, done.versions))}"]
    steps = (
        [door, *steps, f"{desk} pull   (after you have checked some claims)", f"{desk} studio down"] if keep else steps
    )
    steps += [] if keep else [f"{desk} studio up   (to look around in Label Studio)"]
    data = {
        "folder": str(where),
        "url": done.url,
        "email": done.email,
        "seconds": done.seconds,
        "reports": done.reports,
        "versions": done.versions,
        "diff": done.diff,
        "files": [str(path) for path in done.files],
    }
    return Output(data=data, lines=lines, next_steps=steps)
