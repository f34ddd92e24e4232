"""`factcheck export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck export newsroom-xlsx --as-of 2026-11-week-47")
def export(
    run: Run,
    *,
    what: Annotated[
        str | None,
        typer.Argument(metavar="PROFILE|FORMAT", help="A profile or a format; without it, list them."),
    ] = None,
    as_of: AsOf = None,
    since: Annotated[
        str | None,
        typer.Option(
            help="Say what changed after a version, or after the `last` export; write nothing where nothing did. "
            "`beginning` is before the first version.",
            metavar="last|VERSION|TAG|DATE|beginning",
        ),
    ] = None,
    reader: Annotated[
        str | None,
        typer.Option(help="For whom it is: `--since last` goes by what this reader was given.", metavar="NAME"),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to; without it, `exports.path`.")] = None,
    force: Annotated[bool, typer.Option(help="Replace existing files.")] = False,
) -> Output:
    """Write an export of a committed version; every file names its version."""
    from factcheck.pipeline import export as pipeline

    if what is None:
        known = pipeline.export_names(run.settings)
        width = max(map(len, known))
        lines = [f"{name:<{width}}  {about}" for name, about in known.items()]
        data = {"exports": [{"name": name, "about": about} for name, about in known.items()]}
        return Output(data=data, lines=lines, next_steps=[f"factcheck export {_first(run, list(known))}"])
    with run.working("export"):
        done = pipeline.export(run.settings, what, as_of=as_of, out=out, force=force, since=since, reader=reader)
    if done.unchanged:
        lines = [f"nothing changed from version {done.since} to version {done.version}: no file was written"]
        return Output(data=done.as_dict(), lines=lines, next_steps=["factcheck log"])
    left_out = ", ".join(f"{count:,} {code.lower().replace('_', ' ')}" for code, count in done.left_out.items())
    lines = [
        f"version {done.version}: {done.rows:,} claims of {done.seen:,}"
        + (f"  (left out: {left_out})" if left_out else "")
    ]
    if done.changes is not None:
        told = ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in done.changes.items())
        lines.append(f"since version {done.since}: {told or 'no verdict differs'}")
    lines += [f"  {path}  ({size:,} bytes)" for path, size in done.files]
    lines += [f"  note: {note}" for note in done.notes]
    return Output(
        data=done.as_dict(),
        lines=lines,
        next_steps=[
            "factcheck work   (who has done what, and how long the rest takes)",
            "factcheck release NAME   (publishes the newest version as a folder)",
        ],
    )


def _first(run: Run, known: list[str]) -> str:
    """The export that the desk writes every day, else the first there is."""
    return next((name for name in run.settings.exports.daily if name in known), known[0])
