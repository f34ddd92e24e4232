"""What a description of a version says of how it was checked: counts and figures alone, nobody's ids."""

from __future__ import annotations

from factcheck import verdicts
from factcheck.pipeline.desk import Desk
from factcheck.pipeline.rule import standing_votes


def measured(desk: Desk, number: int) -> dict[str, float | None]:
    """How many people's answers stand in a version (`checkers`), and how far they agree (`krippendorff_alpha`).

    The second is None where no claim has two answers.
    """
    votes = standing_votes(desk, f"version:{number}")
    alpha = verdicts.agreement(votes, seed=0, resamples=1).to_dicts()[0]["alpha"]
    return {"checkers": votes["annotator_id"].n_unique(), "krippendorff_alpha": alpha and round(alpha, 4)}
