"""`factcheck corrections` and `factcheck history`: what became of verdicts, with and without what no reader saw."""

from __future__ import annotations

from typing import Any

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run

_UNSEEN = "no published verdict has changed: a verdict is published once `factcheck release` has shown it"


@verb(example="factcheck corrections")
def corrections(run: Run, *, as_of: AsOf = None) -> Output:
    """List every change of a published verdict, one that a release has shown: date, before, after, reason."""
    from factcheck.pipeline import corrections as pipeline

    changed = pipeline.corrections(run.settings, as_of=as_of)
    lines = [line for row in changed for line in _change(run, row)]
    return Output(
        data={"changes": changed}, lines=lines or [_UNSEEN], next_steps=[] if lines else ["factcheck history"]
    )


@verb(example="factcheck history")
def history(run: Run, *, as_of: AsOf = None) -> Output:
    """List every change of a verdict or status, published or not: date, before, after, reason."""
    from factcheck.pipeline import corrections as pipeline

    changed = pipeline.history(run.settings, as_of=as_of)
    lines = [line for row in changed for line in _change(run, row)]
    if not lines:
        return Output(data={"changes": changed}, lines=["no verdict has ever changed"])
    seen = len(pipeline.corrections(run.settings, as_of=as_of))
    told = "none of them changed a published verdict"
    if seen:
        told = f"{seen:,} published verdict{'s' if seen > 1 else ''} changed: `factcheck corrections`"
    return Output(data={"changes": changed}, lines=[*lines, told])


def _change(run: Run, row: dict[str, Any]) -> list[str]:
    from factcheck.text import isolate

    where = f"  (published in {row['published_in']})" if row["published_in"] else ""
    when = run.settings.desk.clock.day(row["corrected_at"])
    return [
        f"{when}  v{row['version']}  {row['before']} → {row['after']}  {row['claim_id'][:12]}{where}",
        f"  {isolate(row['quote'] or '')}",
        f"  {isolate(row['reason'].splitlines()[0]) if row['reason'] else 'no reason given'}",
    ]
