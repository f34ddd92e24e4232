"""`factcheck compact`, `vacuum`, `fork`, `restore` and `forget`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck compact")
def compact(run: Run) -> Output:
    """Merge the dataset's rows into fewer files; no version changes."""
    from factcheck.pipeline import maintenance as pipeline
    from factcheck.pipeline.verify import exposed

    with run.working("compact"):
        counts = pipeline.compact(run.settings, now=run.now)
    lines = [f"{name:<12} {before:,} files → {after:,}" for name, (before, after) in counts.items()]
    lines += exposed(run.settings)
    tables = [{"table": name, "before": before, "after": after} for name, (before, after) in counts.items()]
    return Output(data={"tables": tables}, lines=lines, next_steps=["factcheck vacuum --dry-run"])


@verb(example="factcheck vacuum --dry-run")
def vacuum(
    run: Run,
    *,
    days: Annotated[float, typer.Option(help="Keep files younger than this.", min=0)] = 7,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list the files.")] = False,
) -> Output:
    """Delete files that no version needs."""
    from factcheck.pipeline import maintenance as pipeline

    gone = pipeline.vacuum(run.settings, days=days, dry_run=dry_run, now=run.now)
    did = "would be deleted" if dry_run else "deleted"
    return Output(
        data={"deleted": not dry_run, "files": gone},
        lines=[f"{len(gone)} files {did}", *(f"  {path}" for path in gone)],
    )


@verb(example="factcheck fork ../copy --as-of 2026-11-week-47")
def fork(
    run: Run,
    *,
    uri: Annotated[str, typer.Argument(metavar="FOLDER|URI", help="Folder or URI of the new dataset.")],
    as_of: AsOf = None,
) -> Output:
    """Copy this dataset's versions into a new, anonymous dataset.

    Claims, verdicts and their order stay the same; people's ids, times and version hashes are new.
    """
    from factcheck.pipeline import maintenance as pipeline
    from factcheck.pipeline.verify import exposed

    with run.working("fork"):
        head = pipeline.fork(run.settings, uri, as_of=as_of, now=run.now)
    return Output(
        data={"uri": uri, "version": head},
        lines=[f"{uri} holds versions 1 to {head}", *exposed(run.settings)],
    )


@verb(example="factcheck restore 3", commits=True)
def restore(
    run: Run,
    *,
    as_of: Annotated[str, typer.Argument(metavar="VERSION|TAG|DATE", help="The version to restore.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")] = False,
) -> Output:
    """Restore an earlier version's content as a new version; nothing is removed from the history."""
    from factcheck.cli.output import announced
    from factcheck.pipeline import maintenance as pipeline

    if dry_run:
        counts = pipeline.plan_restore(run.settings, as_of, now=run.now)
        told = (
            f"would change {counts['claims']:,} claims ({counts['withdrawn']:,} of them withdrawn), "
            f"{counts['answers']:,} answers and {counts['verdicts']:,} verdicts"
        )
        lines = [told if any(counts.values()) else "the dataset already has that content"]
        return Output(data={"version": None, "would_change": counts}, lines=lines)
    with run.working("restore"):
        version = pipeline.restore(run.settings, as_of, now=run.now)
    if version is None:
        nothing = "the dataset already has that content: no version committed"
        return Output(data={"version": None, "would_change": None}, lines=[nothing])
    return Output(
        data={"version": version.model_dump(mode="json", exclude={"cursor"}), "would_change": None},
        lines=[announced(version.version, version.message)],
        next_steps=[f"factcheck diff {version.version - 1} {version.version}"],
    )


@verb(example="factcheck forget sara@example.org", commits=True)
def forget(
    run: Run,
    *,
    checker: Annotated[str, typer.Argument(help="The person's e-mail, or annotator id.")],
) -> Output:
    """Erase a person's name, e-mail and user number; their votes stay under an anonymous id."""
    from factcheck.pipeline import maintenance as pipeline
    from factcheck.pipeline.verify import exposed

    events, was_named = pipeline.forget(run.settings, checker, now=run.now)
    lines = [f"erased; {events:,} annotation events keep the opaque id, no verdict changes"]
    lines.append("Label Studio keeps its own account of that person: delete it there too, or whoever goes on working")
    lines.append("with it is written down here as somebody new; copies and backups made before still hold the name")
    lines += exposed(run.settings)
    if was_named:
        lines.append("readers were shown the name as a checker's: pages that are written from now on do not have it")
    steps = ["factcheck publish", "factcheck export public-site"] if was_named else []
    return Output(data={"events": events, "was_named": was_named}, lines=lines, next_steps=steps)
