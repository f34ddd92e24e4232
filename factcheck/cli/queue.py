"""`factcheck queue`."""

from __future__ import annotations

from typing import Any

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.output import said
from factcheck.cli.run import Output, Run
from factcheck.text import isolate


@verb(example="factcheck queue")
def queue(run: Run, *, as_of: AsOf = None) -> Output:
    """List the contested claims with the votes and reasons, but without names."""
    from factcheck.pipeline import queue as pipeline

    waiting = pipeline.queue(run.settings, as_of=as_of)
    lines = [line for claim in waiting for line in _contested(claim)]
    return Output(
        data={"claims": waiting},
        lines=lines or ["no claim is contested"],
        next_steps=_next(run) if waiting else [],
    )


def _next(run: Run) -> list[str]:
    """How a lead comes to decide; without a lead `push --queue` is refused."""
    push = "factcheck push --queue   (a lead decides them in Label Studio)"
    if run.settings.verdicts.leads:
        return [push]
    return ["factcheck studio user add EMAIL --lead   (names who decides: [verdicts] leads)", push]


def _contested(claim: dict[str, Any]) -> list[str]:
    votes = [
        "  ".join(
            (
                f"  {vote['voter']}: {said(vote['choice'], vote['reason'])}",
                isolate(vote["rationale"]) if vote["rationale"] else "",
                "; ".join(isolate(line) for line in vote["evidence"] or []),
            )
        ).rstrip()
        for vote in claim["votes"]
    ]
    return [f"{claim['claim_id'][:12]}  {isolate(claim['quote'])}", *votes]
