"""`factcheck claims`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.asking import Plan
    from factcheck.pipeline.recut import Again
    from factcheck.pipeline.regroup import Regrouped


@verb(example="factcheck claims --show 10", commits=True)
def claims(
    run: Run,
    *,
    show: Annotated[int, typer.Option(help="Print this many claims, the most check-worthy first.", min=0)] = 5,
    regroup: Annotated[
        bool, typer.Option(help="Regroup all claims by the current rules instead; changes are committed as a version.")
    ] = False,
    html: Annotated[
        Path | None, typer.Option(help="Write the articles, their claims underlined, as a page to this file.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="With --html: replace an existing page.")] = False,
    again: Annotated[
        bool,
        typer.Option(
            help="Cut all articles again by the rules of today; claims that people spoke of stay as they are."
        ),
    ] = False,
    helper: Annotated[
        Literal["llm"] | None,
        typer.Option(help="Also ask the language model of [llm] in factcheck.toml; sends sentences to its address."),
    ] = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="With --regroup or --again: only show what would change; with --helper: what would be sent.",
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help="With --regroup: go ahead even if many verdicts would be lost; with --helper: send unasked."
        ),
    ] = False,
) -> Output:
    """Extract claims from the ingested articles, with claimant and check-worthiness."""
    from factcheck.cli.output import of_report
    from factcheck.errors import UsageError
    from factcheck.pipeline import claims as pipeline
    from factcheck.pipeline.recut import again as cut_again
    from factcheck.pipeline.regroup import regroup as make_groups_anew
    from factcheck.text import isolate

    if regroup and again:
        raise UsageError("two things at once", subject="--regroup --again", hint="run one, then the other")
    if helper and (regroup or again):
        both = f"--helper {'--regroup' if regroup else '--again'}"
        raise UsageError("two things at once", subject=both, hint="run one, then the other")
    if regroup:
        with run.working("claims"):
            found = make_groups_anew(run.settings, dry_run=dry_run, yes=yes, now=run.now)
        return _regrouped(found, dry_run=dry_run)
    if yes and not helper:
        hint = "factcheck claims --regroup --yes"
        raise UsageError("works only with --regroup or --helper", subject="--yes", hint=hint)
    if again:
        with run.working("claims") as progress:
            cut = cut_again(run.settings, dry_run=dry_run, now=run.now, progress=progress)
        return _cut_again(cut, dry_run=dry_run)
    if dry_run and helper:
        plan = pipeline.planned(run.settings)
        return Output(data=plan.as_dict(), lines=[f"would send {plan}"], next_steps=["factcheck claims --helper llm"])
    if dry_run:
        hint = "factcheck claims --again --dry-run"
        raise UsageError("works only with --regroup, --again or --helper", subject="--dry-run", hint=hint)
    with run.working("claims") as progress:
        agree = (lambda plan: _agreed(run, plan, yes=yes)) if helper else None
        report, best = pipeline.claims(
            run.settings, show=show, page=html, force=force, agree=agree, now=run.now, progress=progress
        )
    lines = [
        f"  {row['check_worthiness']:.2f}  {row['claim_id'][:12]}  "
        f"{isolate(row['claimant'] or '–')}: {isolate(row['quote'])}"
        for row in best.iter_rows(named=True)
    ]
    return of_report(report, *lines, *([f"wrote {html}"] if html is not None else []))


def _agreed(run: Run, plan: Plan, *, yes: bool) -> bool:
    """Whether to send what the plan says, which a person is told in any case."""
    run.say(f"sends {plan}")
    if yes or run.json or not sys.stdin.isatty():
        return yes
    return typer.confirm("Send it?", err=True)


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


_SHOWN = 20


def _cut_again(cut: Again, *, dry_run: bool) -> Output:
    """What cutting again changes, claim by claim: those that leave, those told otherwise, those that are new."""
    from factcheck.cli.output import announced, counted
    from factcheck.text import isolate

    told = counted({"retired": len(cut.retired), "updated": len(cut.updated), "new": len(cut.new)})
    lines = [f"{cut.articles:,} {'article' if cut.articles == 1 else 'articles'} cut again: {told}"]
    if cut.held:
        why = "people voted on them, worded or mended them, or a helper cut them"
        lines.append(f"kept although older rules cut them: {cut.held:,} ({why})")
    if cut.left_out:
        lines.append(f"left out because one of those stands at their place: {cut.left_out:,}")
    if cut.failed:
        lines.append(f"articles that could not be read and stay as they are: {cut.failed:,}; see `factcheck status`")
    for what, rows in (("retired", cut.retired), ("updated", cut.updated), ("new", cut.new)):
        lines += [f"  {what}: {row['claim_id'][:12]}  {isolate(row['quote'])}" for row in rows[:_SHOWN]]
        if len(rows) > _SHOWN:
            lines.append(f"  {what}: {len(rows) - _SHOWN:,} more; --json lists all")
    if cut.version:
        lines.append(announced(cut.version, told))
    if dry_run:
        return Output(data=cut.as_dict(), lines=lines, next_steps=["factcheck claims --again"])
    return Output(data=cut.as_dict(), lines=lines, next_steps=["factcheck push --dry-run", "factcheck push"])
