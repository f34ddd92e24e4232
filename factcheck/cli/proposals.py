"""`factcheck proposals`."""

from __future__ import annotations

from typing import Any

from factcheck.cli.command import verb
from factcheck.cli.options import AsOf
from factcheck.cli.run import Output, Run


@verb(example="factcheck proposals")
def proposals(run: Run, *, as_of: AsOf = None) -> Output:
    """List the duplicates and better cuts that checkers propose beside their votes, but without names."""
    from factcheck.pipeline import proposals as pipeline

    found = pipeline.proposals(run.settings, as_of=as_of)
    lines = [line for one in found for line in _lines(one)]
    return Output(data={"proposals": found}, lines=lines or ["no proposals"])


def _lines(one: dict[str, Any]) -> list[str]:
    from factcheck.text import isolate

    what = {"same_as": "same as", "corrected_claim": "should read"}[one["kind"]]
    times = f"  ({one['n_answers']} answers)" if one["n_answers"] > 1 else ""
    matches = f"  -> {', '.join(one['matches'])}" if one["matches"] else ""
    return [
        f"{one['claim_id']}  {isolate(one['quote'] or '')}",
        f"  {what}: {isolate(one['proposal'])}{times}{matches}",
        *(f"  {command}" for command in one["commands"]),
    ]
