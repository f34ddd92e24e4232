"""`factcheck compact`, `vacuum`, `fork`, `restore` and `forget`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck compact")
def compact(run: Run) -> Output:
    """Put the dataset's rows into few files; every version stays as it is."""
    from factcheck.pipeline import maintenance as pipeline
    from factcheck.pipeline.verify import exposed

    counts = pipeline.compact(run.settings, now=run.now)
    lines = [f"{name:<12} {before:,} files → {after:,}" for name, (before, after) in counts.items()]
    lines += exposed(run.settings)
    return Output(data=counts, lines=lines, next_steps=["factcheck vacuum --dry-run"])


@verb(example="factcheck vacuum --dry-run")
def vacuum(
    run: Run,
    *,
    days: Annotated[float, typer.Option(help="Leave younger files alone.", min=0)] = 7,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list them.")] = False,
) -> Output:
    """Delete files that no version needs."""
    from factcheck.pipeline import maintenance as pipeline

    gone = pipeline.vacuum(run.settings, days=days, dry_run=dry_run, now=run.now)
    did = "would go" if dry_run else "deleted"
    return Output(data=gone, lines=[f"{len(gone)} files {did}", *(f"  {path}" for path in gone)])


@verb(example="factcheck fork ../copy --as-of 2026-11-week-47")
def fork(
    run: Run,
    *,
    uri: Annotated[str, typer.Argument(metavar="FOLDER|URI", help="Where the new dataset shall be.")],
    as_of: AsOf = None,
) -> Output:
    """Make a dataset of its own from this one's versions, in which nobody can be found again.

    Claims, verdicts and their order are the same; people's ids, times and version hashes are other ones.
    """
    from factcheck.pipeline import maintenance as pipeline
    from factcheck.pipeline.verify import exposed

    head = pipeline.fork(run.settings, uri, as_of=as_of, now=run.now)
    return Output(
        data={"uri": uri, "version": head},
        lines=[f"{uri} holds versions 1 to {head}", *exposed(run.settings)],
    )


@verb(example="factcheck restore 3")
def restore(
    run: Run,
    *,
    as_of: Annotated[str, typer.Argument(metavar="VERSION|TAG|DATE", help="The version to read as again.")],
) -> Output:
    """Make the dataset read as an earlier version did, as a new version; nothing is taken out of history."""
    from factcheck.pipeline import maintenance as pipeline

    version = pipeline.restore(run.settings, as_of, now=run.now)
    if version is None:
        return Output(data=None, lines=["it reads so already: no version"])
    return Output(
        data=version.model_dump(mode="json"),
        lines=[f"version {version.version} committed: {version.message}"],
        next_steps=[f"factcheck diff {version.version - 1} {version.version}"],
    )


@verb(example="factcheck forget sara@example.org")
def forget(
    run: Run,
    *,
    checker: Annotated[str, typer.Argument(help="The person's e-mail, or annotator id.")],
) -> Output:
    """Erase a person: name, e-mail and user number; their votes stay under an id that says nothing."""
    from factcheck.pipeline import maintenance as pipeline
    from factcheck.pipeline.verify import exposed

    events = pipeline.forget(run.settings, checker, now=run.now)
    lines = [f"erased; {events:,} annotation events keep the opaque id, no verdict changes"]
    lines.append("Label Studio keeps its own account of that person: delete it there too, or whoever goes on working")
    lines.append("with it is written down here as somebody new; copies and backups made before still hold the name")
    lines += exposed(run.settings)
    return Output(data={"events": events}, lines=lines)
