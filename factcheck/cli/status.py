"""`factcheck status`."""

from __future__ import annotations

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run


@verb(example="factcheck status")
def status(run: Run) -> Output:
    """Show the state of the desk: articles, claims, tasks, verdicts, versions, the server."""
    from factcheck.pipeline import status as pipeline
    from factcheck.pipeline.rule import NOT_COUNTED

    state = pipeline.status(run.settings)
    rows = {
        "desk": f"{run.settings.desk.name}  ({run.settings.root})",
        "articles": f"{state.articles:,}  ({state.staged_articles:,} staged)",
        "claims": f"{state.claims:,}  ({state.staged_claims:,} staged, {state.groups:,} different, "
        f"{state.worth_checking:,} worth checking)",
        "tasks": f"{state.pushed:,} pushed: {state.open:,} open, {state.done:,} done",
        "verdicts": f"{state.decided:,} decided, {state.contested:,} contested, "
        f"{state.single:,} with too few votes, {state.unproven:,} unproven, {state.not_a_claim:,} not a claim",
        "version": f"{state.version or 'none yet'}  (last pull {run.settings.desk.clock.time(state.last_pull)})",
        "server": f"{state.server_url or 'none'}  {state.server_state}",
    }
    if state.evidence_archived or run.settings.evidence.archive:
        rows["evidence"] = (
            f"{state.evidence_archived:,} addresses archived ({state.evidence_bytes / 1_000_000:.1f} MB), "
            f"{state.evidence_failed:,} failed, {state.evidence_waiting:,} to do"
        )
    lines = [f"{name:<11} {value}" for name, value in rows.items()]
    if state.not_counted:
        lines.append(f"warning     {NOT_COUNTED.format(state.not_counted)}")
    if state.needs_review:
        shown = ", ".join(state.needs_review[:5]) + (" ..." if len(state.needs_review) > 5 else "")  # noqa: PLR2004
        lines.append(
            f"review      {len(state.needs_review):,} claims whose verdict changed wait for an editor: {shown}"
        )
    if state.regroup_due:
        lines.append(f"warning     {state.regroup_due}")
    lines += [f"warning     {sentence}" for sentence in state.evidence_as_text]
    if state.quarantined:
        lines.append(f"quarantine  {state.quarantined:,} inputs quarantined: {state.quarantine_file}")
        lines += [f"  [{item['code']}] {item['subject']}: {item['reason']}" for item in state.quarantine[:5]]
    return Output(data=state.as_dict(), lines=lines, next_steps=state.next_steps)
