"""`factcheck claim add|edit|split|merge`, `withdraw` and `undo`: claims mended by hand."""

from __future__ import annotations

import getpass
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

if TYPE_CHECKING:
    from factcheck.pipeline.event_commit import How, Mended

_ID = "A claim id, or the start of one; the id of a group means all its appearances."
Claimant = Annotated[str | None, typer.Option(help="Who made the claim.")]
Outlet = Annotated[str | None, typer.Option(help="Who published or broadcast it.")]
Date = Annotated[str | None, typer.Option(help="When it was said, for example 2026-11-22.")]
Context = Annotated[str | None, typer.Option(help="What checkers need to know to understand it.")]
Reason = Annotated[str | None, typer.Option(help="Why; for the desk alone, it is never exported.")]
By = Annotated[str | None, typer.Option(help="Who does it: a name or an e-mail address; default: the system user.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]
Yes = Annotated[bool, typer.Option("--yes", help="Go ahead even if a verdict changes or leaves the exports.")]


@verb(
    example='factcheck claim add "Exports rose by 14 percent." --claimant "the minister" --outlet "Channel 1"',
    commits=True,
)
def add(
    run: Run,
    *,
    text: Annotated[str, typer.Argument(help="The claim's words.")],
    claimant: Claimant = None,
    outlet: Outlet = None,
    date: Date = None,
    url: Annotated[str | None, typer.Option(help="Where it can be seen or heard.")] = None,
    context: Context = None,
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
) -> Output:
    """Add a claim that is in no article: said on television, at a rally."""
    from factcheck.pipeline import mending as pipeline

    facts = pipeline.Facts(claimant, outlet, date, context)
    done = pipeline.add(run.settings, text, facts, url=url, how=_how(by, reason, dry_run=dry_run), now=run.now)
    return _told(done, dry_run=dry_run)


@verb(example='factcheck claim edit clm_1a2b3c4d --text "Exports rose by 14 percent."', commits=True)
def edit(
    run: Run,
    *,
    claim: Annotated[str, typer.Argument(help=_ID)],
    text: Annotated[str | None, typer.Option(help="Its words; a new claim takes its place, without votes.")] = None,
    claimant: Claimant = None,
    outlet: Outlet = None,
    date: Date = None,
    context: Context = None,
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Output:
    """Correct a claim. An empty value takes yours away again: --outlet "" shows the article's outlet."""
    from factcheck.pipeline import mending as pipeline

    facts = pipeline.Facts(claimant, outlet, date, context)
    how = _how(by, reason, dry_run=dry_run, yes=yes)
    return _told(pipeline.edit(run.settings, claim, text, facts, how=how, now=run.now), dry_run=dry_run)


@verb(example='factcheck claim split clm_1a2b3c4d --text "Exports rose." --text "Imports fell."', commits=True)
def split(
    run: Run,
    *,
    claim: Annotated[str, typer.Argument(help=_ID)],
    text: Annotated[list[str] | None, typer.Option(help="The words of one part; give it once a part.")] = None,
    span: Annotated[
        list[str] | None, typer.Option(metavar="START:END", help="One part, in characters of the article.")
    ] = None,
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Output:
    """Make several claims of one; each waits for its own votes."""
    from factcheck.pipeline import mending as pipeline

    how = _how(by, reason, dry_run=dry_run, yes=yes)
    done = pipeline.split(run.settings, claim, text or [], span or [], how=how, now=run.now)
    return _told(done, dry_run=dry_run)


@verb(example="factcheck claim merge clm_1a2b3c4d clm_5e6f7a8b", commits=True)
def merge(
    run: Run,
    *,
    claims: Annotated[list[str], typer.Argument(metavar="CLAIM CLAIM...", help="Ids of claims that say the same.")],
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Output:
    """Make one claim of several, with the votes of all; contested if they had different verdicts."""
    from factcheck.pipeline import mending as pipeline

    how = _how(by, reason, dry_run=dry_run, yes=yes)
    return _told(pipeline.merge(run.settings, claims, how=how, now=run.now), dry_run=dry_run)


@verb(example='factcheck withdraw clm_1a2b3c4d --reason "never said: the clip is satire"', commits=True)
def withdraw(
    run: Run,
    *,
    subject: Annotated[str, typer.Argument(metavar="ARTICLE|CLAIM", help="An article id or a claim id.")],
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Output:
    """Take a claim, or all claims of an article, out of the queue and the exports; nothing is deleted."""
    from factcheck.pipeline import mending as pipeline

    how = _how(by, reason, dry_run=dry_run, yes=yes)
    return _told(pipeline.withdraw(run.settings, subject, how=how, now=run.now), dry_run=dry_run)


@verb(example="factcheck undo --dry-run", commits=True)
def undo(
    run: Run,
    *,
    event: Annotated[str | None, typer.Argument(help="Id of an event; default: the last one that still holds.")] = None,
    reason: Reason = None,
    by: By = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Output:
    """Undo the last change to claims made by add, edit, split, merge or withdraw."""
    from factcheck.pipeline.undo import undo as pipeline

    how = _how(by, reason, dry_run=dry_run, yes=yes)
    return _told(pipeline(run.settings, event, how=how, now=run.now), dry_run=dry_run)


def _how(by: str | None, reason: str | None, *, dry_run: bool, yes: bool = False) -> How:
    from factcheck.pipeline.event_commit import How

    return How((system_user() if by is None else by) or None, reason, dry_run, yes)


def system_user() -> str | None:
    """The name of who runs the command; None where the system has only a number."""
    with suppress(OSError, KeyError, ImportError):
        return getpass.getuser()
    return None


def _told(done: Mended, *, dry_run: bool) -> Output:
    """What was done: each claim, the verdicts that readers will not see as they were, votes, tasks."""
    from factcheck.cli.output import announced
    from factcheck.text import isolate

    if not done.changes:
        return Output(data=done.as_dict(), lines=[f"nothing to change: {', '.join(done.claims)}"])
    lines = [line for row in done.changes for line in _change(row)]
    for row in done.verdicts:
        where = f", now {row['united']}" if row["united"] else ""
        quote = isolate(row["quote"]) if row["quote"] else ""
        lines.append(f"verdict: {row['before']} → {row['after']}{where}  {row['claim_id'][:12]}  {quote}")
    if done.votes:
        lines.append(f"votes: {done.votes:,} stay with the words they were given to")
    if done.tasks:
        names = {"new": "new", "out_of_queue": "leave the queue", "changed": "changed"}
        told = ", ".join(f"{count:,} {names[name]}" for name, count in done.tasks.items())
        lines.append(f"tasks, with the next push: {told}")
    if dry_run:
        return Output(data=done.as_dict(), lines=[*lines, "dry run: nothing was changed"])
    assert done.version is not None
    lines.append(announced(done.version, f"event {done.event}"))
    steps = [*(["factcheck push"] if done.tasks else []), f"factcheck undo {done.event}   (takes it back)"]
    return Output(data=done.as_dict(), lines=lines, next_steps=steps)


def _change(row: dict[str, Any]) -> list[str]:
    from factcheck.text import isolate

    words = {"superseded": " by ", "moved": " to ", "new": ", says the same as ", "back": ", says the same as "}
    more = f"{words.get(row['what'], ' ')}{', '.join(row['by'])}" if row["by"] else ""
    return [f"{row['what']}: {row['claim_id']}{more}", f"  {isolate(row['quote'])}"]
