"""How often an annotator says what the others say, and the weight that follows from it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from factcheck.verdicts.encoding import Coded, code
from factcheck.verdicts.tally import CHOICES, Counts, kinds_in_play, winners

_SHRINK = 10
"""Comparisons at the mean of all annotators that everybody starts with: three claims make nobody an oracle."""
_BOUNDS = (0.01, 0.99)
_UNITS = 1_000_000
"""Weights are whole millionths: sums of whole numbers are exact in any order, so a tie is a tie."""


def reliability(votes: pl.DataFrame) -> pl.DataFrame:
    """One row per annotator, sorted by id: `annotator_id`, `n_votes`, `n_compared`, `n_agreed`, `accuracy`, `weight`.

    Compared are the votes on claims where the other voters have a winner (strict plurality, without the annotator's
    own vote); agreed are those that say the same. `accuracy` is their share, drawn towards the mean of all
    annotators by ten comparisons. `weight` is log(3 accuracy / (1 - accuracy)), with 4 for 3 where anybody voted
    `unproven`, not below 0: the best weight of independent voters on four, or five, choices (Nitzan and Paroush 1982,
    "Optimal decision rules in uncertain dichotomous choice situations", International Economic Review 23(2), for many
    choices as in Grofman, Owen and Feld 1983).
    """
    coded = code(votes)
    compared, agreed = _comparisons(coded)
    accuracy = _accuracy(compared, agreed)
    return pl.DataFrame(
        {
            "annotator_id": coded.annotators,
            "n_votes": np.bincount(coded.annotator, minlength=len(coded.annotators)),
            "n_compared": compared,
            "n_agreed": agreed,
            "accuracy": accuracy,
            "weight": _weights(accuracy, coded) / _UNITS,
        }
    )


def weighted_counts(votes: pl.DataFrame, claim_ids: pl.Series) -> Counts:
    """The summed weights in millionths by claim (sorted `claim_ids`) and choice; weights from all the votes."""
    every = code(votes)
    weight = pl.DataFrame(
        {"annotator_id": every.annotators, "weight": _weights(_accuracy(*_comparisons(every)), every)},
        schema_overrides={"weight": pl.Int64},
    )
    coded = code(votes, claim_ids)
    of_annotator = coded.annotators.to_frame("annotator_id").join(
        weight, on="annotator_id", how="left", maintain_order="left"
    )["weight"]
    cells = coded.claim * len(CHOICES) + coded.choice
    sums = np.bincount(cells, of_annotator.to_numpy()[coded.annotator], len(claim_ids) * len(CHOICES))
    return sums.astype(np.int64).reshape(-1, len(CHOICES))


def _comparisons(coded: Coded) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """By annotator how many votes could be compared with a winner of the others, and how many said the same."""
    others = coded.counts()[coded.claim]
    others[np.arange(len(others)), coded.choice] -= 1
    theirs = winners(others, 1)
    size = len(coded.annotators)
    compared = np.bincount(coded.annotator[theirs >= 0], minlength=size)
    return compared, np.bincount(coded.annotator[theirs == coded.choice], minlength=size)


def _accuracy(compared: npt.NDArray[np.int64], agreed: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    mean = agreed.sum() / compared.sum() if compared.sum() else 0.5
    return np.asarray((agreed + _SHRINK * mean) / (compared + _SHRINK))


def _weights(accuracy: npt.NDArray[np.float64], coded: Coded) -> npt.NDArray[np.int64]:
    bounded = np.clip(accuracy, *_BOUNDS)
    odds = np.log((len(kinds_in_play(coded.choice)) - 1) * bounded / (1 - bounded))
    return np.asarray(np.rint(np.maximum(odds, 0) * _UNITS), np.int64)
