"""`factcheck corrections`."""

from __future__ import annotations

from typing import Any

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck corrections")
def corrections(run: Run, *, as_of: AsOf = None) -> Output:
    """List every change of a verdict that had been published: date, before, after, reason."""
    from factcheck.pipeline import corrections as pipeline

    changed = pipeline.corrections(run.settings, as_of=as_of)
    lines = [line for row in changed for line in _correction(row)]
    return Output(data=changed, lines=lines or ["no published verdict has ever changed"])


def _correction(row: dict[str, Any]) -> list[str]:
    return [
        f"{row['corrected_at']:%Y-%m-%d}  v{row['version']}  {row['before']} → {row['after']}  {row['claim_id'][:12]}",
        f"  {row['quote']}",
        f"  {row['reason'].splitlines()[0] if row['reason'] else 'no reason given'}",
    ]
