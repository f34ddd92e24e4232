"""`factcheck decide`, `queue`, `agreement` and `corrections`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from factcheck.cli.run import Output, Run, verb
from factcheck.cli.versions import AsOf


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""

    @verb(app, example="factcheck decide")
    def decide(
        run: Run,
        *,
        yes: Annotated[bool, typer.Option("--yes", help="Also where many verdicts change or go.")] = False,
    ) -> Output:
        """Decide every claim again by the policy and roster of the settings; what changes is a version."""
        from factcheck import pipeline

        decided = pipeline.decide(run.settings, yes=yes, now=run.now)
        counts = {"new": decided.new, "changed": decided.changed, "withdrawn": decided.withdrawn}
        if decided.version is None:
            return Output(data={"version": None, **counts}, lines=["no verdict differs: no version"])
        number = decided.version.version
        told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
        return Output(
            data=decided.version.model_dump(mode="json") | counts,
            lines=[f"version {number} committed: {decided.version.message}", f"verdicts: {told}"],
            next_steps=[f"factcheck diff {number - 1} {number}"],
        )

    @verb(app, example="factcheck queue")
    def queue(run: Run, *, as_of: AsOf = None) -> Output:
        """List the contested claims, with what was said about them and not who said it."""
        from factcheck import pipeline

        waiting = pipeline.queue(run.settings, as_of=as_of)
        lines = [line for claim in waiting for line in _contested(claim)]
        return Output(
            data=waiting,
            lines=lines or ["nothing is contested"],
            next_steps=["factcheck push --queue   (a lead decides them in Label Studio)"] if waiting else [],
        )

    @verb(app, example="factcheck agreement --by lang")
    def agreement(
        run: Run,
        *,
        by: Annotated[Literal["lang", "week"] | None, typer.Option(help="One row for each language or week.")] = None,
        as_of: AsOf = None,
        seed: Annotated[int, typer.Option(help="Seed of the bootstrap.", min=0)] = 0,
    ) -> Output:
        """Tell how far the annotators agree: Krippendorff's alpha, kappa, with intervals; pairs; questions."""
        from factcheck import pipeline
        from factcheck.cli.output import table

        found = pipeline.agreement(run.settings, by=by, as_of=as_of, seed=seed)
        figures = ["n_claims", "n_votes", "alpha", "alpha_low", "alpha_high", "kappa", "raw"]
        lines = table([found.overall], figures, right=figures)
        if by:
            lines += table(found.groups, [by, *figures], right=figures)
        people = ["annotator_id", "n_votes", "n_shared", "agreement", "low", "high"]
        lines += table(found.annotators, people, right=people[1:])
        lines += [f"question: {row['question']}" for row in found.annotators if row["question"]]
        if found.edited_by_others:
            lines.append(f"{found.edited_by_others} votes were last changed by somebody else than their author")
        return Output(data=found.as_dict(), lines=lines)

    @verb(app, example="factcheck corrections")
    def corrections(run: Run, *, as_of: AsOf = None) -> Output:
        """List every change of a verdict that had been published: date, before, after, reason."""
        from factcheck import pipeline

        changed = pipeline.corrections(run.settings, as_of=as_of)
        lines = [line for row in changed for line in _correction(row)]
        return Output(data=changed, lines=lines or ["no published verdict was ever changed"])


def _contested(claim: dict[str, Any]) -> list[str]:
    votes = [
        f"  {vote['voter']}: {vote['choice']}  {vote['rationale'] or ''}  {' '.join(vote['evidence'] or [])}".rstrip()
        for vote in claim["votes"]
    ]
    return [f"{claim['claim_id'][:12]}  {claim['quote']}", *votes]


def _correction(row: dict[str, Any]) -> list[str]:
    return [
        f"{row['corrected_at']:%Y-%m-%d}  v{row['version']}  {row['before']} → {row['after']}  {row['claim_id'][:12]}",
        f"  {row['quote']}",
        f"  {row['reason'].splitlines()[0] if row['reason'] else 'no reason given'}",
    ]
