"""`factcheck claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.regroup import Regrouped


@verb(example="factcheck claims --show 10")
def claims(
    run: Run,
    *,
    show: Annotated[int, typer.Option(help="Print this many claims, the most check-worthy first.", min=0)] = 5,
    regroup: Annotated[
        bool, typer.Option(help="Regroup all claims by the current rules instead; changes are committed as a version.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --regroup: only show what would change.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --regroup: go ahead even if many verdicts would be lost.")
    ] = False,
) -> Output:
    """Extract claims from the ingested articles, with claimant and check-worthiness."""
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError
    from factcheck.pipeline import claims as pipeline
    from factcheck.pipeline.regroup import regroup as make_groups_anew
    from factcheck.text import isolate

    if regroup:
        with run.working("claims"):
            found = make_groups_anew(run.settings, dry_run=dry_run, yes=yes, now=run.now)
        return _regrouped(found, dry_run=dry_run)
    if dry_run or yes:
        option = "--dry-run" if dry_run else "--yes"
        raise UsageError("works only with --regroup", subject=option, hint=f"factcheck claims --regroup {option}")
    with run.working("claims") as progress:
        report, best = pipeline.claims(run.settings, show=show, now=run.now, progress=progress)
    lines = [
        f"  {row['check_worthiness']:.2f}  {row['claim_id'][:12]}  "
        f"{isolate(row['claimant'] or '–')}: {isolate(row['quote'])}"
        for row in best.iter_rows(named=True)
    ]
    return of_report(report, *lines)


def _regrouped(found: Regrouped, *, dry_run: bool) -> Output:
    """What making the groups anew changes: verdicts that fall, claims that wait for votes again, groups."""
    from factcheck.cli.output import announced
    from factcheck.text import isolate

    if not found.moved:
        return Output(data=found.as_dict(), lines=["every claim is already in the right group: nothing to do"])
    groups = len({row["was"] for row in found.moved})
    told = f"{len(found.moved):,} claims in {groups:,} groups change their group"
    lines = [f"{told}; the {found.votes:,} answers of these groups stay with the claims they were given to"]
    for row in found.fell:
        united = f"; now one claim with {row['united'][:12]}, which has a verdict" if row["united"] else ""
        quote = isolate(row["quote"]) if row["quote"] else ""
        lines.append(f"  lost: {row['before']} → {row['after']}  {row['claim_id'][:12]}  {quote}{united}")
    lines += [f"  unreviewed: {row['claim_id'][:12]}  {isolate(row['quote'])}" for row in found.apart]
    if dry_run:
        return Output(data=found.as_dict(), lines=lines, next_steps=["factcheck claims --regroup"])
    if found.version:
        lines.append(announced(found.version, told))
    steps = ["factcheck push   (updates the tasks)", "factcheck corrections"]
    if found.version and found.version > 1:
        steps.append(f"factcheck diff {found.version - 1} {found.version}")
    return Output(data=found.as_dict(), lines=lines, next_steps=steps)
