"""Suggested verdicts that go with a task. They are shown to a checker, and are never votes."""

from __future__ import annotations

import polars as pl

from factcheck.models import canonical_json
from factcheck.studio.page.label_config import VERDICT

VERSION = "earlier-verdicts-1"
"""How suggestions are made; Label Studio keeps it beside each, as `model_version`."""


def predictions(verdicts: pl.DataFrame) -> dict[str, str]:
    """Predictions as JSON by claim id, for the claims that have a verdict already.

    `verdicts` has `claim_id`, `verdict` (null for a claim without one), `agreement` and `policy`, which becomes part of
    the model version: what a policy suggested can be told from what another one did.
    """
    known = verdicts.filter(pl.col("verdict").is_not_null())
    return {
        row["claim_id"]: canonical_json(_prediction(row["verdict"], row["agreement"], row["policy"]))
        for row in known.iter_rows(named=True)
    }


def _prediction(verdict: str, agreement: float | None, policy: str) -> dict[str, object]:
    said = {"from_name": VERDICT, "to_name": "claim", "type": "choices", "value": {"choices": [verdict]}}
    made: dict[str, object] = {"model_version": f"{VERSION} {policy}", "result": [said]}
    return made if agreement is None else made | {"score": agreement}
