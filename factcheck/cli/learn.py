"""`factcheck learn`."""

from __future__ import annotations

from typing import Annotated

import typer

from factcheck.cli.command import verb
from factcheck.cli.run import Output, Run

_SHOWN = 8


@verb(example="factcheck learn")
def learn(
    run: Run,
    *,
    seed: Annotated[int, typer.Option(help="Seed of the choice of claims held out.", min=0)] = 0,
) -> Output:
    """Learn from the desk's verdicts how much each signal of check-worthiness counts; nothing is used by itself."""
    from factcheck.cli.output import table
    from factcheck.pipeline import learn as pipeline

    with run.working("learn"):
        found = pipeline.learnt(run.settings, seed=seed)
    learnt = found.learnt
    verdict = "better" if learnt.after > learnt.before else "no better"
    lines = [
        f"{learnt.facts:,} claims found to be facts, {learnt.opinions:,} to be opinions",
        f"average precision on claims held out: {learnt.after:.3f}, {verdict} than {learnt.before:.3f} before",
    ]
    moved = sorted(learnt.changes.items(), key=lambda entry: -abs(entry[1][1] - entry[1][0]))[:_SHOWN]
    rows = [{"signal": name, "before": f"{old:+.2f}", "after": f"{new:+.2f}"} for name, (old, new) in moved]
    lines += table(rows, ["signal", "before", "after"], right=["before", "after"])
    lines.append(f"written: {found.setting}")
    steps = [f'amounts = "{found.setting}"   (a line for [claims] in factcheck.toml, to use them)', "factcheck claims"]
    return Output(data=found.as_dict(), lines=lines, next_steps=steps)
